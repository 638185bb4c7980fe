"""How many slips a village gets."""

import pytest

from survey.core.slips import Plan, number


@pytest.mark.parametrize(
    ("plan", "expected", "slips"),
    [
        (Plan(), 812, 812),
        (Plan(spare=0.05), 800, 840),
        (Plan(share=0.1), 801, 81),
        (Plan(share=0.1, spare=0.1), 1000, 110),
        (Plan(each=50, spare=0.1), None, 55),
        (Plan(each=50), 10, 50),
        (Plan(), 0, 0),
        (Plan(share=0.3), None, None),
    ],
)
def test_slips_are_a_share_or_a_fixed_number_rounded_up(
    plan: Plan, expected: int | None, slips: int | None
) -> None:
    assert number(plan, expected) == slips
