"""The column types of our own, moments in UTC and Structs as JSON, and rows as Structs."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, TypeVar

import msgspec
from sqlalchemy import DateTime, Dialect, Row, Text, TypeDecorator

from autosky_desktop.server.db.errors import StorageDamaged

T = TypeVar("T")
S = TypeVar("S", bound=msgspec.Struct)


class _Checked(TypeDecorator[T]):
    """A column type that checks what it reads, for SQLite lets a column hold anything."""

    __abstract__ = True
    cache_ok = True

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Any] | None:
        read = super().result_processor(dialect, coltype)
        return read and _checked(read)


def _checked(read: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def checked(value: Any) -> Any:
        try:
            return read(value)
        except (ValueError, TypeError, msgspec.MsgspecError) as error:
            raise StorageDamaged(f"a row cannot be read: {error}") from error

    return checked


class Utc(_Checked[datetime]):
    """A column of aware moments, kept in UTC: SQLite returns times without their zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        return None if value is None else _in_utc(value)

    def process_result_value(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        if value is None or value.tzinfo is not None:
            return value
        return value.replace(tzinfo=UTC)


def _in_utc(moment: datetime) -> datetime:
    """Convert a moment to UTC. What is then beyond the calendar becomes its end: nobody may ask for
    it, but older rows may hold it.
    """
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        return (datetime.max if moment.year > 1 else datetime.min).replace(tzinfo=UTC)


class Document(_Checked[Any]):
    """A column that holds a Struct, or a list of them, as JSON text."""

    impl = Text
    cache_ok = True

    def __init__(self, kind: Any) -> None:
        super().__init__()
        self.kind = kind

    def process_bind_param(self, value: Any, _dialect: Dialect) -> str | None:
        return None if value is None else msgspec.json.encode(value).decode()

    def process_result_value(self, value: str | None, _dialect: Dialect) -> Any:
        return None if value is None else msgspec.json.decode(value, type=self.kind)


def as_struct(kind: type[S], row: Row[Any]) -> S:
    """Return the Struct whose fields are columns of the row, leaving out the row's other columns.

    Raises StorageDamaged for what we never write: SQLite lets any column hold anything.
    """
    values = row._mapping
    names = zip(kind.__struct_encode_fields__, kind.__struct_fields__, strict=True)
    try:
        return msgspec.convert({told: values[name] for told, name in names}, kind)
    except msgspec.ValidationError as error:
        raise StorageDamaged(f"{kind.__name__}: {error}") from error
