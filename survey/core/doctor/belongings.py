"""Rounds, their key files, and the folders that others must not read."""

from __future__ import annotations

from collections.abc import Iterator

from survey.core.doctor.facts import BoxFacts, Place
from survey.core.doctor.finding import Fault, Finding, judge
from survey.core.wording import N_, say

_OPEN_TO_OTHERS = 0o077
_READABLE = 0o044


def rounds(boxes: BoxFacts, production: bool) -> Iterator[Finding]:
    """Rounds and boxes: what was cut short, what is missing, what is left over."""
    yield from judge(
        N_("Rounds"),
        N_("Every round that was sealed is scrubbed, and every live one has its key files."),
        (
            bool(boxes.waiting),
            "broken",
            say(
                N_(
                    "The scrub was cut short: what links answers to slips is still there: %(names)s"
                ),
                names=boxes.waiting,
            ),
            say(N_("Say: flask --app survey round resume")),
        ),
        (
            bool(boxes.keyless),
            "broken",
            say(
                N_("Key files are missing; nobody can open these boxes: %(names)s"),
                names=boxes.keyless,
            ),
            say(N_("Put the key folder back, or set SURVEY_KEY_FOLDER to where it is.")),
        ),
        (
            bool(boxes.left_tables),
            "broken",
            say(
                N_("Tables of a ballot box are there without a live round: %(names)s"),
                names=boxes.left_tables,
            ),
            say(N_("Find out who put them there and drop them. The next seal clears the disk.")),
        ),
        (
            bool(boxes.left_keys),
            "broken",
            say(
                N_("Key files are there without a live round: %(names)s"),
                names=boxes.left_keys,
            ),
            say(
                N_(
                    "If they belong to another database, keep each database's keys apart. "
                    "Otherwise a copy was put back: destroy it before witnesses."
                )
            ),
        ),
        (
            production and bool(boxes.demonstration),
            "broken",
            say(
                N_("The demonstration and its accounts are in this database: %(names)s"),
                names=boxes.demonstration,
            ),
            say(N_("Begin with an empty database and an empty instance folder.")),
        ),
    )


def key_folder(beside_database: bool) -> Iterator[Finding]:
    """Where the key folder is."""
    yield from judge(
        N_("Key folder"),
        N_("The key folder is not in the folder of the database."),
        (
            beside_database,
            "weak",
            say(
                N_(
                    "The key folder is in the folder of the database. A copy of that folder holds "
                    "both, and then the halves alone keep the answers of an open round secret."
                )
            ),
            say(
                N_(
                    "Set SURVEY_KEY_FOLDER to a folder outside of everything that is backed up, "
                    "and move the files there. Unless it is set, it is keys in the instance folder."
                )
            ),
        ),
    )


def places(found: tuple[Place, ...]) -> Iterator[Finding]:
    """Who can read the folders."""
    yield from judge(
        N_("Files"),
        N_("Nobody but the account of the service can read the folders of database and keys."),
        *(fault for place in found for fault in _faults(place)),
    )


def _faults(place: Place) -> Iterator[Fault]:
    closed = not place.mode & _OPEN_TO_OTHERS
    readable = tuple(name for name, mode in place.files if mode & _READABLE)
    yield (
        not closed and bool(readable),
        "broken",
        say(
            N_("Other accounts of this server can read %(path)s: %(names)s"),
            path=place.path,
            names=readable,
        ),
        say(N_("Say: chmod 700 %(path)s; chmod 600 %(path)s/*"), path=place.path),
    )
    yield (
        not closed and not readable,
        "weak",
        say(N_("Other accounts of this server can look into %(path)s."), path=place.path),
        say(N_("Say: chmod 700 %(path)s"), path=place.path),
    )
