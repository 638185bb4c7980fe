"""A paper tells the rating that stands, and keeps the ones that do not."""

from dataclasses import replace
from datetime import UTC, datetime

from survey.core.finding import Finding, Signed

FIRST = Signed(
    version=1,
    suggestion="good",
    decision="good",
    reason="",
    lead="Lead",
    signed_at=datetime(2026, 3, 20, tzinfo=UTC),
    countersigner="Member",
    countersigned_at=datetime(2026, 3, 21, tzinfo=UTC),
    audit_head="a" * 64,
)
REOPENED = replace(FIRST, reopened="The village appealed.")
SECOND = replace(FIRST, version=2, decision="average", audit_head=None)


def finding(*versions):
    return Finding(
        code="1", township="", name="", group="", shown=None, consensus=None, versions=versions
    )


def test_a_locked_rating_stands():
    assert (finding(FIRST).decided, finding(FIRST).earlier) == ("good", ())


def test_one_that_was_reopened_decides_nothing_and_is_kept():
    found = finding(REOPENED)
    assert (found.rating, found.decided, found.earlier) == (None, None, (REOPENED,))


def test_what_is_signed_anew_is_decided_once_it_is_locked():
    found = finding(REOPENED, SECOND)
    assert (found.rating, found.decided, found.earlier) == (SECOND, None, (REOPENED,))
    locked = replace(SECOND, audit_head="b" * 64)
    assert finding(REOPENED, locked).decided == "average"
