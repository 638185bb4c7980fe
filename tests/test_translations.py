"""Every sentence that a person can see is there in Chinese, whole, and none is left over."""

import re
from collections import defaultdict
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po

ROOT = Path(__file__).parents[1]
CHINESE = ROOT / "survey" / "translations" / "zh" / "LC_MESSAGES" / "messages.po"
ROOMS = ("survey", "templates")
KEYWORDS: dict[str, tuple[int, ...] | None] = {
    "_": None,
    "gettext": None,
    "N_": None,
    "ngettext": (1, 2),
    "_l": None,
    "lazy_gettext": None,
    "say": (1,),
}
PLACEHOLDER = re.compile(r"%\(\w+\)[^a-z%]*[a-z]")

Used = dict[str, set[str]]
"""The messages that are used (the singular of one with a plural), and the files that have each."""


def extracted() -> Used:
    """Return every message of code and templates."""
    with (ROOT / "babel.cfg").open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file)
    found: Used = defaultdict(set)
    for name, _, message, _, _ in extract_from_dir(
        ROOT, methods, options, KEYWORDS, directory_filter=is_ours
    ):
        found[forms_of(message)[0]].add(str(name))
    return dict(found)


def is_ours(path: str | Path) -> bool:
    """Say whether the extraction looks into *path*; folders such as _macros are not left out."""
    return Path(path).relative_to(ROOT).parts[0] in ROOMS


def forms_of(message: str | tuple[str, ...] | list[str]) -> tuple[str, ...]:
    """Return singular and plural, or the one form there is."""
    return (message,) if isinstance(message, str) else tuple(message)


@pytest.fixture(scope="module")
def used() -> Used:
    """The messages that are used."""
    return extracted()


@pytest.fixture(scope="module")
def catalogue() -> Catalog:
    """The Chinese catalogue."""
    with CHINESE.open("rb") as file:
        return read_po(file, locale="zh")


def entries(catalogue: Catalog) -> list[Message]:
    """The messages of the catalogue without its header."""
    return [message for message in catalogue if message.id]


def pairs(catalogue: Catalog) -> list[tuple[tuple[str, ...], str]]:
    """Each message with each of its translations."""
    return [
        (forms_of(message.id), text)
        for message in entries(catalogue)
        for text in forms_of(message.string)
        if text
    ]


def test_the_extraction_sees_code_templates_and_macros(used: Used) -> None:
    files = set().union(*used.values())
    folders = {"/".join(name.split("/")[:2]) for name in files}
    assert {"survey/core", "survey/cli", "survey/web", "templates/_macros"} <= folders


def test_every_sentence_is_there_in_chinese(used: Used, catalogue: Catalog) -> None:
    translated = {
        forms_of(message.id)[0] for message in entries(catalogue) if all(forms_of(message.string))
    }
    missing = [
        (min(files), message) for message, files in used.items() if message not in translated
    ]
    assert sorted(missing) == []


def test_no_translation_is_left_over(used: Used, catalogue: Catalog) -> None:
    stale = {forms_of(message.id)[0] for message in entries(catalogue)} - used.keys()
    assert stale == set()
    assert not catalogue.obsolete


def test_no_translation_is_a_guess(catalogue: Catalog) -> None:
    assert [message.id for message in entries(catalogue) if message.fuzzy] == []


def test_translations_have_the_same_values_to_fill_in(catalogue: Catalog) -> None:
    differing = [
        (forms[0], text)
        for forms, text in pairs(catalogue)
        if placeholders(text) not in map(placeholders, forms)
    ]
    assert differing == []


def placeholders(text: str) -> list[str]:
    """The values to fill in, in any order."""
    return sorted(PLACEHOLDER.findall(text))


class AnyValue(dict[str, int]):
    """A value for every name."""

    def __missing__(self, name: str) -> int:
        return 1


def test_every_message_that_is_filled_in_can_be(used: Used, catalogue: Catalog) -> None:
    in_templates = {
        message
        for message, files in used.items()
        if any(name.startswith("templates/") for name in files)
    }
    broken = [
        text
        for forms, translation in pairs(catalogue)
        for text in (*forms, translation)
        if forms[0] in in_templates or PLACEHOLDER.search(forms[0])
        if not can_be_filled_in(text)
    ]
    assert broken == []


def can_be_filled_in(text: str) -> bool:
    """Say whether ``text % values`` works: templates always do that, so 5 % is 5 %% there."""
    try:
        return bool(text % AnyValue())
    except (ValueError, TypeError):
        return False


@pytest.mark.parametrize(
    ("text", "fine"), [("%(a)s of 5 %%", True), ("5 %", False), ("5 % b", False)]
)
def test_a_stray_percent_sign_is_noticed(text: str, fine: bool) -> None:
    assert can_be_filled_in(text) is fine


def test_translations_keep_the_space_around_a_message(catalogue: Catalog) -> None:
    differing = [
        (forms[0], text)
        for forms, text in pairs(catalogue)
        if around(text) not in map(around, forms)
    ]
    assert differing == []


def around(text: str) -> tuple[str, str]:
    """The white-space before and after *text*."""
    return text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
