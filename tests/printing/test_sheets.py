from dataclasses import replace
from datetime import datetime

import pytest

from survey.core.keys import make_half
from survey.printing.envelope import EnvelopeText, envelope
from survey.printing.opening_sheet import OpeningAudience, OpeningText, opening_sheet
from survey.printing.sealing_sheet import SealedCount, SealingText, sealing_sheet
from tests.printing.reading import A4, boxes_of, chinese, collisions, english, open_pages, text_of

ENVELOPE = EnvelopeText(
    round_title="2026年整顿测评",
    office="市委组织部",
    phone="0990-1234567",
    half="1-7KQ2-M9DX-4TRW-HB3C-V8",
    holder=1,
    closes_at=datetime(2026, 12, 8, 18),
)
OPENING = OpeningText(
    round_title="2026年整顿测评",
    office="市委组织部",
    opened_at=datetime(2026, 12, 1, 9, 30),
    closes_at=datetime(2026, 12, 8, 18),
    audiences=(
        OpeningAudience("群众测评", "both", 41, "0123456789abcdef" * 2),
        OpeningAudience("基层自评", "ticket", 40, "fedcba9876543210" * 2),
    ),
    public_key="00112233445566778899aabbccddeeff" * 2,
    key_holding="halves",
    persons=("甲某", "乙某"),
    audit_head="ffeeddccbbaa99887766554433221100" * 2,
)
SEALING = SealingText(
    round_title="2026年整顿测评",
    office="市委组织部",
    closed_at=datetime(2026, 12, 8, 18),
    sealed_at=datetime(2026, 12, 8, 19, 5),
    counts=tuple(
        SealedCount(
            f"9901011002{number:02}", "青柳镇", f"村{number:02}", "群众测评", f"{number + 50}"
        )
        for number in range(82)
    ),
    bad_rows=0,
    key_holding="halves",
    database="sqlite",
    persons=("甲某", "乙某"),
    audit_head="ffeeddccbbaa99887766554433221100" * 2,
)
LONG = "圐圙旮旯" * 15


def whole_text(document):
    return "".join(text_of(page) for page in open_pages(document))


def test_an_envelope_sheet_holds_the_half_twice_and_what_to_do_with_it():
    half = make_half(2)
    (page,) = open_pages(envelope(replace(ENVELOPE, half=half, holder=2), "zh", chinese))
    text = text_of(page)
    assert text.count(half) == 2
    assert text.count("第2半钥匙") == 2
    assert text.count("2026年整顿测评") == 2
    assert text.count("2026年12月8日18:00截止以后") == 2
    assert text.count("谁也打不开票箱") == 2
    assert text.count("也不跟第1半放在一起") == 2
    assert (text.count("自己保管"), text.count("备用")) == (3, 3)
    assert "一人操作" not in text


def test_an_opening_sheet_names_keys_audiences_and_persons():
    text = whole_text(opening_sheet(OPENING, "zh", chinese))
    for fact in (
        OPENING.public_key,
        OPENING.audit_head,
        "0123456789abcdef" * 2,
        "2026年12月1日09:30",
        "两个人各拿一半",
        "张贴码和测评码",
        "甲某",
        "乙某",
    ):
        assert fact in text


def test_a_sealing_sheet_counts_every_village_and_numbers_its_pages():
    pages = open_pages(sealing_sheet(SEALING, "zh", chinese))
    texts = [text_of(page) for page in pages]
    assert len(pages) == 3
    for number, text in enumerate(texts, 1):
        assert f"第{number}页，共3页" in text
        assert "村编码乡镇村测评表票数" in text
    for row in SEALING.counts:
        line = f"{row.code}{row.township}{row.village}{row.title}{row.ballots}"
        assert sum(line in text for text in texts) == 1


def test_a_sealing_sheet_lists_what_this_round_leaves_behind():
    sqlite = whole_text(sealing_sheet(SEALING, "zh", chinese))
    assert "第1半钥匙的两个信封" in sqlite
    assert "WAL" not in sqlite
    assert "读不出的票无" in sqlite
    served = replace(SEALING, database="postgresql", key_holding="server", bad_rows=3)
    served = replace(served, keepers=("standby-1", "slot-2"))
    postgresql = whole_text(sealing_sheet(served, "zh", chinese))
    assert "信封" not in postgresql
    assert "WAL" in postgresql
    assert "standby-1" in postgresql and "slot-2" in postgresql
    assert "管机器的人有钥匙" in postgresql
    assert "3张，未计入" in postgresql


@pytest.mark.parametrize(
    ("make", "text"),
    [(envelope, ENVELOPE), (opening_sheet, OPENING), (sealing_sheet, SEALING)],
    ids=["envelope", "opening", "sealing"],
)
def test_a_sheet_says_when_one_person_acts_alone_and_speaks_english(make, text):
    alone = replace(text, two_person=False, mark="REHEARSAL")
    shown = whole_text(make(alone, "en", english))
    assert "Inthisinstallationonepersonactsalone." in shown
    assert "REHEARSAL" in shown
    assert "Inthisinstallation" not in whole_text(make(text, "en", english))


@pytest.mark.parametrize(
    ("make", "text"),
    [
        (envelope, replace(ENVELOPE, round_title=LONG, office=LONG)),
        (opening_sheet, replace(OPENING, round_title=LONG, office=LONG, persons=(LONG, LONG))),
        (
            sealing_sheet,
            replace(
                SEALING,
                round_title=LONG,
                office=LONG,
                counts=(SealedCount("990101100201", LONG, LONG, LONG, "112"),) * 50,
            ),
        ),
    ],
    ids=["envelope", "opening", "sealing"],
)
def test_long_names_stay_on_the_sheet(make, text):
    for page in open_pages(make(text, "zh", chinese)):
        for box in boxes_of(page):
            assert 15 <= box.left < box.right <= A4[0] - 15
            assert 3.5 <= box.top < box.bottom <= A4[1] - 5
        assert not collisions(list(boxes_of(page)))
