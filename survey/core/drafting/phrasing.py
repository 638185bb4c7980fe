"""Wording that experience warns of (docs/questionnaires.md). Hints for a person, never a refusal.

Words are looked for, not understood: a hint may be wrong, and what is not hinted at may be too.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from survey.core.drafting.draft import Draft, Extra, Item, Question, Text, answers
from survey.core.drafting.note import Note
from survey.core.wording import N_, Sentence, say

LINE = 18
"""Chinese signs in one line of a question on a phone 360 pixels wide; the form's style decides."""
LABEL = 14
"""The same beside a button to choose."""
MOST_SECONDS = 120
_SECONDS = {"grades": 8, "choice": 10, "choices": 14, "number": 12, "text": 25}
"""What one question takes an old villager: a rule of thumb, like the two minutes on the poster."""


@dataclass(frozen=True)
class _Look:
    """Words to look for, other words that have them in them and mean no harm, and what to say."""

    wanted: re.Pattern[str]
    message: str
    harmless: re.Pattern[str] | None = None

    def find(self, text: Text) -> str:
        """Return the first word that is wanted in either language, or nothing."""
        for line in (text.zh, text.en):
            left = self.harmless.sub(" ", line) if self.harmless else line
            if match := self.wanted.search(left):
                return match[0]
        return ""


_TWO_IN_ONE = _Look(
    re.compile(r"和|与|及|或|并且|而且|同时|\b(?:and|or)\b", re.IGNORECASE),
    N_(
        "Are these two questions in one (“%(word)s”)? Who thinks well of the one and badly of the"
        " other cannot answer."
    ),
    re.compile(
        r"和谐|和睦|和气|和解|和平|暖和|缓和|温和|共和|参与|与会|与众|及时|及格|涉及|普及|提及|来得及|或许"
    ),
)
_NEGATION = _Look(
    re.compile(r"不|没|未|无|非|\b(?:not|no|never|without)\b|n[’']t\b", re.IGNORECASE),
    N_(
        "This asks by a negation (“%(word)s”): does “good” then mean that it is so, or not? Ask"
        " what is there."
    ),
    re.compile(
        r"(.{1,2})[不没]\1|有没有|不但|不断|不同|不久|差不多|无论|非常|未来|越来越|不清楚|不知道"
    ),
)
_FRIGHTENING = _Look(
    re.compile(
        r"信访|上访|举报|投诉|告状|违法|违纪|犯罪|腐败|贪污|受贿|处分|查处|审查|公安|派出所|警察|纪委|实名"
        r"|\b(?:petition|complain|denounc|crim|corrupt|brib|punish|arrest|police|illegal)\w*",
        re.IGNORECASE,
    ),
    N_(
        "“%(word)s” may frighten. An old villager should be able to read this aloud beside the"
        " village secretary."
    ),
)
_PERSONAL = _Look(
    re.compile(
        r"姓名|您的名字|叫什么|电话|手机号|身份证|住址|地址|门牌|年龄|几岁|多大年纪|生日|出生|微信号"
        r"|\b(?:your|full|family) name\b|\bphone|\bID (?:card|number)|\bhow old\b|\byour age\b"
        r"|\b(?:home|your|postal) address|\bbirth",
        re.IGNORECASE,
    ),
    N_(
        "Does this ask who somebody is (“%(word)s”)? The form promises that nobody can find out."
        " Please leave it out."
    ),
)
_KEEP_OUT = re.compile(r"不要|不写|请勿|别写|\b(?:no|not|never)\b|n[’']t\b", re.IGNORECASE)


def hints_of(draft: Draft) -> list[Note]:
    """Return what a person should look at once more, in the order of the page."""
    found = list(_of_length(draft))
    for _, question in draft.questions:
        found += [Note(question.key, hint) for hint in _of_question(question)]
    found += _of_comment(draft)
    found += _of_twins(draft)
    places = {place: number for number, (place, _) in enumerate(draft.texts())}
    return sorted(found, key=lambda note: places.get(note.place, -1))


def _of_length(draft: Draft) -> Iterator[Note]:
    seconds = sum(_SECONDS[question.kind] for _, question in draft.questions)
    if seconds > MOST_SECONDS:
        yield Note(
            "title",
            say(
                N_(
                    "These %(count)d questions take about %(minutes)s minutes. Whoever is asked for"
                    " more than two gives up or ticks anything. Leave out what changes no decision."
                ),
                count=len(draft.questions),
                minutes=f"{seconds / 60:.1f}",
            ),
        )


def _of_question(question: Question) -> Iterator[Sentence]:
    looks = [_TWO_IN_ONE, _FRIGHTENING, _PERSONAL]
    if isinstance(question, Item) and not question.wording:
        looks.append(_NEGATION)
    for look in looks:
        if word := look.find(question.text):
            yield say(look.message, word=word)
    if len(question.text.zh) > LINE:
        yield say(
            N_("The Chinese has %(count)d signs; %(fit)d fit into one line of a phone."),
            count=len(question.text.zh),
            fit=LINE,
        )
    yield from _of_answers(question)


def _of_answers(question: Question) -> Iterator[Sentence]:
    texts = answers(question)
    if any(len(text.zh) > LABEL for text in texts):
        yield say(
            N_("An answer has more than %(fit)d Chinese signs: it takes two lines of a phone."),
            fit=LABEL,
        )
    if isinstance(question, Extra):
        for line in _more_than_once(texts)[:1]:
            yield say(N_("Two of its answers say the same: “%(text)s”."), text=line)


def _more_than_once(texts: tuple[Text, ...]) -> list[str]:
    counted = Counter(line for text in texts for line in (text.zh, text.en) if line)
    both = Counter(text.zh for text in texts if text.zh and text.zh == text.en)
    return [line for line, count in counted.items() if count - both[line] > 1]


def _of_comment(draft: Draft) -> list[Note]:
    if draft.comment is None:
        return []
    text = draft.comment.text
    asking = Text(
        zh="" if _KEEP_OUT.search(text.zh) else text.zh,
        en="" if _KEEP_OUT.search(text.en) else text.en,
    )
    word = _PERSONAL.find(asking)
    message = N_("“%(word)s”: ask for nothing that tells who wrote it, and say so.")
    return [Note("comment", say(message, word=word))] if word else []


def _of_twins(draft: Draft) -> list[Note]:
    first: dict[str, str] = {}
    message = N_("Another question has the same words: “%(text)s”.")
    return [
        Note(question.key, say(message, text=line))
        for _, question in draft.questions
        for line in (question.text.zh, question.text.en)
        if line and first.setdefault(line, question.key) != question.key
    ]
