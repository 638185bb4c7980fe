"""The house's own rules that no linter knows: small rooms, plain names, templates in place."""

import ast
import re
from collections.abc import Iterator
from fnmatch import fnmatchcase
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
HOUSE = ROOT / "survey"
TEMPLATES = ROOT / "templates"
WEB = HOUSE / "web"
MODULES = sorted(HOUSE.glob("**/*.py"))
MOST_LINES = 350
NO_NOUNS = {"utils", "util", "helpers", "helper", "manager", "handler", "common", "misc"}


def name_of(path: Path) -> str:
    """A file's name in the list of tests."""
    return str(path.relative_to(ROOT))


def test_no_room_is_larger_than_one_can_read() -> None:
    written = [path for path in MODULES if path.parent.name != "migrations"]
    lines = {name_of(path): len(path.read_text("utf-8").splitlines()) for path in written}
    assert {name: count for name, count in lines.items() if count > MOST_LINES} == {}


def test_modules_are_nouns_that_say_something() -> None:
    named = {part for path in MODULES for part in path.relative_to(HOUSE).with_suffix("").parts}
    assert {name for name in named if NO_NOUNS & set(name.split("_"))} == set()


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_every_module_says_what_it_is(path: Path) -> None:
    assert (ast.get_docstring(ast.parse(path.read_text("utf-8"))) or "").strip()


def test_every_folder_of_modules_is_a_package() -> None:
    folders = {path.parent for path in MODULES if path.parent.name != "migrations"}
    assert [name_of(folder) for folder in folders if not (folder / "__init__.py").exists()] == []


def room_of(path: Path) -> str:
    """The room of the web that *path* belongs to: ``admin`` for web/admin/people.py."""
    return path.relative_to(WEB).with_suffix("").parts[0]


RENDER = {"render_template", "stream_template"}


def rendered(path: Path) -> Iterator[str]:
    """The templates that a module renders; ``*`` stands for what is filled in."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in RENDER:
            yield pattern(node.args[0])


def pattern(name: ast.expr) -> str:
    """The name of a template as a pattern."""
    if isinstance(name, ast.JoinedStr):
        return "".join(
            str(part.value) if isinstance(part, ast.Constant) else "*" for part in name.values
        )
    assert isinstance(name, ast.Constant), "a template is named where it is rendered"
    return str(name.value)


def every_rendering() -> list[tuple[str, str]]:
    """Each room of the web with each template that it renders."""
    return [
        (room_of(path), name) for path in sorted(WEB.glob("**/*.py")) for name in rendered(path)
    ]


def pages() -> list[str]:
    """The templates that are whole pages."""
    found = (str(path.relative_to(TEMPLATES)) for path in TEMPLATES.glob("*/*.html"))
    return sorted(name for name in found if "_" not in {part[0] for part in name.split("/")})


def test_a_view_renders_templates_of_its_own_room() -> None:
    strays = [(room, name) for room, name in every_rendering() if name.split("/")[0] != room]
    assert strays == []
    assert len(every_rendering()) > 20


def test_every_template_that_a_view_names_exists() -> None:
    names = {name for _, name in every_rendering()}
    assert {name for name in names if not any(fnmatchcase(page, name) for page in pages())} == set()


def test_every_page_is_rendered_by_a_view() -> None:
    names = {name for _, name in every_rendering()}
    assert [page for page in pages() if not any(fnmatchcase(page, name) for name in names)] == []


def test_every_part_of_a_page_is_used() -> None:
    sources = "".join(path.read_text("utf-8") for path in TEMPLATES.glob("**/*.html"))
    used = set(re.findall(r"{%-? *(?:extends|include|from|import) *\"([^\"]+)\"", sources))
    parts = {str(path.relative_to(TEMPLATES)) for path in TEMPLATES.glob("**/*.html")} - set(
        pages()
    )
    assert parts - used == set()
    assert used - parts == set()
