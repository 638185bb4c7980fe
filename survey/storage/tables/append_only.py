"""What keeps the audit log append-only: triggers that refuse every change but one more entry.

They are made with the table, here for `create_all` and in the migrations for everything else.
SQLite's third one refuses INSERT OR REPLACE, which fires no trigger for what it replaces.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, event

from survey.storage.tables.staff import AuditRow

_SQLITE = (
    "CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit "
    "BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END",
    "CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit "
    "BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END",
    "CREATE TRIGGER audit_in_order BEFORE INSERT ON audit "
    "WHEN NEW.id <> (SELECT COALESCE(MAX(id), 0) + 1 FROM audit) "
    "BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END",
)
_POSTGRESQL = (
    "CREATE OR REPLACE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN RAISE EXCEPTION 'the audit log is append-only'; END $$",
    "CREATE TRIGGER audit_no_change BEFORE UPDATE OR DELETE ON audit "
    "FOR EACH ROW EXECUTE FUNCTION refuse_audit_change()",
    "CREATE TRIGGER audit_no_truncate BEFORE TRUNCATE ON audit "
    "FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change()",
)

_STATEMENTS = {"sqlite": _SQLITE, "postgresql": _POSTGRESQL}


@event.listens_for(AuditRow.__table__, "after_create")
def _make_triggers(_table: Any, connection: Connection, **_how: Any) -> None:
    for statement in _STATEMENTS[connection.dialect.name]:
        connection.exec_driver_sql(statement)
