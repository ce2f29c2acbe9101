"""Plug-ins are found by name, and one that cannot be used costs itself alone."""

import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Literal

import pytest
from msgspec import Meta, Struct

from autosky_desktop.domain.environment_settings import FieldKind, ProviderField
from autosky_desktop.server.db.clock import steady
from autosky_desktop.server.providers import plugins as plugins_module
from autosky_desktop.server.providers.plugin import AskedFor, WrongSettings, fields_of, typed
from autosky_desktop.server.providers.plugins import Plugins
from autosky_desktop.server.providers.provider import ProviderRefused
from tests.support.waiting import eventually

GOOD = """
from msgspec import Struct

class Settings(Struct, kw_only=True):
    url: str

class Acme:
    api = 1
    name = "acme"
    title = "Acme"
    settings = Settings
    async def find(self, settings): ...
    async def check(self, environment, settings): ...
    async def open(self, environment, settings, services): ...

plugin = Acme()
"""

Install = Callable[..., None]


class Settings(Struct, kw_only=True, forbid_unknown_fields=True):
    url: Annotated[
        str,
        Meta(pattern="^https://"),
        AskedFor("Address", required=True, hint="https://acme.example", help="Of the private API."),
    ]
    port: Annotated[int, Meta(ge=1, le=65535), AskedFor("Port")] = 443
    region: Annotated[Literal["north", "south"], AskedFor("Region")] = "north"
    preparation: Annotated[
        str, AskedFor("Preparation server", FieldKind.MACHINE, access=False, required=True)
    ] = ""
    support: Annotated[list[str], AskedFor("Others", FieldKind.MACHINES, access=False)] = []


class Acme:
    api = 1
    name = "acme"
    title = "Acme"
    settings = Settings
    install = "Install it from your shop."

    async def find(self, settings): ...

    async def check(self, environment, settings): ...

    async def open(self, environment, settings, services): ...


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Install:
    """Installs a distribution with a plug-in of this name and source, as pip leaves one."""
    monkeypatch.syspath_prepend(str(tmp_path))

    def put(name: str, source: str) -> None:
        module = f"plugin_of_{name}_{tmp_path.name.replace('-', '_')}"
        (tmp_path / f"{module}.py").write_text(source)
        about = tmp_path / f"{name}-1.0.dist-info"
        about.mkdir()
        (about / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
        (about / "entry_points.txt").write_text(f"[tests.providers]\n{name} = {module}:plugin\n")

    return put


def test_a_plugin_that_others_installed_is_listed_with_its_fields(install):
    install("acme", GOOD)
    (acme,) = Plugins(built_in={}, group="tests.providers").listed().providers
    assert (acme.name, acme.title, acme.unusable) == ("acme", "Acme", "")
    assert [field.name for field in acme.fields] == ["url"]


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("import nothing_of_that_name", "nothing_of_that_name"),
        ("raise RuntimeError('boom')", "failed when it was loaded"),
        ("raise SystemExit(3)", "failed when it was loaded"),
        (GOOD.replace("api = 1", "api = 7"), "its interface is 7, here it is 1"),
        (GOOD.replace("async def find", "async def seek"), "no “find”"),
        (GOOD.replace("settings = Settings", "settings = 3"), "no “settings”"),
        (GOOD.replace("url: str", "url: 'Unheard'"), "failed when it was loaded"),
    ],
)
def test_one_that_cannot_be_used_says_why_and_costs_the_others_nothing(install, source, said):
    install("acme", GOOD)
    install("broken", source)
    plugins = Plugins(built_in={}, group="tests.providers")
    told = {it.name: it.unusable for it in plugins.listed().providers}
    assert told["acme"] == ""
    assert said in told["broken"]
    with pytest.raises(ProviderRefused, match=said):
        plugins.get("broken")
    assert plugins.get("acme").title == "Acme"


def test_one_that_hangs_when_it_is_loaded_holds_up_the_others_once(install, monkeypatch):
    monkeypatch.setattr(plugins_module, "LOAD_SECONDS", 1.0)
    install("acme", GOOD)
    install("stuck", "import threading\nthreading.Event().wait()")
    plugins = Plugins(built_in={}, group="tests.providers")
    began = steady()
    told = {it.name: it.unusable for it in plugins.listed().providers}
    assert told["acme"] == ""
    assert "does not get done with loading" in told["stuck"]
    before = threading.active_count()
    with pytest.raises(ProviderRefused, match="loading"):
        plugins.get("stuck")
    assert threading.active_count() == before
    assert steady() - began < 10
    assert plugins.get("acme").title == "Acme"


