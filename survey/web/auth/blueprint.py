"""The blueprint of everything under /staff."""

from flask import Blueprint

blueprint = Blueprint("auth", __name__, url_prefix="/staff")
