"""Which work is measured against which floor."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from tests.bench import process
from tests.bench.cost import Cost, interleave


@dataclass(frozen=True)
class Line:
    """One line of the table: what it is called, what is run, against which floor."""

    text: str
    function: str
    floor: str = ""
    warm: bool = False
    scaled: int = 1


@dataclass(frozen=True)
class Group:
    """Lines that are measured in turn; their functions are in *module*."""

    title: str
    module: str
    lines: tuple[Line, ...]


GROUPS = (
    Group(
        "Paper, in Chinese",
        "printing",
        (
            Line("posters for 41 villages", "posters", "pages"),
            Line("  floor: fpdf2, 41 pages of one line in the font", "pages"),
            Line("tickets, 10,000 in one PDF", "tickets", "codes"),
            Line("tickets, 41 × 243 in a ZIP", "archive_of", "codes"),
            Line("  floor: qrcode, 10,000 codes of one mask, not drawn", "codes"),
            Line("  plain against the ZIP: 1,000 × 10", "plain", "archive_of", scaled=10),
            Line("  its memory: 10,000, but the mask given", "plain_whole", "archive_of"),
            Line("posters, 10,000 in one PDF", "many_posters", "codes"),
            Line("posters, 500 townships × 20 in a ZIP", "bundles", "codes"),
            Line("  plain against one PDF: 1,000 × 10", "plain_posters", "many_posters", scaled=10),
            Line("  its memory: 10,000, against the ZIP", "plain_posters_whole", "bundles"),
        ),
    ),
    Group(
        "Register",
        "register",
        (
            Line("import of 469 villages, to the COMMIT", "first", "floor"),
            Line("the same file again, nothing changed", "again", "floor"),
            Line("  floor: csv and sqlite3.executemany", "floor"),
        ),
    ),
    Group(
        "A register of 50,000 against one of 500",
        "registry",
        (
            Line("import of 5,000, against 500", "import_middle", "import_small"),
            Line("import of 50,000, against 500", "import_large", "import_small"),
            Line("  floor: import of 500", "import_small"),
            Line("a page in its middle with its filters", "page_large", "page_small"),
            Line("  floor: of 500", "page_small"),
            Line("a search by name", "search_large", "search_small"),
            Line("  floor: among 500", "search_small"),
        ),
    ),
    Group(
        "The villager's form, made for 1,000 visitors",
        "form",
        (
            Line("pressed once, spliced for each", "spliced", "floor", warm=True),
            Line("rendered by Jinja for each", "rendered", "floor", warm=True),
            Line("  floor: as many bytes, the same for all", "floor", warm=True),
        ),
    ),
    Group(
        "Scores of 41 × 100 ballots × 2 audiences",
        "scoring",
        (
            Line("from the ballots (recompute)", "recompute", "floor", warm=True),
            Line("from the tallies (score_round)", "score", "floor", warm=True),
            Line("the same, the first time in a process", "score", "floor"),
            Line("  floor: numpy, mean and variance of each item", "floor", warm=True),
        ),
    ),
    Group(
        "A large round: 465 × 300 ballots × 2 audiences",
        "large",
        (
            Line("from the ballots to suggestions", "reckoned_from_ballots", "floor", warm=True),
            Line("from the tallies to suggestions", "reckoned_from_tallies", "floor", warm=True),
            Line("from the ballots to what a page may show", "from_ballots", "floor", warm=True),
            Line("from the tallies to what a page may show", "from_tallies", "floor", warm=True),
            Line("  of it scores with their intervals", "score", "floor", warm=True),
            Line("  of it release of both sources", "release", "floor", warm=True),
            Line("  of it gaps, rates, suggestions", "derive", "floor", warm=True),
            Line("tallies from the text of the database", "read_tallies", "floor", warm=True),
            Line("  floor: numpy, mean and variance of each item", "floor", warm=True),
            Line("flask method on two files, without its start", "from_file", "read_file"),
            Line("  the same, a text for each ballot", "from_file_of_signs", "read_file"),
            Line("  floor: json.loads and numpy.array", "read_file"),
            Line("limits of α, 1,000 drawings", "bootstrap", "products"),
            Line("  floor: as many matrix products", "products"),
            Line("half a million ballots, to scores", "half_a_million", "counted", warm=True),
            Line("five million", "five_million", "counted", warm=True),
            Line("  floor: numpy.bincount of the five million", "counted", warm=True),
        ),
    ),
    Group(
        "The desk of a sealed round: 465 × 300 ballots × 2 audiences",
        "desk",
        (
            Line("the page of a village", "village", "shell", warm=True),
            Line("  when another group has just agreed", "after_consensus", "shell", warm=True),
            Line("  a picture of it that the browser has", "picture", "shell", warm=True),
            Line("the desk of a lead, 7 villages", "desk", "shell", warm=True),
            Line("the desk of an administrator, 465", "whole_desk", "shell", warm=True),
            Line("  floor: the smallest page of the staff", "shell", warm=True),
        ),
    ),
    Group(
        "Screens of 465 × 300 ballots × 2 audiences",
        "screening",
        (
            Line("all four, for every village", "screens", "floor"),
            Line("  floor: numpy.unique over all ballots", "floor"),
        ),
    ),
    Group(
        "The seal of 139,500 ballots in 465 villages, SQLite",
        "sealing",
        (
            Line("from the box to a cleared disk", "whole", "decrypt"),
            Line("  floor: as many sealed boxes opened", "decrypt"),
        ),
    ),
    Group(
        "Import",
        "imports",
        (
            Line("import survey.application", "application", "libraries"),
            Line("  floor: import flask, sqlalchemy.orm, pydantic, nacl", "libraries"),
        ),
    ),
)


def measure(group: Group) -> list[tuple[str, Cost, Cost | None]]:
    """Return each line's text, cost and floor."""
    costs = interleave(
        {
            line.text: partial(process.measure, group.module, line.function, line.warm)
            for line in group.lines
        }
    )
    floors = {line.function: costs[line.text] for line in group.lines}
    return [
        (line.text, _scaled(costs[line.text], line), floors.get(line.floor)) for line in group.lines
    ]


def _scaled(cost: Cost, line: Line) -> Cost:
    return cost.times(line.scaled) if line.scaled > 1 else cost
