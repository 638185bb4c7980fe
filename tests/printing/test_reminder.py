"""Reminder cards, read back from the page."""

from __future__ import annotations

from dataclasses import replace

import pytest

from survey.core.reminder import Reminder
from survey.printing.reminder import CardText, cards
from tests.printing.reading import (
    A4,
    boxes_of,
    chinese,
    collisions,
    english,
    open_pages,
    text_of,
)

CARD = CardText(
    reminder=Reminder(
        village="前柳屯村",
        answered=40,
        eligible=412,
        deadline="5月1日（星期五）18:00",
        help_on="4月27日（星期一）",
        help_place="村文化广场",
        phone="0000-1234567",
        access="both",
    ),
    township="青柳镇",
    office="市委组织部",
)
LONG = replace(
    CARD,
    reminder=replace(
        CARD.reminder,
        village="圐圙旮旯村" * 4,
        help_place="村委会院里第三间办公室大槐树底下" * 2,
        phone="0990-1234567转8001",
    ),
    township="垚堃㙍崾岘镇" * 5,
    office="市委组织部基层组织建设科" * 3,
    mark="演练",
)


def test_a_card_says_how_far_the_village_is_until_when_and_where_help_is() -> None:
    text = text_of(open_pages(cards([CARD], "zh", chinese))[0])
    for part in (
        "青柳镇",
        "前柳屯村：测评还在进行",
        "全村412位",
        "40位以上",
        "5月1日（星期五）18:00",
        "4月27日（星期一）在村文化广场",
        "答不答随您",
        "0000-1234567",
        "市委组织部",
    ):
        assert part in text, part


def test_it_is_there_in_english() -> None:
    text = text_of(open_pages(cards([CARD], "en", english))[0])
    assert "40ormoreof412haveanswered.Thankyou!" in text
    assert "yourownchoice" in text


@pytest.mark.parametrize(("number", "pages"), [(1, 1), (8, 1), (9, 2), (17, 3)])
def test_eight_cards_lie_on_a_page(number: int, pages: int) -> None:
    names = [f"村{place:02}" for place in range(number)]
    texts = [replace(CARD, reminder=replace(CARD.reminder, village=name)) for name in names]
    found = [text_of(page) for page in open_pages(cards(texts, "zh", chinese))]
    assert len(found) == pages
    assert [name for page in found for name in names if f"{name}：" in page] == names


@pytest.mark.parametrize("card", [CARD, LONG], ids=["usual", "long"])
@pytest.mark.parametrize(("language", "translate"), [("zh", chinese), ("en", english)])
def test_nothing_lies_on_anything_or_over_an_edge(
    card: CardText, language: str, translate: object
) -> None:
    (page,) = open_pages(cards([card] * 8, language, translate))
    boxes = list(boxes_of(page))
    assert len(boxes) > 400
    assert not collisions(boxes)
    width, middle = A4[0], A4[0] / 2
    for box in boxes:
        assert box.left > 10
        assert box.right < width - 10
        if not card.mark:
            assert box.right < middle or box.left > middle


def test_a_demonstration_says_so_on_every_page() -> None:
    pages = open_pages(cards([replace(CARD, mark="演示")] * 9, "zh", chinese))
    assert all("演示" in text_of(page) for page in pages)
