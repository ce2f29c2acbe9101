"""The console's way to environments: it finds, checks, adds, changes and removes them over HTTP.

The options of a provider are made of the fields that the control plane tells of it.
"""

import argparse
import asyncio
import sys
import uuid
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from pathlib import Path

import click
import msgspec
from msgspec.structs import replace

from autosky_desktop.client.control_plane import ControlPlane
from autosky_desktop.console.reach import Reach, Way, connecting, found, said
from autosky_desktop.domain import environment_file
from autosky_desktop.domain.environment_settings import (
    CheckState,
    EnvironmentSettings,
    FieldKind,
    Found,
    ProviderField,
    ProviderInfo,
    Values,
)
from autosky_desktop.domain.errors import AutoskyError
from autosky_desktop.words import console
from autosky_desktop.words import environment_console as words
from autosky_desktop.words.language import _

PROGRAM = "autosky environment"
SETTINGS: Mapping[str, tuple[type, str]] = {
    "label": (str, words.LABEL),
    "kind": (str, words.KIND),
    "time_zone": (str, words.TIME_ZONE),
    "run_hours": (int, words.RUN_HOURS),
    "daily_stop": (str, words.DAILY_STOP),
    "longest_extension_hours": (int, words.EXTENSION),
    "monthly_reconnections": (int, words.RECONNECTIONS),
}
"""The options of every environment, by the settings' names."""

Command = Callable[[ControlPlane, argparse.Namespace, list[str]], Awaitable[int]]


def main(arguments: Sequence[str]) -> int:
    """Do what is asked and return the exit code."""
    given, more = _parser().parse_known_args(arguments)
    try:
        way = found(
            Reach(url=given.url, token_file=given.token_file, data=given.data, plane=given.plane)
        )
        return asyncio.run(_done(way, given, more))
    except click.ClickException as error:
        sys.stderr.write(f"{PROGRAM}: {error.message}\n")
        return error.exit_code
    except AutoskyError as error:
        sys.stderr.write(f"{PROGRAM}: {said(error)}\n")
        return 1


async def _done(way: Way, given: argparse.Namespace, more: list[str]) -> int:
    run: Command = given.run
    async with connecting(way) as connector, connector.connected() as plane:
        return await run(plane, given, more)


async def _list_providers(plane: ControlPlane, _given: argparse.Namespace, more: list[str]) -> int:
    _refuse(more)
    for provider in (await plane.managed.providers()).providers:
        _say(f"{provider.name}  {provider.title}")
        if provider.unusable:
            _say(f"    {provider.unusable}")
        for field in provider.fields:
            about = (field.label, _(words.NEEDED) if field.required else "", field.help)
            _say(f"    --{_option(field.name)}  {' '.join(filter(None, about))}")
    return 0


async def _find(plane: ControlPlane, given: argparse.Namespace, more: list[str]) -> int:
    values = _values(await _provider(plane, given.provider), more)
    for line in _found(await plane.managed.find(given.provider, values)):
        _say(line)
    return 0


async def _check(plane: ControlPlane, given: argparse.Namespace, more: list[str]) -> int:
    result = await plane.managed.check(await _new(plane, given, more))
    for line in result.lines:
        _say(f"{line.state:8}{line.capability:10}{line.detail}".rstrip())
        if line.remedy:
            _say(f"{'':18}{line.remedy}")
    return int(any(line.state == CheckState.FAILED for line in result.lines))


async def _add(plane: ControlPlane, given: argparse.Namespace, more: list[str]) -> int:
    added = await plane.managed.add(await _new(plane, given, more), key=_key())
    _say(words.added(added.name, added.id))
    return 0


async def _show(plane: ControlPlane, given: argparse.Namespace, more: list[str]) -> int:
    _refuse(more)
    listed = [given.id] if given.id else [it.id for it in (await plane.environments()).environments]
    told = [environment_file.write(await plane.managed.settings(it)) for it in listed]
    sys.stdout.write("\n".join(told))
    return 0


async def _edit(plane: ControlPlane, given: argparse.Namespace, more: list[str]) -> int:
    before = await plane.managed.settings(given.id)
    values = before.values
    if more:
        values = values | _values(await _provider(plane, before.provider), more)
    asked = _bounded(replace(before, values=values, **_given(given)))
    changed = await plane.managed.change(given.id, asked, key=_key())
    _say(words.changed(changed.name))
    return 0


async def _leftovers(plane: ControlPlane, given: argparse.Namespace, more: list[str]) -> int:
    _refuse(more)
    for it in (await plane.managed.leftovers(given.id)).leftovers:
        _say(f"{it.kind:8}{it.id}  {it.name}  {it.why}")
    return 0


async def _remove(plane: ControlPlane, given: argparse.Namespace, more: list[str]) -> int:
    _refuse(more)
    await plane.managed.remove(given.id, key=_key())
    _say(words.removed(given.id))
    return 0


