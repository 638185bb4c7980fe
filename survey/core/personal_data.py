"""What in a text looks as if it told who somebody is: telephone, identity card, bank card, name.

Only to point it out to whoever writes, before it is saved: a pattern cannot know, so nothing is
refused for it. Numbers are recognised also in full-width digits and with spaces or hyphens between.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from survey.core.wording import N_, Sentence, say

Kind = Literal["phone", "identity", "bank_card", "name"]

_TOLD = {
    "phone": N_("“%(text)s” looks like a telephone number."),
    "identity": N_("“%(text)s” looks like an identity card number."),
    "bank_card": N_("“%(text)s” looks like a bank card number."),
    "name": N_("“%(text)s” looks like the name of a person. An office or a role is enough."),
}

_DIGITS = str.maketrans("０１２３４５６７８９Ｘｘ－＋", "0123456789Xx-+")
_GAP = r"[ -]?"
_IDENTITY = re.compile(rf"(?<![0-9])[1-9](?:{_GAP}[0-9]){{16}}{_GAP}[0-9Xx](?![0-9])")
_CARD = re.compile(rf"(?<![0-9])[3-6](?:{_GAP}[0-9]){{15,18}}(?![0-9])")
_MOBILE = re.compile(rf"(?<![0-9])(?:\+?86{_GAP})?1[3-9][0-9](?:{_GAP}[0-9]{{4}}){{2}}(?![0-9])")
_LANDLINE = re.compile(r"(?<![0-9])0(?:10|2[0-9]|[3-9][0-9]{2})[ -][1-9][0-9]{6,7}(?![0-9])")

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"
_LUHN_DOUBLED = (0, 2, 4, 6, 8, 1, 3, 5, 7, 9)

_SURNAMES = (
    "欧阳|司马|上官|诸葛|司徒|东方|夏侯|皇甫|尉迟|令狐|"
    "[王李张刘陈杨赵黄周吴徐孙胡朱林何郭马罗梁宋郑谢韩唐冯董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎"
    "余潘杜戴夏钟汪田姜范石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易武乔贺赖龚庞"
    "樊兰殷施陶洪翟颜倪严牛温芦季俞章鲁葛伍韦毕聂焦柳邢岳齐梅辛管祝左涂谷祁舒耿牟卜路詹关苗凌费纪靳盛童欧项]"
)
"""Common surnames; those that are everyday words as well (任, 方, 高, 于, 向 …) are left out."""
_NOT_GIVEN = "村镇乡庄屯家部委组支区县市局总副前原现新老第一二三四五六七八九十两党社员的和是请由与"
_TITLES = (
    "同志|书记|主任|村长|支书|会计|委员|站长|所长|局长|镇长|乡长|组长|队长|先生|女士|老师|大爷|大娘"
)
_SOMEBODY = re.compile(rf"(?:{_SURNAMES})某{{1,2}}")
_TITLED = re.compile(rf"(?:{_SURNAMES})[^\W\d_{_NOT_GIVEN}A-Za-z]{{0,2}}(?:{_TITLES})")


@dataclass(frozen=True)
class Found:
    """A part of a text, as it stands there, and what it looks like."""

    kind: Kind
    text: str

    @property
    def sentence(self) -> Sentence:
        """What is said about it."""
        return say(_TOLD[self.kind], text=self.text)


def find(text: str) -> tuple[Found, ...]:
    """Return what in *text* looks personal, each place once, in the order of the text."""
    return tuple(Found(kind, text[start:end]) for start, end, kind in _places(text))


def find_in(texts: Iterable[str]) -> tuple[Found, ...]:
    """Return what in any of *texts* looks personal, each wording once."""
    return tuple(dict.fromkeys(found for text in texts for found in find(text)))


def _places(text: str) -> list[tuple[int, int, Kind]]:
    kept: list[tuple[int, int, Kind]] = []
    for start, end, kind in _candidates(text.translate(_DIGITS)):
        if all(end <= first or last <= start for first, last, _kind in kept):
            kept.append((start, end, kind))
    return sorted(kept)


def _candidates(text: str) -> Iterator[tuple[int, int, Kind]]:
    """Yield what matches, the surest first: *text* has as many characters as the original."""
    for match in _IDENTITY.finditer(text):
        if is_identity_number(match[0]):
            yield match.start(), match.end(), "identity"
    for match in _CARD.finditer(text):
        if is_card_number(match[0]):
            yield match.start(), match.end(), "bank_card"
    for pattern in (_MOBILE, _LANDLINE):
        for match in pattern.finditer(text):
            yield match.start(), match.end(), "phone"
    for pattern in (_SOMEBODY, _TITLED):
        for match in pattern.finditer(text):
            yield match.start(), match.end(), "name"


def is_identity_number(text: str) -> bool:
    """Say whether *text* is 18 characters with a month, a day and the check of GB 11643-1999."""
    plain = _without_gaps(text).upper()
    if not re.fullmatch(r"[0-9]{17}[0-9X]", plain):
        return False
    born = 1 <= int(plain[10:12]) <= 12 and 1 <= int(plain[12:14]) <= 31
    total = sum(int(digit) * weight for digit, weight in zip(plain, _WEIGHTS, strict=False))
    return born and plain[17] == _CHECKS[total % 11]


def is_card_number(text: str) -> bool:
    """Say whether *text* is 16 to 19 digits with the check of ISO/IEC 7812-1 (Luhn)."""
    plain = _without_gaps(text)
    if not re.fullmatch(r"[0-9]{16,19}", plain):
        return False
    digits = [int(digit) for digit in reversed(plain)]
    return sum(digits[::2] + [_LUHN_DOUBLED[digit] for digit in digits[1::2]]) % 10 == 0


def _without_gaps(text: str) -> str:
    return text.replace(" ", "").replace("-", "")
