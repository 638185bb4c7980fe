"""The administrators' pages: register, people, rounds from draft to seal, printing."""

from survey.web.admin import (
    audit_log,
    calibration,
    cancelling,
    closing,
    extending,
    groups,
    instrument,
    opening,
    overview,
    people,
    posters,
    register,
    rounds,
    sealing,
    sheets,
    slips,
    tickets,
)
from survey.web.admin.blueprint import blueprint

__all__ = [
    "audit_log",
    "blueprint",
    "calibration",
    "cancelling",
    "closing",
    "extending",
    "groups",
    "instrument",
    "opening",
    "overview",
    "people",
    "posters",
    "register",
    "rounds",
    "sealing",
    "sheets",
    "slips",
    "tickets",
]
