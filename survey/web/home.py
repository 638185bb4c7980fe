"""The first page: what this service is, for whoever types its bare address."""

from __future__ import annotations

from flask import Blueprint, render_template

blueprint = Blueprint("home", __name__)


@blueprint.get("/")
def show() -> str:
    """Everybody sees this."""
    return render_template("home/show.html")
