"""QR codes that are added up are those that the library would have made."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from qrcode.constants import ERROR_CORRECT_M
from qrcode.main import QRCode

from survey.core.codes import make_ticket_code
from survey.printing import qr

ALPHANUMERIC = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"


def made_by_the_library(content: str) -> list[list[bool]]:
    code = QRCode(error_correction=ERROR_CORRECT_M, mask_pattern=qr.MASK)
    code.add_data(content, optimize=0)
    code.make()
    return [[bool(module) for module in row] for row in code.modules]


def drawn(content: str) -> list[list[bool]]:
    """The modules that the path fills."""
    strokes, side = qr.path(content)
    modules = [[False] * side for _ in range(side)]
    for x, y, width in re.findall(r"(\d+) (\d+) (\d+) 1 re", strokes):
        for column in range(int(x), int(x) + int(width)):
            assert not modules[int(y)][column], "two strokes on one module"
            modules[int(y)][column] = True
    return modules


@given(st.text(ALPHANUMERIC, min_size=1, max_size=70))
@settings(max_examples=60, deadline=None)
def test_any_alphanumeric_content_is_as_the_library_makes_it(content: str) -> None:
    if content.isdigit():
        content = f"A{content}"  # the library would take a shorter way for nothing but digits
    assert drawn(content) == made_by_the_library(content)


@pytest.mark.parametrize(
    "base",
    ["HTTPS://PINGYI.EXAMPLE.CN/T/", "HTTPS://PINGYI1.EXAMPLE.CN/T/", "HTTP://127.0.0.1:8000/T/"],
    ids=["even", "odd", "port"],
)
def test_every_code_of_a_sheet_is_as_the_library_makes_it(base: str) -> None:
    for _ in range(50):
        content = base + make_ticket_code()
        assert drawn(content) == made_by_the_library(content)


def test_an_address_in_lower_case_is_as_the_library_makes_it() -> None:
    content = "https://a.example.cn/Survey/v/7KQ2M9DX4T"
    assert drawn(content) == made_by_the_library(content)
