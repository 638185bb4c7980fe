"""Papers sent to the browser of the staff: whom they are for, and how they are named."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote

from flask import Response, stream_with_context
from flask_babel import force_locale, gettext

from survey.papers import Reader
from survey.web import i18n
from survey.web.headers import policy
from survey.web.installation import settings

_VIEWER = policy(object_src="'self'", style_src="'unsafe-inline'", img_src="'self'")
"""What the browser's own viewer puts around a PDF; there is no page of ours in it."""


def reader(language: str | None = None) -> Reader:
    """Return the reader of a paper in *language*, or in the language of the page."""
    wanted = language or i18n.language()

    def translate(message: str) -> str:
        with force_locale(wanted):
            return gettext(message)

    return Reader(wanted, translate, settings().two_person)


def send_pdf(content: bytes, name: str) -> Response:
    """Return *content* to be shown in the browser and saved as *name*."""
    headers = _named("inline", f"{name}.pdf") | {
        "Content-Security-Policy": _VIEWER,
        "X-Accel-Buffering": "no",
    }
    return Response(content, mimetype="application/pdf", headers=headers)


def send_archive(pieces: Iterator[bytes], name: str) -> Response:
    """Return the ZIP that *pieces* are, sent while it is made.

    nginx is told not to hold it back: it would keep on its disk what a slow reader has not taken.
    """
    return Response(
        stream_with_context(pieces),
        mimetype="application/zip",
        headers=_named("attachment", f"{name}.zip") | {"X-Accel-Buffering": "no"},
    )


def send_table(text: str, name: str) -> Response:
    """Return *text* as a CSV file that Excel opens as UTF-8."""
    return Response(
        text.encode("utf-8-sig"), mimetype="text/csv", headers=_named("attachment", f"{name}.csv")
    )


def send_download(content: bytes, mimetype: str, name: str) -> Response:
    """Return *content* as a file to be saved as *name*."""
    headers = _named("attachment", name) | {"Cache-Control": "no-store"}
    return Response(content, mimetype=mimetype, headers=headers)


def _named(disposition: str, name: str) -> dict[str, str]:
    return {"Content-Disposition": f"{disposition}; filename*=UTF-8''{quote(name)}"}
