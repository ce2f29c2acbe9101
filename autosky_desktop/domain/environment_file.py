"""Environments as a TOML file has them: one table for each, named by its id."""

import json
import tomllib
from collections.abc import Mapping
from typing import Any

import msgspec

from autosky_desktop.domain.environment_settings import EnvironmentSettings, Values

VALUES = "settings"
"""The table within one that is the provider's."""

_NAMES = {
    field.name: field.encode_name
    for field in msgspec.structs.fields(EnvironmentSettings)
    if field.name not in ("id", "values")
}


def read(text: str) -> dict[str, EnvironmentSettings | str]:
    """Return each environment by its id: its settings, or a sentence why these are none. Raises
    ValueError for what is no TOML.
    """
    try:
        tables = tomllib.loads(text)
    except RecursionError as error:
        raise ValueError("Too many brackets within brackets") from error
    return {identity: _settings(identity, table) for identity, table in tables.items()}


def write(settings: EnvironmentSettings) -> str:
    """Return the environment as it would stand in the file."""
    told = msgspec.to_builtins(settings)
    kept = {name: told[wire] for name, wire in _NAMES.items() if told.get(wire) is not None}
    lines = [f"[{_key(settings.id)}]", *_lines(kept)]
    if settings.values:
        lines += ["", f"[{_key(settings.id)}.{VALUES}]", *_lines(settings.values)]
    return "\n".join(lines) + "\n"


def _settings(identity: str, table: Any) -> EnvironmentSettings | str:
    if not isinstance(table, dict):
        return f"“{identity}” is no table."
    given = dict(table)
    values = given.pop(VALUES, {})
    if unknown := sorted(given.keys() - _NAMES.keys()):
        return f"Nothing is known of “{unknown[0]}”."
    asked = {_NAMES[name]: value for name, value in given.items()}
    try:
        return msgspec.convert(
            {**asked, "id": identity, "values": _values(values)}, EnvironmentSettings
        )
    except msgspec.ValidationError as error:
        return f"{error}."


def _values(table: Any) -> Values | Any:
    """Return the values as text, which a person may have written as numbers."""
    if not isinstance(table, Mapping):
        return table
    return {name: _value(value) for name, value in table.items()}


def _value(value: object) -> object:
    return str(value) if isinstance(value, int | float) else value


def _lines(table: Mapping[str, Any]) -> list[str]:
    return [f"{_key(name)} = {_text(value)}" for name, value in table.items()]


def _key(name: str) -> str:
    bare = name.isascii() and name.replace("-", "").replace("_", "").isalnum()
    return name if bare else _text(name)


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)  # what it makes of these, TOML reads alike
