"""The interface of a plug-in, which brings one kind of provider: what it asks a person for, what it
finds with that, and the provider it opens.

A plug-in is an object with what `Plugin` names. Its settings are one Struct, from which the form of
the window and the options of the console are made: each field has an `AskedFor` in its annotation,
and whatever `msgspec.Meta` bounds it.
"""

from collections import Counter
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any, Literal, Protocol, get_args, get_origin, get_type_hints

import msgspec
from msgspec import NODEFAULT, Struct

from autosky_desktop.domain.environment_settings import (
    MOST_MACHINES,
    MOST_VALUE,
    CheckLine,
    FieldKind,
    Found,
    ProviderField,
    Values,
)
from autosky_desktop.server.db.clock import Now
from autosky_desktop.server.providers.provider import Provider
from autosky_desktop.words.language import _
from autosky_desktop.words.provider import CHOSEN_TWICE, FIELD_MISSING, UNREADABLE

API = 1
"""The number of this interface. A plug-in with another one is not used."""


class WrongSettings(ValueError):
    """Raised for values that are no settings of the provider; its text is a sentence."""


class AskedFor(Struct, frozen=True):
    """The part of a field's annotation that says how it is asked for, as ProviderField has it.

    One that is not needed to look around (`access` False) has a default: it is not known yet then.
    """

    label: str
    kind: FieldKind = FieldKind.TEXT
    access: bool = True
    required: bool = False
    hint: str = ""
    help: str = ""


class ProviderPace(Struct, frozen=True, kw_only=True):
    """The pace at which a provider is asked: how often an environment is read in which something
    moves, and one in which nothing does; how many questions are asked at once, and how long each
    may take (None: as long as it likes). A `shared` one has all environments of its kind. A
    simulated one lives `speed` times as fast as real machines and people.
    """

    moving_seconds: float = 4.0
    settled_seconds: float = 20.0
    at_once: int = 4
    answer_seconds: float | None = 60.0
    shared: bool = False
    speed: float = 1.0


class Services(Struct, frozen=True, kw_only=True):
    """The things that a provider is given when it is opened: the clock, a folder of its own for
    what it has to remember, and the id of the control plane, for the tags on what it makes.
    """

    now: Now
    folder: Path
    control_plane: str


class Plugin(Protocol):
    """A kind of provider. It may also have `requires`, the modules without which it does not work,
    `install`, a sentence how to get them, and `pace`, how it is asked. Nothing heavy is imported
    before a call needs it, and what waits for an answer in a thread has threads of its own.

    Raises ProviderBusy and ProviderRefused as a provider does.
    """

    api: int
    name: str
    title: str
    settings: type[Any]

    async def find(self, settings: Any, /) -> Found:
        """Look at what is there; what is chosen from it may not be set yet. Nothing is changed."""

    def check(self, environment: str, settings: Any, /) -> AsyncIterator[CheckLine]:
        """Try what the settings are good for, line by line. Nothing is changed."""

    async def open(self, environment: str, settings: Any, services: Services, /) -> Provider:
        """Return the provider of one environment. If it has `close`, that is awaited when the
        environment goes or gets other settings.
        """


def pace_of(plugin: Plugin | None) -> ProviderPace:
    found = getattr(plugin, "pace", None)
    return found if isinstance(found, ProviderPace) else ProviderPace()


def fields_of(plugin: Plugin) -> list[ProviderField]:
    """Return what the plug-in asks for, made from its settings."""
    hints = get_type_hints(plugin.settings, include_extras=True)
    return [_field(it, hints[it.name]) for it in msgspec.structs.fields(plugin.settings)]


def typed(plugin: Plugin, values: Values, *, whole: bool = True) -> Struct:
    """Return the values as the plug-in's settings. Not `whole`: only what gives access is needed.

    Raises WrongSettings.
    """
    given = {name: value for name, value in values.items() if value}
    chosen: Counter[str] = Counter()
    for field in fields_of(plugin):
        value = given.get(field.name, ())
        texts = [value] if isinstance(value, str) else value
        if len(texts) > MOST_MACHINES or not all(map(_is_text, texts)):
            raise WrongSettings(_(UNREADABLE).format(label=field.label))
        if field.kind in (FieldKind.MACHINE, FieldKind.MACHINES):
            chosen.update(texts)
        if field.required and (whole or field.access) and field.name not in given:
            raise WrongSettings(_(FIELD_MISSING).format(label=field.label))
    if chosen and chosen.most_common(1)[0][1] > 1:
        raise WrongSettings(_(CHOSEN_TWICE).format(id=chosen.most_common(1)[0][0]))
    try:
        found: Struct = msgspec.convert(given, plugin.settings, strict=False)
    except msgspec.ValidationError as error:
        raise WrongSettings(str(error).rstrip(".") + ".") from error
    return found


def _is_text(value: str) -> bool:
    return value.isprintable() and len(value) <= MOST_VALUE


def _field(field: msgspec.structs.FieldInfo, hint: Any) -> ProviderField:
    kind, *more = get_args(hint) if hasattr(hint, "__metadata__") else (hint,)
    asked = next((it for it in more if isinstance(it, AskedFor)), AskedFor(field.name))
    choices = [str(it) for it in get_args(kind)] if get_origin(kind) is Literal else []
    return ProviderField(
        name=field.name,
        label=_(asked.label),
        kind=_kind(asked, kind).value,
        access=asked.access,
        required=asked.required or field.required,
        default="" if field.default in (NODEFAULT, None) else str(field.default),
        hint=asked.hint,
        help=_(asked.help) if asked.help else "",
        choices=choices,
    )


_KINDS: Mapping[Any, FieldKind] = {int: FieldKind.NUMBER, float: FieldKind.NUMBER}


def _kind(asked: AskedFor, kind: Any) -> FieldKind:
    if asked.kind is not FieldKind.TEXT:
        return asked.kind
    return FieldKind.CHOICE if get_origin(kind) is Literal else _KINDS.get(kind, FieldKind.TEXT)
