"""Makes what was asked of a publication one plan, apart from how its hold and deadline ended.

What is told again of publications changes alike: the feed's events, and the answers that are kept
for a repeat. A part of a row that is no JSON stays as it is, and is met when it is read.

Revision ID: 0008
"""

import json
from collections.abc import Callable, Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

PARTS = ("options", "reconnection", "deadline", "hold", "emails")
"""Columns that hold JSON."""
VALUES = {"image_of": "imageOf", "stop_at_first_failure": "stopAtFirstFailure"}
"""Columns that hold a value, and what the wire calls it."""
ASKED = ("model", *PARTS, *VALUES.values())
CAME = {"hold": ("passedBy", "holdPassedBy"), "deadline": ("refused", "deadlineRefused")}
"""Where an outcome stood in a part of the plan, and what the publication calls it now."""
OLD: tuple[sa.Column[Any], ...] = (
    sa.Column("options", sa.Text, nullable=False, server_default="{}"),
    sa.Column("reconnection", sa.Text),
    sa.Column("deadline", sa.Text),
    sa.Column("hold", sa.Text),
    sa.Column("image_of", sa.Integer),
    sa.Column("stop_at_first_failure", sa.Boolean, nullable=False, server_default=sa.true()),
    sa.Column("emails", sa.Text, nullable=False, server_default="[]"),
)
NEW: tuple[sa.Column[Any], ...] = (
    sa.Column("plan", sa.Text, nullable=False, server_default="{}"),
    sa.Column("hold_passed_by", sa.String(200)),
    sa.Column("deadline_refused", sa.String(64)),
)

TOGETHER = 500

Document = dict[str, Any]


def upgrade() -> None:
    for column in NEW:
        op.add_column("publication", column)
    _rewrite_rows(_as_plan)
    _rewrite_told(_with_plan)
    for column in OLD:
        op.drop_column("publication", column.name)


def downgrade() -> None:
    for column in OLD:
        op.add_column("publication", column)
    _rewrite_rows(_as_parts)
    _rewrite_told(_with_parts)
    for column in reversed(NEW):
        op.drop_column("publication", column.name)


def _rewrite_rows(becomes: Callable[[sa.RowMapping], Document]) -> None:
    names = ("number", "model", *(column.name for column in (*OLD, *NEW)))
    _rewrite(sa.table("publication", *map(sa.column, names)), ("number",), sa.true(), becomes)


def _rewrite(
    table: sa.TableClause,
    keys: Sequence[str],
    which: sa.ColumnElement[bool],
    becomes: Callable[[sa.RowMapping], Document],
) -> None:
    """Replace each row by what it becomes, many rows at once: there may be thousands."""
    connection, columns = op.get_bind(), [table.c[key] for key in keys]
    found = connection.execute(sa.select(*columns).where(which)).all()
    ours = sa.and_(*(column == sa.bindparam(f"its_{column.name}") for column in columns))
    for begin in range(0, len(found), TOGETHER):
        part = sa.tuple_(*columns).in_([tuple(it) for it in found[begin : begin + TOGETHER]])
        rows = connection.execute(sa.select(table).where(part)).mappings().all()
        changed = [{**becomes(row), **{f"its_{key}": row[key] for key in keys}} for row in rows]
        connection.execute(sa.update(table).where(ours), changed)


def _as_plan(row: sa.RowMapping) -> Document:
    """Return the row's plan as JSON, put together by hand: a part that is unreadable is kept."""
    parts = {name: row[name] for name in PARTS if row[name] is not None}
    plan = {name: _read(text) for name, text in parts.items()}
    came = _taken_out(plan)
    texts = {name: _text(plan[name], text) for name, text in parts.items()}
    texts |= {"model": json.dumps(row["model"], default=repr)}
    texts |= {told: json.dumps(row[name], default=repr) for name, told in VALUES.items()}
    texts |= {"stopAtFirstFailure": json.dumps(bool(row["stop_at_first_failure"]))}
    return {
        "plan": "{" + ",".join(f'"{name}":{text}' for name, text in texts.items()) + "}",
        "hold_passed_by": came.get("holdPassedBy"),
        "deadline_refused": came.get("deadlineRefused"),
    }


def _as_parts(row: sa.RowMapping) -> Document:
    kept = {column.name: row[column.name] for column in OLD}
    plan = _read(row["plan"])
    if not isinstance(plan, dict):
        return kept
    came = {"holdPassedBy": row["hold_passed_by"], "deadlineRefused": row["deadline_refused"]}
    _put_back(plan, came)
    parts = {name: json.dumps(plan[name]) for name in PARTS if plan.get(name) is not None}
    return kept | parts | {name: plan[told] for name, told in VALUES.items() if told in plan}


def _rewrite_told(becomes: Callable[[Document], None]) -> None:
    """Rewrite what is told again: the bodies of events and of answers."""

    def told_anew(row: sa.RowMapping) -> Document:
        told = _read(row["body"])
        if not (isinstance(told, dict) and "steps" in told and "requestedBy" in told):
            return {"body": row["body"]}
        becomes(told)
        return {"body": json.dumps(told, separators=(",", ":"), ensure_ascii=False).encode()}

    event = sa.table("event", *map(sa.column, ("id", "kind", "body")))
    _rewrite(event, ("id",), event.c.kind == "publication", told_anew)
    answer = sa.table("idempotency", *map(sa.column, ("operator", "key", "body")))
    _rewrite(answer, ("operator", "key"), sa.true(), told_anew)


def _with_plan(told: Document) -> None:
    plan = {name: told.pop(name) for name in ASKED if name in told}
    told |= _taken_out(plan) | {"plan": plan}


def _with_parts(told: Document) -> None:
    plan = told.pop("plan", {})
    _put_back(plan, {name: told.pop(name, None) for _, name in CAME.values()})
    told |= plan


def _taken_out(plan: Document) -> Document:
    """Remove from the plan the outcomes that it no longer holds, and return them."""
    return {
        name: plan[part].pop(within, None)
        for part, (within, name) in CAME.items()
        if isinstance(plan.get(part), dict) and isinstance(plan[part].get(within), str | None)
    }


def _put_back(plan: Document, came: Document) -> None:
    for part, (within, name) in CAME.items():
        if isinstance(plan.get(part), dict):
            plan[part][within] = came[name]


def _read(text: Any) -> Any:
    """Return what the JSON says, or the text itself if it is no JSON."""
    try:
        return json.loads(text)
    except (ValueError, TypeError):
        return text


def _text(value: Any, text: Any) -> str:
    """Return the value as JSON; a text that was no JSON stays as it was."""
    return str(text) if value is text else json.dumps(value)
