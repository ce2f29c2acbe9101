"""The plans of options: for each one a plan in which it is not as it is at first."""

from collections.abc import Mapping
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any

from msgspec import inspect

from autosky_desktop.domain.plan import (
    Deadline,
    Hold,
    Model,
    Options,
    Plan,
    Reconnection,
    switch_of,
)

FAR = datetime(2099, 12, 1, 12, tzinfo=UTC)
MESSAGE = Reconnection(minutes=7, message="Save now: {version} comes at {time}.", again_minutes=2)
VALUES: Mapping[str, dict[str, Any]] = MappingProxyType({
    "model": {"model": Model.STANDARD.value},
    "options": {"options": Options(block_instances=False, terminate_sessions=True)},
    "reconnection": {"model": Model.RECONNECT.value, "reconnection": MESSAGE},
    "deadline": {"model": Model.KEEP.value, "deadline": Deadline(at=FAR, reconnection=MESSAGE)},
    "hold": {"hold": Hold(share=25, bake_seconds=600)},
    "image_of": {"image_of": 39},
    "switch": {"switch": switch_of(FAR, "America/Sao_Paulo")},
    "stop_at_first_failure": {"stop_at_first_failure": False},
    "emails": {"emails": ("ana@example.com", "rui@bücher.example")},
})  # fmt: skip
"""Of options whose declaration gives no example."""


def each_option() -> dict[str, Plan]:
    """Return the plans by option. A new one needs an example in the plan, or a value here."""
    info = inspect.type_info(Plan)
    assert isinstance(info, inspect.StructType)
    return {it.name: Plan(**VALUES.get(it.name) or {it.name: _example(it)}) for it in info.fields}


def _example(field: inspect.Field) -> object:
    told = field.type
    assert isinstance(told, inspect.Metadata), f"{field.name} gives no example"
    return (told.extra_json_schema or {})["examples"][0]
