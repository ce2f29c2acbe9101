"""Finds plug-ins by name: those that come with Autosky Desktop, and those that others installed.

Others are entry points of a group. They are looked for and imported only when somebody asks for a
provider that is not known without them; one that cannot be imported costs itself alone.
"""

import logging
import sys
from collections.abc import Iterable, Mapping
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points
from importlib.util import find_spec
from threading import Lock, Thread
from types import MappingProxyType
from typing import Any, cast

from msgspec import Struct

from autosky_desktop.domain.environment_settings import ProviderInfo, ProviderList
from autosky_desktop.domain.guard import guarded
from autosky_desktop.domain.text import one_line
from autosky_desktop.server.db.clock import steady
from autosky_desktop.server.providers.plugin import API, Plugin, fields_of
from autosky_desktop.server.providers.provider import ProviderRefused
from autosky_desktop.words.language import _
from autosky_desktop.words.provider import (
    LIBRARY_MISSING,
    NO_PLUGIN,
    NOT_LOADED,
    NOT_PACKAGED,
    OTHER_API,
    STILL_LOADING,
    UNKNOWN_PROVIDER,
)

GROUP = "autosky.providers"
BUILT_IN: Mapping[str, str] = MappingProxyType(
    {
        "aws": "autosky_desktop.server.providers.aws",
        "libvirt": "autosky_desktop.server.providers.libvirt",
    }
)
"""The modules of our own, each with a `plugin`: a frozen program has no entry points."""

LOAD_SECONDS = 5.0
"""How long an import is waited for. It goes on, and is there for whoever asks afterwards."""

log = logging.getLogger(__name__)


class Plugins:
    """The plug-ins by name. `given` are there without being looked for; `group` None: there are no
    others than these and the built-in ones.
    """

    def __init__(
        self,
        given: Iterable[Plugin] = (),
        *,
        built_in: Mapping[str, str] = BUILT_IN,
        group: str | None = GROUP,
    ) -> None:
        self._loaded: dict[str, Plugin | str] = {it.name: it for it in given}
        self._built_in = built_in
        self._group = group
        self._others: Mapping[str, EntryPoint] | None = None
        self._starting = Lock()
        self._loading: dict[str, tuple[Thread, float]] = {}

    def get(self, name: str) -> Plugin:
        """Return the plug-in. Raises ProviderRefused, with what is in the way."""
        found = self._load(name)
        if isinstance(found, str):
            raise ProviderRefused(found)
        if why := _missing(found):
            raise ProviderRefused(why, remedy=getattr(found, "install", ""))
        return found

    def known(self, name: str) -> Plugin | None:
        """Return the plug-in if nothing has to be imported for it."""
        found = self._loaded.get(name)
        return None if isinstance(found, str) else found

    def listed(self) -> ProviderList:
        """Return all plug-ins by title, also those that cannot be used here."""
        names = {*self._loaded, *self._built_in, *self._entry_points()}
        for name in names:
            self._begin(name)  # all of them together: several may hang
        told = [_told(name, self._load(name)) for name in names]
        return ProviderList(providers=sorted(told, key=lambda it: (it.title.casefold(), it.name)))

    def _load(self, name: str) -> Plugin | str:
        """Return the plug-in, or a sentence why there is none."""
        if name not in self._loaded:
            if name not in self._built_in and name not in self._entry_points():
                return _(UNKNOWN_PROVIDER).format(name=one_line(name))
            self._begin(name)
            thread, until = self._loading[name]
            thread.join(max(0.0, until - steady()))
        return self._loaded.get(name) or _(STILL_LOADING).format(name=name)

    def _begin(self, name: str) -> None:
        """Begin to load the plug-in, unless it is loaded or somebody has begun."""
        with self._starting:
            if name not in self._loaded and name not in self._loading:
                thread = Thread(target=self._keep, args=(name,), daemon=True)
                self._loading[name] = thread, steady() + LOAD_SECONDS
                thread.start()

    def _keep(self, name: str) -> None:
        """Import the plug-in in a thread of its own: it may hang there, and hold up nobody else."""
        found: Plugin | str = _(NOT_LOADED).format(name=name)
        with guarded(log, f"loading the provider {name}"):
            found = self._imported(name)
        self._loaded[name] = found

    def _imported(self, name: str) -> Plugin | str:
        try:
            if name in self._built_in:
                found = import_module(self._built_in[name]).plugin
            else:
                found = self._entry_points()[name].load()
        except ImportError as error:
            log.warning("the provider %s cannot be loaded: %r", name, error)
            return _(LIBRARY_MISSING).format(name=name, why=str(error))
        except AttributeError:
            return _(NO_PLUGIN).format(name=name, what="plugin")
        return _usable(name, found)

    def _entry_points(self) -> Mapping[str, EntryPoint]:
        if self._others is None:
            found = entry_points(group=self._group) if self._group else ()
            self._others = {it.name: it for it in found if it.name not in self._built_in}
        return self._others


def _usable(name: str, found: Any) -> Plugin | str:
    """Return what was found if it is a plug-in of this interface, else a sentence."""
    if (api := getattr(found, "api", None)) != API:
        return _(OTHER_API).format(name=name, api=api, ours=API)
    for wanted in ("title", "settings", "find", "check", "open"):
        if not hasattr(found, wanted):
            return _(NO_PLUGIN).format(name=name, what=wanted)
    if not (isinstance(found.settings, type) and issubclass(found.settings, Struct)):
        return _(NO_PLUGIN).format(name=name, what="settings")
    fields_of(found)  # what cannot be told, fails here and not for whoever asks for the list
    return cast(Plugin, found)


def _missing(plugin: Plugin) -> str:
    """Return a sentence about a module that the plug-in needs and that is not here, or nothing."""
    modules: tuple[str, ...] = getattr(plugin, "requires", ())
    missing = next((it for it in modules if find_spec(it) is None), None)
    if missing is None:
        return ""
    if hasattr(sys, "frozen"):  # nothing can be installed into a packaged program
        return _(NOT_PACKAGED).format(name=_(plugin.title))
    why = _(getattr(plugin, "install", "")) or missing
    return _(LIBRARY_MISSING).format(name=_(plugin.title), why=why)


def _told(name: str, found: Plugin | str) -> ProviderInfo:
    if isinstance(found, str):
        return ProviderInfo(name=name, title=name, unusable=found)
    title, unusable = _(found.title), _missing(found)
    return ProviderInfo(name=name, title=title, fields=fields_of(found), unusable=unusable)
