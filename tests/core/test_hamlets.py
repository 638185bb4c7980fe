"""Hamlets too small to be shown alone: which they are, which may be merged, what they make."""

import pytest

from survey.core.errors import Invalid
from survey.core.hamlets import follow, is_too_small, require_mergeable, unite
from survey.core.register import Entry
from survey.core.release.rules import LEAST

EAST = Entry("990101100201", "青柳镇", "东湾", 6, 9, 6, "无班子", "", "水利局", "", "第1验收组")
WEST = Entry("990101100202", "青柳镇", "西湾", 5, 8, None, "无班子", "", "林业局")
LARGE = Entry("990101100203", "青柳镇", "大村", 300, 800, 40)


@pytest.mark.parametrize(
    ("eligible", "members", "small"),
    [
        (LEAST["mass"] - 1, 9, True),
        (LEAST["mass"], LEAST["self"], False),
        (300, LEAST["self"] - 1, True),
        (None, None, False),
        (None, 0, True),
    ],
)
def test_a_village_is_too_small_below_what_may_be_shown(eligible, members, small):
    assert is_too_small(eligible, members) is small


def test_a_unit_has_the_sums_and_what_its_parts_say():
    unit = unite("东西湾", [EAST, WEST])
    assert (unit.code, unit.name, unit.households, unit.eligible) == (EAST.code, "东西湾", 11, 17)
    assert unit.party_members is None
    assert (unit.cause, unit.paired_unit) == ("无班子", "水利局；林业局")
    assert unit.acceptance_group == "第1验收组"


def test_a_unit_keeps_its_own_name_and_texts_when_its_parts_change():
    unit = unite("东西湾", [EAST, WEST])
    moved = [
        Entry(EAST.code, "大槐镇", "新名", 7, 9, 6),
        Entry(WEST.code, "大槐镇", "西湾", 5, 9, 5),
    ]
    again = follow(unit, moved)
    assert (again.name, again.township, again.cause) == ("东西湾", "大槐镇", "无班子")
    assert (again.households, again.eligible, again.party_members) == (12, 18, 11)
    assert again.acceptance_group == "第1验收组"


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        ([EAST], "at least two"),
        ([EAST, Entry("990101101201", "大槐镇", "南湾", 3, 4, 2)], "one township"),
        ([EAST, Entry(WEST.code, "青柳镇", "西湾", 1, 2, 3, acceptance_group="二")], "different"),
        ([LARGE, Entry(WEST.code, "青柳镇", "西村", 90, 300, 20)], "大村, 西村 are large enough"),
    ],
)
def test_what_may_not_be_merged_is_refused(parts, words):
    with pytest.raises(Invalid, match=words):
        require_mergeable(parts)


def test_one_larger_neighbour_may_take_hamlets_in():
    require_mergeable([EAST, WEST, LARGE])
