"""The cookie by which a browser is known again when its person signs in (`storage.devices`).

It goes to the pages under /staff/ alone, is set only after a whole sign-in, and is signed, so that
the database is not asked about tokens that this service never gave.
"""

from __future__ import annotations

from flask import Response, current_app, request
from itsdangerous import BadSignature, URLSafeSerializer

from survey.storage.devices import KNOWN_FOR
from survey.web.installation import is_secure

COOKIE = "device"
PATH = "/staff/"


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(str(current_app.secret_key), salt="known device")


def token() -> str:
    """Return the token that this browser was given, or "" for a stranger."""
    try:
        return str(_signer().loads(request.cookies.get(COOKIE, "")))
    except BadSignature:
        return ""


def keep(response: Response, new: str) -> Response:
    """Let the browser keep its *new* token."""
    response.set_cookie(
        COOKIE,
        _signer().dumps(new),
        max_age=KNOWN_FOR,
        path=PATH,
        secure=is_secure(),
        httponly=True,
        samesite="Strict",
    )
    return response
