"""Defines the tables, with columns named as the domain's fields: a row becomes a Struct as is."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    Sequence,
    String,
    Table,
    Text,
    false,
)

from autosky_desktop.domain.connection import LONGEST_NAME
from autosky_desktop.domain.environment import Environment
from autosky_desktop.domain.environment_settings import Values
from autosky_desktop.domain.local_time import WallClock
from autosky_desktop.domain.operation import Differences
from autosky_desktop.domain.plan import Plan
from autosky_desktop.domain.publication import Step
from autosky_desktop.domain.server import ScheduledShutdown
from autosky_desktop.server.db.columns import Document, Utc

HEAD = "0018"
"""The revision this schema is at; the newest migration carries the same."""

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_label)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _number() -> BigInteger:
    """Return the type of a number that is given to each row; SQLite has one that counts itself."""
    return BigInteger().with_variant(Integer, "sqlite")


def _of_environment() -> Column[str]:
    return Column("environment", ForeignKey("environment.id"), nullable=False)


# `told` is the environment as the feed last told it; the list is read from it alone. Users may be
# asked to reconnect `monthly_reconnections` times a month; NULL: without a limit.
# `highest_version` is the highest that has an image, or that an instance runs or ran. `provider` is
# the name of a plug-in, and `provider_title` what it called itself when it was chosen. One that was
# removed keeps its row, and so its history and its id.
environment = Table(
    "environment",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("position", Integer, nullable=False),
    Column("name", String(200), nullable=False),
    Column("label", String(32), nullable=False),
    Column("kind", String(32), nullable=False),
    Column("provider", String(64), nullable=False),
    Column("time_zone", String(64), nullable=False),
    Column("run_hours", Integer, nullable=False),
    Column("demo", Boolean, nullable=False),
    Column("current_version", Integer),
    Column("confirmed_at", Utc, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("told", Document(Environment)),
    Column("daily_stop", String(5)),
    Column("unreachable", Text),
    Column("monthly_reconnections", Integer, server_default="4"),
    Column("highest_version", Integer),
    Column("provider_title", String(64), nullable=False, server_default=""),
    Column("provider_values", Document(Values), nullable=False, server_default="{}"),
    Column("longest_extension_hours", Integer, nullable=False, server_default="12"),
    Column("paused", Boolean, nullable=False, server_default=false()),
    Column("remedy", Text),
    Column("removed_at", Utc),
    Column("reading", BigInteger, nullable=False, server_default="0"),
    Column("trouble", String(32)),
)

server = Table(
    "server",
    metadata,
    Column("id", String(128), primary_key=True),
    _of_environment(),
    Column("position", Integer, nullable=False),
    Column("name", String(200), nullable=False),
    Column("role", String(32), nullable=False),
    Column("status", String(32), nullable=False),
    Column("since", Utc, nullable=False),
    Column("public_ip", String(64)),
    Column("private_ip", String(64)),
    Column("type", String(64), nullable=False),
    Column("platform_version", String(64)),
    Column("image_status", String(32)),
    Column("image_since", Utc),
    Column("shutdown", Document(ScheduledShutdown)),
    Index(None, "environment"),
)

# Of indexes of a few rows: PostgreSQL's condition stands in the migrations alone. To name that
# dialect here would load it at every start.

# The few servers that will switch themselves off, found without looking at all the others.
Index(
    "ix_server_shutdown",
    server.c.environment,
    sqlite_where=server.c.shutdown.is_not(None),
)

instance = Table(
    "instance",
    metadata,
    Column("id", String(128), primary_key=True),
    _of_environment(),
    Column("name", String(200), nullable=False),
    Column("status", String(32), nullable=False),
    Column("version", Integer, nullable=False),
    Column("sessions", Integer),
    Column("public_ip", String(64)),
    Column("private_ip", String(64)),
    Index(None, "environment"),
)

# `number` orders the history; a page's cursor is the last number on it. `model` is the plan's, for
# the history to be filtered by. `counted_at`: when it was counted against the environment's
# monthly limit.
publication = Table(
    "publication",
    metadata,
    Column("number", _number(), primary_key=True),
    Column("id", String(64), nullable=False, unique=True),
    _of_environment(),
    Column("version", Integer, nullable=False),
    Column("model", String(32), nullable=False),
    Column("state", String(32), nullable=False),
    Column("publisher", String(200), nullable=False),
    Column("requested_by", String(200), nullable=False),
    Column("requested_at", Utc, nullable=False),
    Column("steps", Document(list[Step]), nullable=False),
    Column("note", String(200), nullable=False),
    Column("replaces", Integer),
    Column("started_at", Utc),
    Column("ended_at", Utc),
    Column("platform_version", String(64)),
    Column("instances_replaced", Integer, nullable=False),
    Column("sessions_ended", Integer, nullable=False),
    Column("scheduled_for", Utc),
    Column("time_zone", String(64)),
    Column("changed_at", Utc),
    Column("waiting_for", String(32)),
    Column("waits_until", Utc),
    Column("asked_at", Utc),
    Column("disconnect_at", Utc),
    Column("sessions_left", Integer),
    Column("instances_total", Integer, nullable=False, server_default="0"),
    Column("instances_failed", Integer, nullable=False, server_default="0"),
    Column("cancel_asked_by", String(200)),
    Column("retries", Integer, nullable=False, server_default="0"),
    Column("reason", String(64)),
    Column("image_gone", Boolean, nullable=False, server_default=false()),
    Column("counted_at", Utc),
    Column("meant", Document(WallClock)),
    Column("rules_moved_from", Utc),
    Column("plan", Document(Plan), nullable=False, server_default="{}"),
    Column("hold_passed_by", String(200)),
    Column("deadline_refused", String(64)),
    Column("requested_by_id", String(200)),
    Column("replaced_image", String(128)),
    Index(None, "state", "scheduled_for"),
)

# Holds all that the history is filtered and searched by: no row is read that is not shown.
_HISTORY = (
    "environment", "number", "model", "state", "publisher", "version", "note",
    "requested_at", "scheduled_for", "started_at",
)  # fmt: skip
Index("ix_publication_history", *(publication.c[name] for name in _HISTORY))

# The few that users were asked to reconnect for.
Index(
    "ix_publication_counted",
    publication.c.environment,
    publication.c.counted_at,
    sqlite_where=publication.c.counted_at.is_not(None),
)

# The newest event is never purged, so that an id is never given twice.
event = Table(
    "event",
    metadata,
    Column("id", _number(), primary_key=True),
    _of_environment(),
    Column("revision", Integer, nullable=False),
    Column("kind", String(32), nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("at", Utc, nullable=False),
)

idempotency = Table(
    "idempotency",
    metadata,
    Column("principal", String(200), primary_key=True),
    Column("key", String(200), primary_key=True),
    Column("fingerprint", String(64), nullable=False),
    Column("status", Integer, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("at", Utc, nullable=False),
)

# What calls of a provider that have a key came to. An environment that is removed leaves its rows
# until they are old.
provider_call = Table(
    "provider_call",
    metadata,
    Column("environment", String(64), primary_key=True),
    Column("kind", String(32), primary_key=True),
    Column("key", String(300), primary_key=True),
    Column("answer", LargeBinary, nullable=False),
    Column("at", Utc, nullable=False),
)

operation = Table(
    "operation",
    metadata,
    Column("number", _number(), primary_key=True),
    Column("id", String(64), nullable=False, unique=True),
    _of_environment(),
    Column("kind", String(32), nullable=False),
    Column("state", String(32), nullable=False),
    Column("by", String(200), nullable=False),
    Column("started_at", Utc, nullable=False),
    Column("ended_at", Utc),
    Column("differences", Document(Differences)),
    Column("reason", String(64)),
    Column("detail", Text, nullable=False),
    Column("owner", String(32)),
    Column("by_id", String(200)),
    Index(None, "environment", "number"),
    Index(None, "state"),
)

# The record: what was asked for or fell due. Rows are added, never changed and never deleted.
request = Table(
    "activity_request",
    metadata,
    Column("number", _number(), primary_key=True),
    Column("id", String(64), nullable=False, unique=True),
    _of_environment(),
    Column("at", Utc, nullable=False),
    Column("kind", String(32), nullable=False),
    Column("by", String(200)),
    Column("target", String(200), nullable=False),
    Column("version", Integer),
    Column("moved_from", Utc),
    Column("moved_to", Utc),
    Column("count", Integer),
    Column("account", String(LONGEST_NAME), nullable=False, server_default=""),
    Column("by_id", String(200)),
    Index("ix_activity_request_at", "environment", "at"),
    Index("ix_activity_request_kind", "environment", "kind", "at"),
    Index("ix_activity_request_by", "environment", "by", "at"),
    Index("ix_activity_request_kind_by", "environment", "kind", "by", "at"),
)

# What came of it: one row at most for each request, added when the outcome was seen.
outcome = Table(
    "activity_outcome",
    metadata,
    Column("request", ForeignKey("activity_request.number"), primary_key=True),
    Column("outcome", String(32), nullable=False),
    Column("ended_at", Utc, nullable=False),
    Column("reason", String(64)),
    Column("detail", Text, nullable=False),
    Column("count", Integer),
)

# A list of work and no part of the record: requests whose outcome nobody has seen yet. `subject`
# is the id of the server, publication or operation to look at, `owner` that of the worker that was
# asked, NULL once that is gone.
awaited = Table(
    "activity_awaited",
    metadata,
    Column("request", ForeignKey("activity_request.number"), primary_key=True),
    _of_environment(),
    Column("subject", String(128), nullable=False),
    Column("owner", String(32)),
    Index(None, "environment"),
)

# Its id is the one of its request in the record.
connection = Table(
    "connection",
    metadata,
    Column("id", String(64), primary_key=True),
    _of_environment(),
    Column("server", String(128), nullable=False),
    Column("account", String(LONGEST_NAME), nullable=False),
    Column("address", String(LONGEST_NAME), nullable=False),
    Column("protocol", String(LONGEST_NAME), nullable=False),
    Column("by", String(200), nullable=False),
    Column("at", Utc, nullable=False),
    Column("outcome", String(32), nullable=False),
    Column("ended_at", Utc),
    Column("by_id", String(200)),
)

# Those that go on, found without looking at all that ever were.
Index(
    "ix_connection_open",
    connection.c.at,
    sqlite_where=connection.c.ended_at.is_(None),
)

# The processes that serve this control plane together, each from its start on. What one that is
# `gone` did is done by others; `since` is when the lease began that has not run out meanwhile.
worker = Table(
    "worker",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("name", String(200), nullable=False),
    Column("since", Utc, nullable=False),
    Column("lease_until", Utc, nullable=False),
    Column("gone", Boolean, nullable=False, server_default=false()),
)

# What one of them does alone, while it is not gone.
led_part = Table(
    "led_part",
    metadata,
    Column("part", Text, primary_key=True),
    Column("worker", String(32), nullable=False),
)

# What one of them is about to do, and the others wait for.
turn = Table(
    "turn",
    metadata,
    Column("name", Text, primary_key=True),
    Column("worker", String(32), nullable=False),
)

# Numbers readings of providers in the order in which they were asked for. SQLite has none, and one
# process counts by itself.
reading_number = Sequence("reading_number", metadata=metadata)

# Who was removed keeps the row, and so the id, for the record; `email` is in small letters, and
# `subject` what an OpenID provider calls them.
person = Table(
    "person",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("name", String(200), nullable=False),
    Column("email", String(254), nullable=False, unique=True),
    Column("active", Boolean, nullable=False),
    Column("created_at", Utc, nullable=False),
    Column("removed_at", Utc),
    Column("subject", String(255), unique=True),
)

person_group = Table(
    "person_group",
    metadata,
    Column("person", ForeignKey("person.id"), primary_key=True),
    Column("name", String(200), primary_key=True),
)

# Who has which role where: `holder` is a person's id or a group's name, as `kind` says, and
# `environment` is "*" for all of them. The roles of one that was removed stay, as its history does.
member = Table(
    "member",
    metadata,
    Column("environment", String(64), primary_key=True),
    Column("kind", String(16), primary_key=True),
    Column("holder", String(200), primary_key=True),
    Column("role", String(32), nullable=False),
    Index("ix_member_holder", "kind", "holder"),
)

# One row, made when this control plane opened the database for the first time.
control_plane = Table(
    "control_plane",
    metadata,
    Column("id", String(32), primary_key=True),
)

stamp = Table(
    "alembic_version",
    MetaData(),
    Column("version_num", String(32), nullable=False),
    PrimaryKeyConstraint("version_num", name="alembic_version_pkc"),
)
"""Alembic's own note of the revision; read and written here so that Alembic need not load."""
