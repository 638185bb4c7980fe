"""Conflicts of interest: whose unit (单位) is tied to a village, by what the register says.

Offices write one unit in many ways, so texts are compared after Unicode's compatibility form
(NFKC: 　（）ＡＢ become plain), without spaces, with every bracket a round one and with small
letters. The rule is meant to err towards standing back: an administrator sees each case with its
reason, and changes the unit where it is wrong.
"""

from __future__ import annotations

import re
import unicodedata

from survey.core.wording import N_, Sentence, say

SHORTEST = 2
"""Characters; a shorter unit would be found in the text of every leader."""

_BRACKETS = str.maketrans("[]{}<>〔〕【】〈〉《》「」『』〖〗", "()" * 10)
_REMARK = re.compile(r"\([^()]*\)")
_BETWEEN = re.compile(r"[、,;/|。]|\n")


def plain(text: str) -> str:
    """Return *text* as it is compared: NFKC, no spaces, round brackets, small letters."""
    lines = "\n".join(text.splitlines())
    folded = unicodedata.normalize("NFKC", lines).casefold().translate(_BRACKETS)
    return "".join(sign for sign in folded if sign == "\n" or not sign.isspace())


def tie(unit: str, paired_unit: str, city_leader: str) -> Sentence | None:
    """Return why somebody of *unit* stands back from a village, or None where nothing ties them.

    *paired_unit* and *city_leader* are what the register says of the village. The paired unit ties
    where it is *unit*, alone or among several, with or without a remark in brackets; the city
    leader where *unit* is named in their text.
    """
    own = plain(unit).replace("\n", "")
    if len(own) < SHORTEST:
        return None
    if own in _units(paired_unit):
        return say(N_("works at the village’s paired unit, %(unit)s"), unit=unit.strip())
    if own in plain(city_leader).replace("\n", ""):
        return say(
            N_("works at the unit of the village’s city leader, %(unit)s"), unit=unit.strip()
        )
    return None


def _units(text: str) -> set[str]:
    """Return each unit that *text* lists, with its remark and without."""
    whole = plain(text)
    listed = {whole, *_BETWEEN.split(whole), *_BETWEEN.split(_REMARK.sub("", whole))}
    return {unit for unit in listed if unit}
