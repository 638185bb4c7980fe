"""Each thing that weakens a promise is said, with its remedy, when it is so; and not otherwise."""

from dataclasses import fields, replace

import pytest

from survey.core.doctor import (
    BoxFacts,
    Copies,
    Facts,
    Place,
    PostgresFacts,
    SettingFacts,
    SqliteFacts,
    examine,
)

SILENT = {
    "archive_command": "",
    "archive_library": "",
    "archive_mode": "off",
    "fsync": "on",
    "log_duration": "off",
    "log_error_verbosity": "terse",
    "log_min_duration_sample": "-1",
    "log_min_duration_statement": "-1",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
    "log_statement": "none",
    "log_transaction_sample_rate": "0",
    "synchronous_commit": "on",
    "track_commit_timestamp": "off",
    "wal_recycle": "off",
}
SQLITE = SqliteFacts(journal_mode="wal", synchronous=2, secure_delete=1, temp_store=2)
POSTGRES = PostgresFacts(settings=SILENT, may_clear=True, copies=Copies())
SETTINGS = SettingFacts(
    production=True,
    debug=False,
    two_person=True,
    base_address="https://ping.example.org",
    secret_length=64,
    key_cost="moderate",
)
SOUND = Facts(
    settings=SETTINGS,
    places=(Place("/srv/ping", 0o700, (("survey.sqlite", 0o644),)),),
    keys_beside_database=False,
    database=SQLITE,
    boxes=BoxFacts(),
)


def told(facts):
    """Return severity and text of all that is not fine."""
    return [
        (finding.severity, f"{finding.sentence} {finding.remedy}")
        for finding in examine(facts)
        if finding.severity != "fine"
    ]


def on_postgres(**changes):
    names = {field.name for field in fields(PostgresFacts)}
    direct = {name: value for name, value in changes.items() if name in names}
    settings = SILENT | {name: value for name, value in changes.items() if name not in names}
    return replace(SOUND, database=replace(POSTGRES, settings=settings, **direct))


def with_settings(**changes):
    return replace(SOUND, settings=replace(SETTINGS, **changes))


def with_boxes(**changes):
    return replace(SOUND, boxes=BoxFacts(**changes))


def with_sqlite(**changes):
    return replace(SOUND, database=replace(SQLITE, **changes))


@pytest.mark.parametrize("facts", [SOUND, on_postgres()], ids=["sqlite", "postgres"])
def test_nothing_is_said_against_a_sound_installation(facts):
    assert told(facts) == []
    assert len(examine(facts)) >= 10


CASES = [
    ("broken", "round resume", with_boxes(waiting=("spring",))),
    ("broken", "SURVEY_KEY_FOLDER", with_boxes(keyless=("spring",))),
    ("broken", "box7_intake", with_boxes(left_tables=("box7_intake",))),
    ("broken", "round-7.pepper", with_boxes(left_keys=("round-7.pepper",))),
    ("broken", "demonstration", with_boxes(demonstration=("demo-open",))),
    ("weak", "SURVEY_KEY_FOLDER", replace(SOUND, keys_beside_database=True)),
    ("broken", "chmod 700 /k", replace(SOUND, places=(Place("/k", 0o755, (("a", 0o640),)),))),
    ("broken", "/k: a", replace(SOUND, places=(Place("/k", 0o710, (("a", 0o604),)),))),
    ("weak", "look into /k", replace(SOUND, places=(Place("/k", 0o755, (("a", 0o600),)),))),
    ("broken", "http://ping.example.org", with_settings(base_address="http://ping.example.org")),
    ("weak", "No phone can reach", with_settings(base_address="")),
    ("weak", "No phone can reach", with_settings(base_address="http://127.0.0.1:8000")),
    ("weak", "SURVEY_PRODUCTION=1", with_settings(production=False)),
    ("broken", "FLASK_DEBUG", with_settings(debug=True)),
    ("weak", "SURVEY_TWO_PERSON", with_settings(two_person=False)),
    ("broken", "has 31 signs", with_settings(secret_length=31)),
    ("weak", "SURVEY_KEY_COST", with_settings(key_cost="minimum")),
    ("broken", "GUNICORN_CMD_ARGS", with_settings(server_arguments="--access-logfile -")),
    ("broken", "secure_delete", with_sqlite(secure_delete=2)),
    ("broken", "secure_delete", with_sqlite(secure_delete=0)),
    ("broken", "journal_mode is delete", with_sqlite(journal_mode="delete")),
    ("broken", "synchronous", with_sqlite(synchronous=1)),
    ("broken", "temp_store", with_sqlite(temp_store=0)),
    ("broken", "Off are: fsync", on_postgres(fsync="off")),
    ("broken", "synchronous_commit", on_postgres(synchronous_commit="off")),
    ("broken", "pg_checkpoint", on_postgres(may_clear=False)),
    ("weak", "wal_recycle", on_postgres(wal_recycle="on")),
    ("weak", "track_commit_timestamp", on_postgres(track_commit_timestamp="on")),
    ("weak", "SET STATISTICS 0", on_postgres(sampled=("box7_spent.mac",))),
    ("broken", "log_statement", on_postgres(log_statement="mod", log_parameter_max_length="-1")),
    ("weak", "log_statement", on_postgres(log_statement="all")),
    (
        "broken",
        "log_min_duration_statement",
        on_postgres(log_min_duration_statement="250", log_parameter_max_length="-1"),
    ),
    ("weak", "log_min_duration_sample", on_postgres(log_min_duration_sample="0")),
    ("weak", "log_transaction_sample_rate", on_postgres(log_transaction_sample_rate="0.1")),
    ("weak", "log_duration", on_postgres(log_duration="on")),
    ("broken", "in error lines", on_postgres(log_parameter_max_length_on_error="-1")),
    ("weak", "log_error_verbosity", on_postgres(log_error_verbosity="default")),
    (
        "weak",
        "cp %p /archive/%f",
        on_postgres(copies=Copies(archived=True), archive_command="cp %p /archive/%f"),
    ),
    ("weak", "pg_drop_replication_slot", on_postgres(copies=Copies(slots=("old",)))),
    ("weak", "walreceiver", on_postgres(copies=Copies(standbys=("walreceiver",)))),
]


@pytest.mark.parametrize(
    ("severity", "word", "facts"),
    CASES,
    ids=[f"{number} {case[1]}" for number, case in enumerate(CASES)],
)
def test_what_weakens_a_promise_is_said(severity, word, facts):
    ((said, text),) = told(facts)
    assert said == severity
    assert word in text


def test_the_demonstration_is_fine_where_nothing_is_real():
    facts = replace(
        with_boxes(demonstration=("demo",)), settings=replace(SETTINGS, production=False)
    )
    assert [severity for severity, _ in told(facts)] == ["weak"]


def test_the_worst_comes_first():
    facts = replace(with_settings(two_person=False, debug=True), keys_beside_database=True)
    severities = [finding.severity for finding in examine(facts)]
    assert severities[:4] == ["broken", "weak", "weak", "fine"]
