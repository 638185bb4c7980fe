"""Settings: what an installation may be told, and what is refused before it serves anybody."""

import stat
from pathlib import Path

import pytest

from survey import config, create_app
from survey.config import SettingsError

SAFE = {"production": True, "secret_key": "x" * 32, "base_address": "https://ping.example.org"}


def test_settings_come_from_the_environment(monkeypatch, tmp_path):
    monkeypatch.setenv("SURVEY_OFFICE", "The office")
    monkeypatch.setenv("SURVEY_SECRET_KEY", "12345678")
    settings = config.load(tmp_path)
    assert settings.office == "The office"
    assert settings.secret_key == "12345678", "a key of digits stays text"


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"secret_key": "short"}, "SURVEY_SECRET_KEY"),
        ({"secret_key": ""}, "SURVEY_SECRET_KEY"),
        ({"key_cost": "minimum"}, "SURVEY_KEY_COST"),
        ({"base_address": "http://ping.example.org"}, "SURVEY_BASE_ADDRESS"),
        ({"timezone": "Mars/North"}, "SURVEY_TIMEZONE"),
        ({"base_address": "ping.example.org"}, "SURVEY_BASE_ADDRESS"),
    ],
)
def test_what_is_unsafe_is_refused_in_production(tmp_path, change, named):
    with pytest.raises(SettingsError, match=named):
        config.load(tmp_path, SAFE | change)


def test_a_proof_that_could_never_arrive_is_not_promised(tmp_path):
    with pytest.raises(SettingsError, match="SURVEY_PROOF_LIMIT"):
        config.load(tmp_path, SAFE | {"proof_limit": 4096, "upload_limit": 2048})


def test_a_smaller_upload_limit_is_the_proof_s_too_where_nobody_said_otherwise(tmp_path):
    assert config.load(tmp_path, SAFE | {"upload_limit": 2048}).proof_limit == 2048


def test_a_demonstration_is_not_served_in_production(tmp_path):
    config.load(tmp_path, SAFE)
    (tmp_path / config.DEMO_FILE).write_text("person admin secret")
    with pytest.raises(SettingsError, match="SURVEY_INSTANCE_PATH"):
        config.load(tmp_path, SAFE)


def test_a_relative_instance_path_is_taken_from_here(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SURVEY_INSTANCE_PATH", "here")
    app = create_app({"testing": True})
    assert Path(app.instance_path) == tmp_path / "here"


def test_the_instance_folder_and_its_key_are_private(tmp_path):
    settings = config.load(tmp_path / "new")
    key = config.secret_key(settings)
    assert config.secret_key(settings) == key
    assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o700
    assert stat.S_IMODE((tmp_path / "new" / "secret_key").stat().st_mode) == 0o600


def test_an_address_of_postgresql_gets_its_driver(tmp_path):
    settings = config.load(tmp_path, {"database_url": "postgresql://user@host/base"})
    assert settings.database == "postgresql+psycopg://user@host/base"
