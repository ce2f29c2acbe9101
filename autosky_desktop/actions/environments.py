"""The half-finished settings of an environment (what was chosen, what was found, and what is still
missing), and the requests that it leads to.
"""

from collections.abc import Collection, Iterator, Sequence
from enum import Enum, auto
from math import isfinite
from typing import TYPE_CHECKING, Any, NamedTuple

from msgspec.structs import replace

from autosky_desktop.actions.intents import Order, PlaneHolder
from autosky_desktop.domain.environment import Environment, Label
from autosky_desktop.domain.environment_settings import (
    MOST_VALUE,
    CheckResult,
    EnvironmentSettings,
    FieldKind,
    Found,
    FoundGroup,
    FoundMachine,
    ProviderField,
    ProviderInfo,
    Values,
)
from autosky_desktop.domain.errors import Offline
from autosky_desktop.domain.searching import plain
from autosky_desktop.words import adding as words

if TYPE_CHECKING:
    from autosky_desktop.client.environments import EnvironmentCalls


NO_TIME = ""
"""The daily stop, while what was typed is no time."""


class AddingStep(Enum):
    """The steps of adding an environment, in their order."""

    WHERE = auto()
    MACHINES = auto()
    RULES = auto()
    CHECK = auto()


class Offer(NamedTuple):
    """Something that was found, to be chosen for a field. One that is `taken` belongs to another
    environment.
    """

    id: str
    name: str
    about: str = ""
    taken: bool = False


class EnvironmentDraft:
    """The form of an environment as far as it is filled in; `before` is what was saved of one that
    is there already.

    `settings` is what would be saved, `found` what the provider told, `checked` the result of a
    check: both are None as soon as they are of something else than what stands there now.
    """

    def __init__(self, before: EnvironmentSettings | None = None) -> None:
        label = Label.PRODUCTION.value
        self.before = before
        self.settings = before or EnvironmentSettings(name="", label=label, provider="")
        self.providers: Sequence[ProviderInfo] = ()
        self.step = AddingStep.WHERE if before is None else AddingStep.RULES
        self._fresh = self.settings
        self._values = {self.settings.provider: self.settings.values}
        self._found: Found | None = None
        self._looked_with: object = None
        self._check: CheckResult | None = None
        self._checked_of: EnvironmentSettings | None = None

    @property
    def touched(self) -> bool:
        """Return whether a person has filled something in."""
        return self.settings != self._fresh

    @property
    def provider(self) -> ProviderInfo | None:
        known = (it for it in self.providers if it.name == self.settings.provider)
        return next(known, None)

    @property
    def access_fields(self) -> list[ProviderField]:
        return [it for it in self._fields() if it.access]

    @property
    def choice_fields(self) -> list[ProviderField]:
        """Return the fields that are chosen from what was found."""
        return [it for it in self._fields() if not it.access]

    def _fields(self) -> list[ProviderField]:
        return self.provider.fields if self.provider else []

    def choose_provider(self, name: str) -> None:
        """Take that provider; what was filled in for it before stands there again."""
        if name != self.settings.provider:
            self._values[self.settings.provider] = self.settings.values
            self.settings = replace(self.settings, provider=name, values=self._values.get(name, {}))

    def value(self, field: ProviderField) -> str:
        """Return what stands in a field that holds one value."""
        said = self.settings.values.get(field.name, field.default)
        return said if isinstance(said, str) else ""

    def chosen(self, field: ProviderField) -> list[str]:
        """Return what is chosen in a field that holds several."""
        said = self.settings.values.get(field.name, [])
        return said if isinstance(said, list) else [said]

    def put(self, name: str, value: str | list[str]) -> None:
        """Put a value into a field of the provider."""
        self.change(values={**self.settings.values, name: value})

    def change(self, **more: Any) -> None:
        """Change settings that all environments have."""
        self.settings = replace(self.settings, **more)

    def begin_in(self, time_zone: str) -> None:
        """Begin with that time zone, which nobody has chosen yet."""
        self.settings = self._fresh = replace(self._fresh, time_zone=time_zone)

    @property
    def access(self) -> Values:
        """Return what is needed to look."""
        return {it.name: self.value(it) for it in self.access_fields}

    @property
    def found(self) -> Found | None:
        here = (self.settings.provider, self.access)
        return self._found if self._looked_with == here else None

    def take_found(self, found: Found, access: Values) -> None:
        """Take what was found with that access; what seems to be meant is chosen where nothing
        was.
        """
        self._found, self._looked_with = found, (self.settings.provider, access)
        for field in self.choice_fields:
            likely = self._likely(field, found)
            if likely and not self.settings.values.get(field.name):
                self.put(field.name, likely)

    def _likely(self, field: ProviderField, found: Found) -> str | list[str]:
        if suggested := found.suggested.get(field.name):
            return suggested
        those: list[FoundMachine | FoundGroup] = [*found.machines, *found.groups]
        meant = [it for it in those if it.suggests == field.name]
        free = [it.id for it in meant if not self._is_taken(getattr(it, "taken_by", ""))]
        if FieldKind(field.kind) is FieldKind.MACHINES:
            return free
        return free[0] if len(free) == 1 else ""

    def offers(self, field: ProviderField) -> list[Offer]:
        """Return what can be chosen for that field, by name; what is chosen and was not found
        again is there too.
        """
        found, kind = self.found or Found(), FieldKind(field.kind)
        if kind is FieldKind.GROUP:
            there = [Offer(it.id, it.name, words.group(it)) for it in found.groups]
        elif kind is FieldKind.IMAGE:
            there = [Offer(it, it) for it in found.images]
        else:
            there = [
                Offer(it.id, it.name, words.machine(it), self._is_taken(it.taken_by))
                for it in found.machines
            ]
        there.sort(key=lambda it: (it.taken, plain(it.name)))
        known = {it.id for it in there}
        several = kind is FieldKind.MACHINES
        chosen = self.chosen(field) if several else [self.value(field)]
        lost = words.gone() if self.found else ""
        return [Offer(it, it, lost) for it in chosen if it and it not in known] + there

    def _is_taken(self, environment: str) -> bool:
        return bool(environment) and (self.before is None or environment != self.before.name)

    @property
    def checked(self) -> CheckResult | None:
        return self._check if self._checked_of == self.settings else None

    def take_check(self, result: CheckResult, of: EnvironmentSettings) -> None:
        self._check, self._checked_of = result, of

    def problems(self, step: AddingStep, names: Collection[str] = ()) -> dict[str, str]:
        """Say by field what a person has to mend on that page; `names` are those of the other
        environments.
        """
        if step is AddingStep.WHERE:
            return dict(self._of_access())
        if step is AddingStep.MACHINES:
            return dict(self._of_choices())
        return dict(self._of_rules(names)) if step is AddingStep.RULES else {}

    def first_problem(self, names: Collection[str] = ()) -> AddingStep | None:
        """Return the first page on which something is to be mended."""
        return next((it for it in AddingStep if self.problems(it, names)), None)

    def _of_access(self) -> Iterator[tuple[str, str]]:
        if self.provider is None or self.provider.unusable:
            yield "provider", words.no_provider()
        yield from self._of_fields(self.access_fields)

    def _of_choices(self) -> Iterator[tuple[str, str]]:
        machines: dict[str, ProviderField] = {}
        for field in self.choice_fields:
            kind = FieldKind(field.kind)
            several = kind is FieldKind.MACHINES
            if several or kind is FieldKind.MACHINE:
                for it in self.chosen(field) if several else [self.value(field)]:
                    if it and (other := machines.setdefault(it, field)) is not field:
                        yield field.name, words.chosen_twice(self._name(it), other)
        yield from self._of_fields(self.choice_fields)

    def _of_fields(self, fields: Sequence[ProviderField]) -> Iterator[tuple[str, str]]:
        for field in fields:
            several = FieldKind(field.kind) is FieldKind.MACHINES
            text = "".join(self.chosen(field)) if several else self.value(field).strip()
            if field.required and not text:
                yield field.name, words.missing(field)
            elif FieldKind(field.kind) is FieldKind.NUMBER and text and not _is_number(text):
                yield field.name, words.no_number()
            elif not several and len(text) > MOST_VALUE:
                yield field.name, words.too_long(MOST_VALUE)

    def _of_rules(self, names: Collection[str]) -> Iterator[tuple[str, str]]:
        name = self.settings.name.strip()
        if not name:
            yield "name", words.no_name()
        elif plain(name) in {plain(it) for it in names}:
            yield "name", words.name_in_use()
        if self.settings.daily_stop == NO_TIME:
            yield "daily_stop", words.no_time()

    def _name(self, machine: str) -> str:
        there = self.found.machines if self.found else []
        return next((it.name for it in there if it.id == machine), machine)


