"""What README and docs/ say exists: commands, options, settings, constants, files, addresses."""

import json
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from survey import create_app
from survey.cli import COMMANDS, GROUPS
from survey.config import PREFIX, Settings
from survey.core import questionnaire
from survey.core.policy import Policy

ROOT = Path(__file__).parents[2]
PAGES = sorted([ROOT / "README.md", ROOT / "CHANGES.md", *ROOT.glob("docs/**/*.md")])
OPERATE = ROOT / "docs" / "operate.md"
SOURCES = [*ROOT.glob("survey/**/*.py"), ROOT / "Makefile", ROOT / "pyproject.toml"]
PROGRAM = "flask --app survey "


def name_of(path: Path) -> str:
    """A page's name in the list of tests."""
    return str(path.relative_to(ROOT))


every_doc = pytest.mark.parametrize("doc", PAGES, ids=name_of)


def code_lines(text: str) -> Iterator[tuple[str, bool]]:
    """Each line of code in *text*, continued lines joined, and whether it stands in a block."""
    joined = text.replace("\\\n", " ")
    fenced = False
    for line in joined.splitlines():
        if line.startswith("```"):
            fenced = not fenced
        elif fenced or line.startswith("    "):
            yield line.strip(), True
        else:
            yield from ((code, False) for code in re.findall(r"`([^`]+)`", line))


def commands_in(text: str) -> Iterator[tuple[list[str], bool]]:
    """The words after ``flask --app survey`` of each command, and whether it stands in a block."""
    for code, in_block in code_lines(text):
        if PROGRAM in code:
            words = code.split(PROGRAM, 1)[1].split("#")[0].split("…")[0]
            yield shlex.split(words.split(" | ")[0]), in_block


def resolve(command: click.Command, words: list[str]) -> tuple[click.Command, list[str]]:
    """The command that *words* name, and the words that are left for it."""
    while isinstance(command, click.Group) and words:
        assert words[0] in command.commands, f"there is no command {words[0]}"
        command, words = command.commands[words[0]], words[1:]
    return command, words


def check_command(root: click.Group, words: list[str], whole: bool) -> None:
    """Fail unless *words* are a command with options it has; a *whole* one lacks nothing."""
    command, given = resolve(root, words)
    context = click.Context(command)
    values, rest, _ = command.make_parser(context).parse_args(given)
    assert not rest or isinstance(command, click.Group), f"{rest} is too much for {command.name}"
    for parameter in command.params:
        value = values.get(parameter.name)
        if isinstance(parameter.type, click.Choice) and isinstance(value, str):
            assert value in parameter.type.choices
        if whole and parameter.required:
            assert isinstance(value, str | tuple), f"{words} lacks {parameter.name}"


@pytest.fixture(scope="module")
def commands(tmp_path_factory: pytest.TempPathFactory) -> click.Group:
    """The commands of the service."""
    folder = tmp_path_factory.mktemp("instance")
    return create_app({"instance_path": folder, "testing": True}).cli


@every_doc
def test_every_command_exists_with_its_options(doc: Path, commands: click.Group) -> None:
    for words, in_block in commands_in(doc.read_text("utf-8")):
        try:
            check_command(commands, words, whole=in_block)
        except click.UsageError as error:
            pytest.fail(f"{words}: {error.message}")


@pytest.mark.parametrize(
    "line",
    [
        "round",
        "round status",
        "round create x",
        "posters x --output p.pdf",
        "audit verify --head H",
    ],
)
def test_commands_are_found(line: str, commands: click.Group) -> None:
    check_command(commands, line.split(), whole=False)


@pytest.mark.parametrize(
    "line", ["rounds", "round begin", "round status --all", "round status a b", "posters --output"]
)
def test_commands_that_are_not_there_are_noticed(line: str, commands: click.Group) -> None:
    with pytest.raises((AssertionError, click.UsageError)):
        check_command(commands, line.split(), whole=False)


def test_a_whole_command_lacks_nothing(commands: click.Group) -> None:
    with pytest.raises(AssertionError, match="lacks"):
        check_command(commands, ["round", "create", "x", "--title", "T"], whole=True)


def leaves(command: click.Command, path: str) -> Iterator[tuple[str, click.Command]]:
    """Every command under *command* with its full name."""
    if not isinstance(command, click.Group):
        yield path, command
        return
    for name, child in command.commands.items():
        yield from leaves(child, f"{path} {name}")


def every_command() -> list[tuple[str, click.Command]]:
    """The commands of our own, by full name."""
    ours = [leaf for root in (*GROUPS, *COMMANDS) for leaf in leaves(root, str(root.name))]
    return [(path, command) for path, command in ours if path != "demo"]


