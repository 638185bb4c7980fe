"""How SQLite and PostgreSQL keep, copy, log and clear what is written."""

from __future__ import annotations

from collections.abc import Iterator

from survey.core.doctor.facts import PostgresFacts, SqliteFacts
from survey.core.doctor.finding import Finding, judge
from survey.core.wording import N_, say


def sqlite(found: SqliteFacts) -> Iterator[Finding]:
    """What a connection to SQLite is set to."""
    remedy = say(N_("Keep the database on a local disk, and use the service's own SQLite."))
    yield from judge(
        N_("SQLite"),
        N_("SQLite wipes what is deleted, and writes to the disk what is acknowledged."),
        (
            found.secure_delete != 1,
            "broken",
            say(N_("Deleted rows stay in the file (secure_delete is not ON).")),
            remedy,
        ),
        (
            found.journal_mode != "wal",
            "broken",
            say(
                N_(
                    "The log of the database cannot be cleared (journal_mode is %(mode)s, not wal)."
                ),
                mode=found.journal_mode,
            ),
            remedy,
        ),
        (
            found.synchronous < 2,  # 2: FULL
            "broken",
            say(
                N_("A power cut may lose answers that were acknowledged (synchronous is not FULL).")
            ),
            remedy,
        ),
        (
            found.temp_store != 2,  # 2: MEMORY
            "broken",
            say(N_("The seal leaves a copy in a temporary file (temp_store is not MEMORY).")),
            remedy,
        ),
    )


def postgres(found: PostgresFacts) -> Iterator[Finding]:
    """What a PostgreSQL server is set to, and what this account may do there."""
    yield from _durability(found.settings)
    yield from _clearing(found)
    yield from _logging(found.settings)
    yield from _copies(found)


def _durability(settings: dict[str, str]) -> Iterator[Finding]:
    off = tuple(name for name in ("fsync", "synchronous_commit") if settings.get(name) == "off")
    yield from judge(
        N_("PostgreSQL: what is acknowledged"),
        N_("PostgreSQL writes to the disk what is acknowledged."),
        (
            bool(off),
            "broken",
            say(
                N_("A power cut may lose answers that were acknowledged. Off are: %(names)s"),
                names=off,
            ),
            say(N_("Set them to on, and reload PostgreSQL.")),
        ),
    )


def _clearing(found: PostgresFacts) -> Iterator[Finding]:
    settings = found.settings
    yield from judge(
        N_("PostgreSQL: clearing"),
        N_("The seal can clear the log of PostgreSQL, and nothing keeps more than that log."),
        (
            not found.may_clear,
            "broken",
            say(N_("The database account may not clear the log; no round can be sealed.")),
            say(
                N_(
                    "Grant it pg_checkpoint, pg_switch_wal() and pg_ls_waldir(), "
                    "as docs/operate.md says."
                )
            ),
        ),
        (
            settings.get("wal_recycle") == "on",
            "weak",
            say(
                N_(
                    "PostgreSQL uses log files again with what is in them (wal_recycle = on). The "
                    "seal fills them; while a round is open they hold more of its past."
                )
            ),
            say(N_("Set wal_recycle = off, and reload PostgreSQL.")),
        ),
        (
            settings.get("track_commit_timestamp") == "on",
            "weak",
            say(
                N_(
                    "PostgreSQL keeps the time of every answer while a round is open "
                    "(track_commit_timestamp = on)."
                )
            ),
            say(N_("Set track_commit_timestamp = off, and start PostgreSQL again.")),
        ),
        (
            bool(found.sampled),
            "weak",
            say(
                N_("PostgreSQL takes samples of what must not outlive a round: %(names)s"),
                names=found.sampled,
            ),
            say(N_("For each column say: ALTER TABLE … ALTER COLUMN … SET STATISTICS 0")),
        ),
    )


def _logging(settings: dict[str, str]) -> Iterator[Finding]:
    speaking = tuple(name for name, silent in _SILENT.items() if _speaks(settings, name, silent))
    with_values = settings.get("log_parameter_max_length") != "0"
    yield from judge(
        N_("PostgreSQL: its log of statements"),
        N_("PostgreSQL writes no statement into its log."),
        (
            bool(speaking) and with_values,
            "broken",
            say(
                N_(
                    "PostgreSQL writes ballots and digests of slips into its log, in the order in "
                    "which they came, because of: %(names)s. No seal clears that file."
                ),
                names=speaking,
            ),
            say(
                N_(
                    "Set log_statement = none, log_parameter_max_length = 0 and the others to "
                    "their defaults, reload PostgreSQL, and destroy the logs that are there."
                )
            ),
        ),
        (
            bool(speaking) and not with_values,
            "weak",
            say(
                N_("PostgreSQL writes the time of every answer into its log: %(names)s"),
                names=speaking,
            ),
            say(N_("Set log_statement = none and the others to their defaults.")),
        ),
        (
            settings.get("log_parameter_max_length_on_error", "0") != "0",
            "broken",
            say(
                N_("PostgreSQL quotes ballots in error lines (log_parameter_max_length_on_error).")
            ),
            say(N_("Set log_parameter_max_length_on_error = 0, and reload PostgreSQL.")),
        ),
        (
            settings.get("log_error_verbosity", "terse") != "terse",
            "weak",
            say(N_("An error line of PostgreSQL may quote a row (log_error_verbosity).")),
            say(N_("Set log_error_verbosity = terse, and reload PostgreSQL.")),
        ),
    )


_SILENT = {
    "log_statement": ("none", "ddl"),
    "log_duration": ("off",),
    "log_min_duration_statement": ("-1",),
    "log_min_duration_sample": ("-1",),
    "log_transaction_sample_rate": ("0",),
}
"""Settings that write statements into the log, and the values at which they do not."""


def _speaks(settings: dict[str, str], name: str, silent: tuple[str, ...]) -> bool:
    return settings.get(name, silent[0]) not in silent


def _copies(found: PostgresFacts) -> Iterator[Finding]:
    command = found.settings.get("archive_command") or found.settings.get("archive_library") or "-"
    yield from judge(
        N_("PostgreSQL: copies of its log"),
        N_("Nobody else keeps a copy of PostgreSQL's log."),
        (
            found.copies.archived,
            "weak",
            say(
                N_("The log of an open round is archived, and no seal clears that: %(command)s"),
                command=command,
            ),
            say(
                N_("Destroy the archive from opening to seal before witnesses, or archive nothing.")
            ),
        ),
        (
            bool(found.copies.slots),
            "weak",
            say(
                N_("Replication slots hold the log back, and may hold up the seal: %(names)s"),
                names=found.copies.slots,
            ),
            say(N_("Drop the slots that nobody needs: SELECT pg_drop_replication_slot('…')")),
        ),
        (
            bool(found.copies.standbys),
            "weak",
            say(
                N_("Standby servers keep a log of their own: %(names)s"),
                names=found.copies.standbys,
            ),
            say(N_("After each seal say CHECKPOINT on them, or make them anew before witnesses.")),
        ),
    )
