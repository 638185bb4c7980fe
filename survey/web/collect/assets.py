"""What every respondent's page carries in itself: its style and its script, with their digests."""

from __future__ import annotations

import base64
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

import rjsmin
from flask import current_app

from survey.web.headers import policy


@lru_cache(maxsize=1)
def style() -> str:
    """Return the style of every respondent page, as it stands in the page."""
    return dense(_read("collect.css"))


@lru_cache(maxsize=1)
def script() -> str:
    """Return the script of every respondent page, as it stands in the page."""
    return str(rjsmin.jsmin(_read("collect.js")))


@lru_cache(maxsize=1)
def page_policy() -> str:
    """Return the policy that allows our own inline style and script, and what is loaded on tap."""
    return policy(
        style_src=_digest(style()),
        script_src=f"{_digest(script())} 'self'",
        img_src="data:",
        connect_src="'self'",
        media_src="'self'",
    )


def dense(text: str) -> str:
    """Return *text* without what only its reader in the source needs: indents and empty lines."""
    return "\n".join(line for line in map(str.strip, text.splitlines()) if line)


def _read(name: str) -> str:
    return (Path(str(current_app.static_folder)) / name).read_text("utf-8")


def _digest(text: str) -> str:
    return f"'sha256-{base64.b64encode(sha256(text.encode()).digest()).decode()}'"
