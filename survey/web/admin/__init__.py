"""The administrators' pages: register, people, rounds from draft to seal, printing."""

from survey.web.admin import (
    closing,
    opening,
    overview,
    people,
    posters,
    register,
    rounds,
    sealing,
    slips,
    tickets,
)
from survey.web.admin.blueprint import blueprint

__all__ = [
    "blueprint",
    "closing",
    "opening",
    "overview",
    "people",
    "posters",
    "register",
    "rounds",
    "sealing",
    "slips",
    "tickets",
]
