"""How many slips a village gets."""

import pytest

from survey.core.slips import Account, Amount, Plan, amount, faults, number


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


@pytest.mark.parametrize(
    ("plan", "expected", "slips"),
    [
        (Plan(spare=0.05), 800, Amount(840, 40)),
        (Plan(share=0.1, spare=0.1), 1000, Amount(110, 10)),
        (Plan(each=50, spare=0.1), None, Amount(55, 5)),
        (Plan(each=50), 10, Amount(50, 0)),
        (Plan(share=0.3), None, None),
    ],
)
def test_spare_slips_are_those_on_top(
    plan: Plan, expected: int | None, slips: Amount | None
) -> None:
    assert amount(plan, expected) == slips


@pytest.mark.parametrize(
    ("account", "wrong"),
    [
        (Account(printed=50, handed_out=40, returned=5, used=40, void=5), 0),
        (Account(printed=50, handed_out=40, returned=5, used=41, void=0), 1),
        (Account(printed=50, handed_out=40, returned=6, used=40, void=5), 1),
        (Account(printed=50, handed_out=40, returned=11, used=41, void=0), 2),
        (Account(printed=50, used=50, void=0), 0),
        (Account(printed=50, used=51, void=0), 1),
        (Account(printed=50, handed_out=0, returned=50), 0),
    ],
)
def test_what_cannot_be_is_said_after_the_seal(account: Account, wrong: int) -> None:
    assert len(faults(account)) == wrong
