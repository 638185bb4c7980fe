"""What a phone of 2017 can read: scripts up to ES2017, styles that fall back by themselves."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import esprima
import pytest
import rjsmin

STATIC = Path(__file__).parents[1] / "static"
SCRIPTS = sorted(STATIC.glob("*.js"))
NEWER = re.compile(
    r"(?<![-\w])(?:(?:row-|column-)?gap|inset|aspect-ratio|accent-color|place-\w+)\s*:"
    r"|:(?:is|where|has|not\([^)]*,|focus-visible)\b"
    r"|\b(?:clamp|min|max|env|color-mix)\(|@(?:supports|layer|container)"
)
"""What came to browsers after 2017, in a style sheet that has no second way for it."""
PAINTED = {"color", "background", "border-color"}


class Newer(Exception):
    """What the parser takes, and browsers of 2017 do not."""


def read(text: str) -> None:
    """Fail where *text* is no script of ES2017."""
    esprima.parseScript(text, delegate=refuse_spread_of_objects)


def refuse_spread_of_objects(node: Any, _: Any) -> Any:
    if node.type in {"ObjectExpression", "ObjectPattern"}:
        for part in node.properties:
            if part.type in {"SpreadElement", "RestElement"}:
                raise Newer("an object is spread: ES2018")
    return node


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_a_script_is_written_in_no_newer_language_than_es2017(path: Path) -> None:
    source = path.read_text("utf-8")
    for text in (source, rjsmin.jsmin(source)):
        read(text)


def test_the_reader_of_scripts_knows_what_is_newer() -> None:
    for newer in ("a?.b", "a ?? b", "({...a})", "({...a} = b)", "try {} catch {}", "2n", "a ??= b"):
        with pytest.raises((esprima.Error, Newer)):
            read(newer)


def test_the_villager_s_style_has_nothing_newer_than_2017() -> None:
    assert not NEWER.findall((STATIC / "collect.css").read_text("utf-8"))


def test_where_variables_are_unknown_only_colours_are_lost() -> None:
    """A declaration with an unknown value is dropped: a border would go with its colour."""
    style = (STATIC / "collect.css").read_text("utf-8")
    used = set(re.findall(r"([\w-]+):[^;{}]*var\(", style))
    assert used <= PAINTED
