"""What may be shown at which number of ballots: the only door from scores to eyes.

Every figure that is derived from others is computed from the released ones.
"""

from survey.core.release.document import to_dict
from survey.core.release.extras import ReleasedExtra, ReleasedOption, release_extra
from survey.core.release.instrument import ReleasedInstrument, release_instrument
from survey.core.release.items import ReleasedItem
from survey.core.release.rehearsal import ReleasedRehearsal, release_rehearsal
from survey.core.release.rules import percent, turnout_in_tens
from survey.core.release.source import ReleasedScore, ReleasedSource, release, release_all
from survey.core.release.texts import Readable, ReleasedTexts, readable, release_texts
from survey.core.release.village import ReleasedVillage, derive_round, release_cap, release_round
from survey.core.release.what_if import OUTCOMES, Move, moves, outcome, what_if

__all__ = [
    "OUTCOMES",
    "Move",
    "Readable",
    "ReleasedExtra",
    "ReleasedInstrument",
    "ReleasedItem",
    "ReleasedOption",
    "ReleasedRehearsal",
    "ReleasedScore",
    "ReleasedSource",
    "ReleasedTexts",
    "ReleasedVillage",
    "derive_round",
    "moves",
    "outcome",
    "percent",
    "readable",
    "release",
    "release_all",
    "release_cap",
    "release_extra",
    "release_instrument",
    "release_rehearsal",
    "release_round",
    "release_texts",
    "to_dict",
    "turnout_in_tens",
    "what_if",
]