@pytest.mark.parametrize(
    ("path", "command"), every_command(), ids=[path for path, _ in every_command()]
)
def test_every_command_and_option_is_told(path: str, command: click.Command) -> None:
    text = OPERATE.read_text("utf-8")
    assert f"{PROGRAM}{path}" in text
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            assert any(
                re.search(rf"(?<![\w-]){option}(?![\w-])", text) for option in parameter.opts
            ), parameter.opts


@every_doc
def test_every_make_target_exists(doc: Path) -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    for code, _ in code_lines(doc.read_text("utf-8")):
        named = re.match(r"(?:[A-Z_]+=\S+ )*make ([a-z]\S*)", code)
        assert named is None or named[1] in targets


@every_doc
def test_every_setting_that_is_named_exists(doc: Path) -> None:
    named = set(re.findall(rf"{PREFIX}([A-Z_]*[A-Z])", doc.read_text("utf-8")))
    assert named <= {name.upper() for name in Settings.model_fields}


@pytest.mark.parametrize("name", Settings.model_fields)
def test_every_setting_is_told_with_its_default(name: str) -> None:
    table = dict(
        re.findall(rf"^\| `({PREFIX}[A-Z_]+)` \| (.+?) \|", OPERATE.read_text("utf-8"), re.M)
    )
    told = table[f"{PREFIX}{name.upper()}"]
    default = Settings.model_fields[name].default
    if isinstance(default, bool):
        assert f"`{str(default).lower()}`" in told
    elif default and name != "instance_path":
        assert f"`{default}`" in told
    else:
        assert told.startswith("empty") or name == "instance_path"


@pytest.mark.parametrize("name", Policy.model_fields)
def test_every_constant_is_told_with_its_default(name: str) -> None:
    text = OPERATE.read_text("utf-8")
    told = re.search(rf"`{name}`[^|]*\| ([^|]+) \|", text)
    assert told is not None
    default = getattr(Policy(), name)
    words = {None: "none", (): "none", 1 / 3: "one third"}
    assert told[1] == (words.get(default) or f"{default:g}")


def slug(heading: str) -> str:
    """The anchor that a heading gets where these pages are shown."""
    plain = re.sub(r"[^\w\- ]", "", heading.strip().lower())
    return plain.replace(" ", "-")


def anchors(doc: Path) -> set[str]:
    """Every anchor of *doc*."""
    return {slug(found) for found in re.findall(r"^#+ (.+)$", doc.read_text("utf-8"), re.M)}


@every_doc
def test_every_link_leads_somewhere(doc: Path) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", doc.read_text("utf-8")):
        if target.startswith(("http://", "https://", "mailto:")):
            continue
        path, _, anchor = target.partition("#")
        file = (doc.parent / path).resolve() if path else doc
        assert file.is_relative_to(ROOT), target
        assert file.exists(), target
        assert not anchor or anchor in anchors(file), target


@every_doc
def test_no_page_names_a_folder_of_some_machine(doc: Path) -> None:
    found = re.findall(r"(?<![\w.:/])/(?:work|home|root|tmp|Users|mnt)\b", doc.read_text("utf-8"))
    assert found == []


@every_doc
def test_every_file_of_the_house_that_is_named_exists(doc: Path) -> None:
    text = doc.read_text("utf-8")
    for named in re.findall(
        r"`((?:survey|tests|docs|templates|static|requirements)/[^`\s]*)`", text
    ):
        assert (ROOT / named).exists(), named


def test_every_doc_that_the_code_names_exists() -> None:
    named = {
        (found, name_of(source))
        for source in SOURCES
        for found in re.findall(r"docs/[\w/-]+\.(?:md|schema\.json)", source.read_text("utf-8"))
    }
    assert [each for each in sorted(named) if not (ROOT / each[0]).exists()] == []


def test_every_doc_can_be_reached_from_the_index() -> None:
    index = (ROOT / "docs" / "README.md").read_text("utf-8")
    pages = {path.name for path in (ROOT / "docs").glob("*.md")} - {"README.md"}
    assert {name for name in pages if f"({name})" not in index} == set()


def test_changes_have_a_place_to_go() -> None:
    assert re.search(r"^## Unreleased$", (ROOT / "CHANGES.md").read_text("utf-8"), re.MULTILINE)


def test_the_example_of_a_questionnaire_can_be_used() -> None:
    text = (ROOT / "docs" / "questionnaires.md").read_text("utf-8")
    example = re.search(r"```json\n(.+?)```", text, re.DOTALL)
    assert example is not None
    asked = questionnaire.from_dict(json.loads(example[1]))
    assert asked.audience == "mass"
    for model in (questionnaire.Questionnaire, questionnaire.Dimension, questionnaire.Item):
        assert all(f"`{field}`" in text for field in model.model_fields)
