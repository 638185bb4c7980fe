"""The headers of every response: what a browser may load, keep and tell others.

A page that needs more (the phone page inlines its style) sets its own Content-Security-Policy
with `policy`; everything set by a view is left as it is.
"""

from __future__ import annotations

from flask import Flask, Response, request

from survey.web.access import is_staff_path

_NOTHING = {
    "default-src": "'none'",
    "base-uri": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
}
_EVERYWHERE = {
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
_BUT_FOR_VILLAGERS = {
    "X-Frame-Options": "DENY",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
"""What a villager's page does without, byte for byte: docs/decisions/one-round-trip.md says why."""


def policy(**sources: str) -> str:
    """Return a Content-Security-Policy that allows *sources* alone: ``img_src="'self'"``."""
    named = {name.replace("_", "-"): source for name, source in sources.items()}
    return "; ".join(f"{name} {source}" for name, source in (_NOTHING | named).items())


PAGE_POLICY = policy(style_src="'self'", script_src="'self'", img_src="'self'")


def register(app: Flask) -> None:
    """Set the headers on every response of *app*."""
    app.after_request(protect)


def protect(response: Response) -> Response:
    """Fill in each header that the view has not set."""
    more = {} if request.blueprint == "collect" else _BUT_FOR_VILLAGERS
    for name, value in (_EVERYWHERE | more | _by_address(request.path)).items():
        response.headers.setdefault(name, value)
    return response


def _by_address(path: str) -> dict[str, str]:
    return {
        "Content-Security-Policy": PAGE_POLICY,
        "Referrer-Policy": "same-origin" if is_staff_path(path) else "no-referrer",
        "Cache-Control": "no-cache" if path.startswith("/static/") else "no-store",
    }
