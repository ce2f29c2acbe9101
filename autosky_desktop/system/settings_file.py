"""A file of settings that a person takes to another computer. No secret is ever in it, and nothing
that names environments, belongs to one computer, or tells what to start.
"""

from pathlib import Path
from typing import Annotated, Any, NamedTuple

import msgspec

from autosky_desktop.system.kept_file import DAMAGED
from autosky_desktop.system.settings import ALL, OF_COMPUTER, OF_PLANE, Settings, every_choice
from autosky_desktop.system.writing import WholeFile

CARRIED = ALL - OF_PLANE - OF_COMPUTER
LARGEST = 1_000_000
"""Bytes: a larger file holds something else."""


class _File(msgspec.Struct, kw_only=True, tag_field="holds", tag="settings of Autosky Desktop"):
    settings: Annotated[dict[str, msgspec.Raw], msgspec.Meta(max_length=1_000)]


class FoundSettings(NamedTuple):
    """The settings of a file: those that can be taken, and the names of those that cannot."""

    values: dict[str, Any]
    refused: list[str]


class NoSettings(Exception):
    """Raised for a file that holds something else."""


def export(settings: Settings, target: Path) -> None:
    """Write the file whole or not at all. Raises CannotWrite."""
    names = (name for name in Settings.__struct_fields__ if name in CARRIED)
    kept = {name: msgspec.Raw(msgspec.json.encode(getattr(settings, name))) for name in names}
    file = WholeFile(target)
    try:
        file.write(msgspec.json.format(msgspec.json.encode(_File(settings=kept))).decode() + "\n")
        file.keep()
    finally:
        file.drop()


def read(source: Path) -> FoundSettings:
    """Return what is in the file. A value that cannot be had costs itself alone. Raises OSError,
    NoSettings.
    """
    with source.open("rb") as opened:
        content = opened.read(LARGEST + 1)
    try:
        if len(content) > LARGEST:
            raise NoSettings(f"more than {LARGEST} bytes")
        found = msgspec.json.decode(content, type=_File).settings
    except DAMAGED as cause:
        raise NoSettings(str(cause)) from cause
    values = {name: _value(name, raw) for name, raw in found.items() if name in CARRIED}
    taken = {name: it for name, it in values.items() if it is not msgspec.UNSET}
    return FoundSettings(taken, [name for name in found if name not in taken])


def _value(name: str, raw: msgspec.Raw) -> Any:
    """Return the value of a setting; UNSET where that setting cannot have it."""
    kind = next(it.type for it in msgspec.structs.fields(Settings) if it.name == name)
    try:
        value = msgspec.json.decode(raw, type=kind)
    except DAMAGED:
        return msgspec.UNSET
    choices = every_choice().get(name)
    known = choices is None or choices.others or value in choices.values
    return value if known else msgspec.UNSET
