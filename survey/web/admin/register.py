"""The register's first page: villages looked up, filtered, counted."""

from __future__ import annotations

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from survey.storage import registers
from survey.storage.db import db
from survey.web.access import administrators
from survey.web.admin.blueprint import blueprint
from survey.web.limits import number

TOWNSHIPS_LISTED = 300
"""More townships than this are typed instead of chosen: a list of thousands helps nobody."""
_FILTERS = ("search", "township", "group", "cause", "standing")


@blueprint.get("/register")
@administrators
def register() -> ResponseReturnValue:
    """Administrators: the villages of the register, fifty a page, as they are asked for."""
    asked = {name: request.args.get(name, "").strip() for name in _FILTERS}
    standing = asked["standing"] if asked["standing"] in registers.STANDINGS else "assessed"
    page = registers.listing(
        db.session,
        asked["search"],
        asked["township"],
        request.args.get("group", type=number),
        request.args.get("page", 1, type=number),
        cause=asked["cause"],
        standing=standing,
    )
    shown = [row.id for row in page.rows]
    townships = registers.townships(db.session)
    return render_template(
        "admin/register.html",
        page=page,
        asked=asked,
        standing=standing,
        standings=registers.STANDINGS,
        townships=townships if len(townships) <= TOWNSHIPS_LISTED else None,
        groups=registers.groups(db.session),
        causes=registers.causes(db.session),
        units=registers.units(db.session, shown),
        parts=registers.parts_in(db.session, shown),
        address=lambda number: url_for("admin.register", **_said(asked), page=number),
    )


def _said(asked: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in asked.items() if value}
