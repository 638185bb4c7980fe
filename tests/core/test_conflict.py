"""Whose unit is tied to a village: every way in which offices write one and the same unit."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.core.conflict import plain, tie


@pytest.mark.parametrize(
    "paired",
    [
        "市交通局",
        " 市 交通局　",
        "市交通局（牵头）",
        "市水利局、市交通局",
        "市水利局，市交通局(二科)",
        "市水利局/市交通局",
        "市水利局\n市交通局",
    ],
)
def test_a_paired_unit_ties_however_it_is_written(paired: str) -> None:
    assert "paired unit, 市交通局" in str(tie("市交通局", paired, ""))


@pytest.mark.parametrize(
    "unit", ["市住建局（市人防办）", "市住建局 (市人防办)", "市住建局【市人防办】"]
)
def test_a_remark_that_belongs_to_the_name_is_compared_too(unit: str) -> None:
    assert tie(unit, "市住建局(市人防办)", "")


def test_letters_of_any_width_and_size_are_the_same() -> None:
    assert tie("ABC Ltd", "ａｂｃ　ＬＴＤ", "")


@pytest.mark.parametrize("leader", ["市委组织部", "王某（市委组织部副部长）", "市委 组织部　部长"])
def test_a_city_leader_ties_whose_text_names_the_unit(leader: str) -> None:
    assert "city leader, 市委组织部" in str(tie("市委组织部", "", leader))


@pytest.mark.parametrize(
    ("unit", "paired", "leader"),
    [
        ("市交通局", "市水利局", "市级领导01"),
        ("市交通局", "市交通局工会", ""),
        ("市交通局", "", ""),
        ("", "", ""),
        ("  ", "  ", "  "),
        ("局", "局", "公安局局长"),
        ("市财政局", "（市财政局原办公楼）市文旅局", ""),
    ],
)
def test_others_are_not_tied(unit: str, paired: str, leader: str) -> None:
    assert tie(unit, paired, leader) is None


@given(st.text(), st.text(), st.text())
def test_any_text_can_be_compared(unit: str, paired: str, leader: str) -> None:
    found = tie(unit, paired, leader)
    assert found is None or len(plain(unit)) >= 2


@given(st.text(min_size=2), st.text())
def test_a_unit_is_tied_to_itself(unit: str, leader: str) -> None:
    if len(plain(unit)) >= 2 and not set(plain(unit)) & set("\n()、,;/|。"):
        assert tie(unit, unit, leader)