async def _pause(plane: ControlPlane, given: argparse.Namespace, more: list[str]) -> int:
    _refuse(more)
    _say(words.paused((await plane.managed.pause(given.id, key=_key())).name))
    return 0


async def _resume(plane: ControlPlane, given: argparse.Namespace, more: list[str]) -> int:
    _refuse(more)
    _say(words.resumed((await plane.managed.resume(given.id, key=_key())).name))
    return 0


async def _new(
    plane: ControlPlane, given: argparse.Namespace, more: list[str]
) -> EnvironmentSettings:
    values = _values(await _provider(plane, given.provider), more)
    told = {"name": given.provider, "id": given.id or "", **_given(given)}
    return _bounded(EnvironmentSettings(provider=given.provider, values=values, **told))


async def _provider(plane: ControlPlane, name: str) -> ProviderInfo:
    known = (await plane.managed.providers()).providers
    found = next((it for it in known if it.name == name), None)
    if found is None:
        _parser().error(words.unknown_provider(name))
    if found.unusable:
        _parser().error(found.unusable)
    return found


def _values(provider: ProviderInfo, more: list[str]) -> Values:
    """Read the provider's own options."""
    reader = argparse.ArgumentParser(prog=PROGRAM, add_help=False, allow_abbrev=False)
    for field in provider.fields:
        _add_field(reader, field)
    given = vars(reader.parse_args(more))
    return {name: value for name, value in given.items() if value is not None}


def _add_field(reader: argparse.ArgumentParser, field: ProviderField) -> None:
    several = field.kind == FieldKind.MACHINES
    choices = field.choices or None
    reader.add_argument(
        f"--{_option(field.name)}",
        dest=field.name,
        action="append" if several else "store",
        choices=choices,
    )


def _given(given: argparse.Namespace) -> dict[str, object]:
    names = ("name", *SETTINGS)
    return {name: getattr(given, name) for name in names if getattr(given, name) is not None}


def _bounded(settings: EnvironmentSettings) -> EnvironmentSettings:
    """Return the settings if they are within their bounds; else say what is not, and exit."""
    try:
        return msgspec.convert(msgspec.to_builtins(settings), EnvironmentSettings)
    except msgspec.ValidationError as error:
        _parser().error(str(error))


def _found(found: Found) -> Iterator[str]:
    for it in found.machines:
        about = [it.status, it.address, it.system]
        if it.suggests:
            about.append(_(words.SEEMS).format(option=_option(it.suggests)))
        if it.taken_by:
            about.append(_(words.TAKEN_BY).format(environment=it.taken_by))
        yield "  ".join([it.id, it.name, *filter(None, about)])
    for group in found.groups:
        yield f"{group.id}  {group.name}  {group.instances}"
    yield from found.images
    if not (found.machines or found.groups or found.images):
        yield _(words.NOTHING)


def _option(name: str) -> str:
    return name.replace("_", "-")


def _refuse(more: list[str]) -> None:
    if more:
        _parser().error(" ".join(more))


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")


def _key() -> str:
    return str(uuid.uuid4())


def _parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(
        prog=PROGRAM, description=_(words.ABOUT), epilog=_(words.MORE), allow_abbrev=False
    )
    made.add_argument("--plane", default="", metavar="NAME", help=_(console.PLANE))
    made.add_argument("--url", default="", help=_(words.URL))
    made.add_argument("--token-file", type=Path, metavar="FILE", help=_(words.TOKEN_FILE))
    made.add_argument("--data", type=Path, metavar="FOLDER", help=_(words.DATA))
    commands = made.add_subparsers(required=True, metavar="COMMAND")

    def add(name: str, run: Command, about: str) -> argparse.ArgumentParser:
        command = commands.add_parser(name, help=_(about), allow_abbrev=False)
        command.set_defaults(run=run)
        return command

    add("providers", _list_providers, words.PROVIDERS)
    _takes_provider(add("find", _find, words.FIND))
    for name, run, about in (("check", _check, words.CHECK), ("add", _add, words.ADD)):
        command = add(name, run, about)
        command.add_argument("--name", required=name == "add", help=_(words.NAME))
        command.add_argument("--id")
        _takes_provider(command)
        _takes_settings(command)
    add("show", _show, words.SHOW).add_argument("id", nargs="?")
    command = add("edit", _edit, words.EDIT)
    command.add_argument("id")
    command.add_argument("--name", help=_(words.NAME))
    _takes_settings(command)
    for name, run, about in (
        ("remove", _remove, words.REMOVE),
        ("leftovers", _leftovers, words.LEFTOVERS),
        ("pause", _pause, words.PAUSE),
        ("resume", _resume, words.RESUME),
    ):
        add(name, run, about).add_argument("id")
    return made


def _takes_provider(command: argparse.ArgumentParser) -> None:
    command.add_argument("--provider", required=True, help=_(words.PROVIDER))


def _takes_settings(command: argparse.ArgumentParser) -> None:
    for name, (kind, about) in SETTINGS.items():
        command.add_argument(f"--{_option(name)}", type=kind, help=_(about))