def _is_number(text: str) -> bool:
    try:
        return isfinite(float(text))
    except ValueError:
        return False


class EnvironmentRequests:
    """The requests about environments as such. None writes the store: the feed tells the
    results.
    """

    def __init__(self, link: PlaneHolder) -> None:
        self._link = link

    async def providers(self) -> list[ProviderInfo]:
        return (await self._calls().providers()).providers

    async def find(self, provider: str, values: Values) -> Found:
        return await self._calls().find(provider, values)

    async def check(self, settings: EnvironmentSettings) -> CheckResult:
        return await self._calls().check(settings)

    async def settings(self, environment: str) -> EnvironmentSettings:
        return await self._calls().settings(environment)

    def save(self, settings: EnvironmentSettings) -> Order[Environment]:
        """Add the environment, or change the one that has that id."""
        if settings.id:
            return Order(lambda key: self._calls().change(settings.id, settings, key=key))
        return Order(lambda key: self._calls().add(settings, key=key))

    def pause(self, environment: str) -> Order[Environment]:
        return Order(lambda key: self._calls().pause(environment, key=key))

    def resume(self, environment: str) -> Order[Environment]:
        return Order(lambda key: self._calls().resume(environment, key=key))

    def remove(self, environment: str) -> Order[None]:
        return Order(lambda key: self._calls().remove(environment, key=key))

    def _calls(self) -> "EnvironmentCalls":
        if self._link.plane is None:
            raise Offline("not connected")
        return self._link.plane.managed
