"""The settings of an installation: defaults, then SURVEY_* from the environment.

docs/operate.md lists every setting. Production mode refuses what is only good for trying out.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from click import ClickException
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

PREFIX = "SURVEY_"
DEMO_FILE = "demo.txt"
"""Where the demonstration keeps its passwords, in the instance folder."""


class Settings(BaseModel):
    """One installation's settings; each is SURVEY_ and its name in capitals."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    instance_path: Path
    database_url: str = ""
    secret_key: str = ""
    base_address: str = ""
    office: str = "市委组织部"
    timezone: str = "Asia/Shanghai"
    language: Literal["zh", "en"] = "zh"
    two_person: bool = True
    production: bool = False
    testing: bool = False
    key_folder: Path = Path("keys")
    key_cost: Literal["moderate", "minimum"] = "moderate"
    keep_months: int = Field(default=36, ge=1, le=120)
    upload_limit: int = Field(default=20 * 1024 * 1024, ge=1024)
    proof_limit: int = Field(default=10 * 1024 * 1024, ge=1024)
    proof_total: int = Field(default=200 * 1024 * 1024, ge=1024)

    @field_validator("base_address")
    @classmethod
    def _base(cls, value: str) -> str:
        if value and not value.startswith(("http://", "https://")):
            raise ValueError("must begin with https:// (or http:// for a trial)")
        return value.rstrip("/")

    @field_validator("timezone")
    @classmethod
    def _zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise ValueError("is no time zone, such as Asia/Shanghai") from error
        return value

    @property
    def keys(self) -> Path:
        """The folder of the rounds' keys; keep it out of every backup (docs/security.md)."""
        return self.instance_path / self.key_folder

    @property
    def proofs(self) -> Path:
        """The folder of the proof files of the village files; no web server looks into it."""
        return self.instance_path / "proofs"

    @property
    def database(self) -> str:
        """The address of the database: SQLite in the instance folder unless one is given."""
        if not self.database_url:
            return f"sqlite:///{self.instance_path / 'survey.sqlite'}"
        return self.database_url.replace("postgresql://", "postgresql+psycopg://", 1)

    @property
    def zone(self) -> ZoneInfo:
        """The office's time zone."""
        return ZoneInfo(self.timezone)


class SettingsError(ClickException):
    """A setting is wrong; the message names it and says what it should be."""


def load(instance_path: Path, overrides: Mapping[str, Any] | None = None) -> Settings:
    """Return the settings from the environment and *overrides*; raises `SettingsError`."""
    values: dict[str, Any] = {
        name: os.environ[f"{PREFIX}{name.upper()}"]
        for name in Settings.model_fields
        if name != "instance_path" and os.environ.get(f"{PREFIX}{name.upper()}")
    }
    values = {"instance_path": instance_path} | values | dict(overrides or {})
    try:
        settings = Settings.model_validate(values)
    except ValidationError as error:
        faults = "; ".join(
            f"{PREFIX}{'.'.join(map(str, fault['loc'])).upper()}: {fault['msg']}"
            for fault in error.errors()
        )
        raise SettingsError(faults) from error
    if "proof_limit" not in settings.model_fields_set:
        most = min(settings.proof_limit, settings.upload_limit)
        settings = settings.model_copy(update={"proof_limit": most})
    if settings.proof_limit > settings.upload_limit:
        raise SettingsError(
            "SURVEY_PROOF_LIMIT must not be larger than SURVEY_UPLOAD_LIMIT: "
            "such a file would never arrive"
        )
    if settings.production:
        _refuse_trial_settings(settings)
    return settings


def _refuse_trial_settings(settings: Settings) -> None:
    if len(settings.secret_key) < 32:
        raise SettingsError("SURVEY_SECRET_KEY must be given, 32 characters or more, in production")
    if settings.key_cost != "moderate":
        raise SettingsError("SURVEY_KEY_COST must be left at moderate in production")
    if settings.base_address and not settings.base_address.startswith("https://"):
        raise SettingsError("SURVEY_BASE_ADDRESS must begin with https:// in production")
    if (settings.instance_path / DEMO_FILE).exists():
        raise SettingsError(
            "the demonstration and its passwords are in this instance folder: set "
            "SURVEY_INSTANCE_PATH to a new one in production"
        )


def secret_key(settings: Settings) -> str:
    """Return the key that signs sessions: the given one, or one made once for this instance."""
    if settings.secret_key:
        return settings.secret_key
    settings.instance_path.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = settings.instance_path / "secret_key"
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text()
    with os.fdopen(descriptor, "w") as file:
        file.write(key := secrets.token_hex(32))
    return key
