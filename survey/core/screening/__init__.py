"""Screens over ballots with their times: flags for people to look at, never a change of a score.

They run inside the seal, where five-minute buckets still exist, and leave one truth per screen and
village. Source: docs/method.md, “Screening”.
"""

from survey.core.screening.flags import SCREENS, Flags, VillageBox, screen

__all__ = ["SCREENS", "Flags", "VillageBox", "screen"]