def test_several_that_hang_are_waited_for_together(install, tmp_path, monkeypatch):
    """Each is loaded only once the others have begun as well."""
    monkeypatch.setattr(plugins_module, "LOAD_SECONDS", 20.0)
    for name in ("acme", "bolt", "coil"):
        install(
            name,
            "import pathlib\n"
            f"here = pathlib.Path({str(tmp_path)!r})\n"
            f"(here / '{name}.begun').touch()\n"
            "while len(list(here.glob('*.begun'))) < 3: pass\n" + GOOD,
        )
    listed = Plugins(built_in={}, group="tests.providers").listed().providers
    assert [it.unusable for it in listed] == ["", "", ""]


def test_one_that_is_slow_to_load_is_there_afterwards(install, tmp_path, monkeypatch):
    monkeypatch.setattr(plugins_module, "LOAD_SECONDS", 0.0)
    go_on = tmp_path / "go-on"
    waits = f"import pathlib\nwhile not pathlib.Path({str(go_on)!r}).exists(): pass\n"
    install("acme", waits + GOOD)
    plugins = Plugins(built_in={}, group="tests.providers")
    assert plugins.listed().providers[0].unusable
    go_on.touch()
    eventually(lambda: not plugins.listed().providers[0].unusable)


def test_a_packaged_program_asks_for_nothing_to_be_installed_into_it(monkeypatch):
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    plugin = Acme()
    plugin.requires = ("nothing_of_that_name",)
    (acme,) = Plugins([plugin], built_in={}, group=None).listed().providers
    assert "comes without what Acme needs" in acme.unusable
    assert "shop" not in acme.unusable


def test_a_library_that_is_missing_is_named_with_the_way_to_get_it():
    plugin = Acme()
    plugin.requires = ("nothing_of_that_name",)
    plugins = Plugins([plugin], built_in={}, group=None)
    (acme,) = plugins.listed().providers
    assert "Install it from your shop." in acme.unusable
    assert acme.fields
    with pytest.raises(ProviderRefused):
        plugins.get("acme")


def test_an_unknown_name_is_refused():
    with pytest.raises(ProviderRefused, match="acme"):
        Plugins(built_in={}, group=None).get("acme")


def test_an_unknown_name_that_somebody_typed_is_listed_for_nobody():
    plugins = Plugins([Acme()], built_in={}, group=None)
    with pytest.raises(ProviderRefused):
        plugins.get("acmee")
    assert [it.name for it in plugins.listed().providers] == ["acme"]


def test_the_fields_are_made_from_the_settings():
    url, port, region, preparation, support = fields_of(Acme())
    assert url == ProviderField(
        name="url",
        label="Address",
        required=True,
        hint="https://acme.example",
        help="Of the private API.",
    )
    assert (port.kind, port.default, port.required) == ("number", "443", False)
    assert (region.kind, region.choices) == ("choice", ["north", "south"])
    assert (preparation.kind, preparation.access, preparation.required) == ("machine", False, True)
    assert (support.kind, support.default) == ("machines", "")


def test_values_become_settings_with_numbers_and_defaults():
    values = {"url": "https://a.example", "port": "8443", "region": "", "preparation": "m-1"}
    assert typed(Acme(), values) == Settings(url="https://a.example", port=8443, preparation="m-1")


def test_what_is_chosen_later_is_not_needed_to_look_around():
    assert typed(Acme(), {"url": "https://a.example"}, whole=False) == Settings(
        url="https://a.example"
    )
    with pytest.raises(WrongSettings, match="Preparation server"):
        typed(Acme(), {"url": "https://a.example"})


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({}, "Address"),
        ({"url": "ftp://a"}, "url"),
        ({"url": "https://a", "port": "many"}, "port"),
        ({"url": "https://a", "colour": "red"}, "colour"),
        ({"url": "https://a", "region": "west"}, "west"),
        ({"url": "https://a\n"}, "“Address” is too long, or holds"),
        ({"url": "https://a\x00"}, "“Address” is too long, or holds"),
        ({"url": "https://" + "a" * 2000}, "“Address” is too long, or holds"),
        ({"url": "https://a", "support": ["\u202e"]}, "“Others” is too long, or holds"),
        ({"url": "https://a", "support": [f"m-{n}" for n in range(2001)]}, "“Others” is too long"),
        ({"url": "https://a", "support": ["m-1", "m-1"]}, "m-1 is chosen twice"),
        ({"url": "https://a", "support": ["m-1"], "preparation": "m-1"}, "m-1 is chosen twice"),
    ],
)
def test_wrong_values_are_named(values, said):
    with pytest.raises(WrongSettings, match=said):
        typed(Acme(), values, whole=False)


def test_nothing_of_a_cloud_is_imported_to_list_or_look_for_plugins():
    """A library of a cloud costs tens of megabytes: only whoever has such an environment pays."""
    code = (
        "import sys; from autosky_desktop.server.providers.plugins import Plugins;"
        "Plugins().listed(); print(*{'boto3', 'botocore', 'libvirt'} & set(sys.modules))"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ended.stdout.strip() == ""
