"""Reads the definition of a machine, which is XML, and rewrites it for a copy of the machine.
Pure: nothing is asked of libvirt here.
"""

import re
from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from xml.etree import ElementTree

from msgspec import Struct

from autosky_desktop.server.providers.cloud import Platform

NAMESPACE = "https://autosky.example/xmlns/libvirt/machine"
HOLDER = "https://autosky.example/xmlns/libvirt/holder"
QEMU = "http://libvirt.org/schemas/domain/qemu/1.0"
LIBOSINFO = "http://libosinfo.org/xmlns/libvirt/domain/1.0"
for prefix, uri in (("autosky", NAMESPACE), ("autosky-holder", HOLDER), ("qemu", QEMU),
                    ("libosinfo", LIBOSINFO)):  # fmt: skip
    ElementTree.register_namespace(prefix, uri)

AGENT = "org.qemu.guest_agent.0"
FORWARD = re.compile(r"hostfwd=tcp:([^:,]*):(\d+)-[^:,]*:(\d+)")
PORTS = MappingProxyType({22: Platform.LINUX, 3389: Platform.WINDOWS})
"""The ports that people connect to, and what has them."""

Tag = Mapping[str, str]
"""Our own words at a machine, by name: `environment`, `role`, `key` and more."""


class Agent(StrEnum):
    """The state of the guest agent. `none`: the machine has no channel to one."""

    NONE = "none"
    AWAITED = "awaited"
    CONNECTED = "connected"


class Forward(Struct, frozen=True, kw_only=True):
    """A port of the computer that runs libvirt, which leads to one of the guest."""

    host: str
    port: int
    guest: int


class Definition(Struct, frozen=True, kw_only=True):
    """The facts that we need of a machine. `disks` are the files and devices that it writes to, the
    first one first; `chain` all files that these rest on, where it tells. `cards` are the addresses
    of its network cards, in small letters; `screen` and `serial`: its console is one, or has one.
    """

    id: str
    name: str
    tag: Tag
    holder: Tag
    agent: Agent
    disks: tuple[str, ...]
    targets: tuple[str, ...]
    chain: frozenset[str]
    cards: frozenset[str]
    forward: Forward | None
    platform: Platform
    screen: bool = False
    serial: bool = False


def parsed(xml: str) -> Definition:
    """Return what stands in the definition."""
    root = _root(xml)
    disks = [it for it in root.iterfind("devices/disk") if _is_written(it)]
    sources = [_source(it) for it in disks]
    return Definition(
        id=root.findtext("uuid", ""),
        name=root.findtext("name", ""),
        tag=_tag(root, NAMESPACE),
        holder=_tag(root, HOLDER),
        agent=_agent(root),
        disks=tuple(filter(None, sources)),
        targets=tuple(it.find("target").get("dev", "") for it in disks),  # type: ignore[union-attr]
        chain=frozenset(
            path
            for source in root.iterfind("devices/disk//source")
            if (path := source.get("file") or source.get("dev"))
        ),
        cards=frozenset(
            it.get("address", "").lower() for it in root.iterfind("devices/interface/mac")
        ),
        screen=root.find("devices/graphics") is not None,
        serial=root.find("devices/serial") is not None or root.find("devices/console") is not None,
        forward=_forward(root),
        platform=_platform(root),
    )


def mirrored(xml: str) -> bool | None:
    """Return whether all that the first disk holds is in the one beneath as well; None: nothing
    brings it there.
    """
    mirror = _root(xml).find("devices/disk/mirror")
    return None if mirror is None else mirror.get("ready") == "yes"


def tagged(tag: Tag, *, namespace: str = NAMESPACE) -> str:
    """Return our words as the metadata that they are kept as."""
    name = "machine" if namespace == NAMESPACE else "holder"
    element = ElementTree.Element(name, {key: value for key, value in tag.items() if value})
    return ElementTree.tostring(element, encoding="unicode")


def copied(
    xml: str, *, id_: str, name: str, tag: Tag, disk: str, port: int | None, readonly: bool = False
) -> str:
    """Return the definition of another machine like this one, with a disk of its own. What can be
    there only once is left for libvirt to choose; `port` leads to it, if one led to the other.
    """
    root = _root(xml)
    root.attrib.pop("id", None)
    _text(root, "name", name)
    _text(root, "uuid", id_)
    _tag_anew(root, tag)
    for network in root.iterfind("devices/interface"):
        for own in (*network.findall("mac"), *network.findall("target")):
            network.remove(own)
    for channel in root.iterfind("devices/channel[@type='unix']"):
        for own in channel.findall("source"):
            channel.remove(own)
    for nvram in root.findall("os/nvram"):
        root.find("os").remove(nvram)  # type: ignore[union-attr]
    _put_disk(root, disk, readonly=readonly)
    if port is not None:
        _lead(root, port)
    return ElementTree.tostring(root, encoding="unicode")


def _root(xml: str) -> ElementTree.Element:
    return ElementTree.fromstring(xml)  # noqa: S314  it is libvirt's own, which wrote it anew


def _is_written(disk: ElementTree.Element) -> bool:
    return disk.get("device", "disk") == "disk" and disk.find("target") is not None


def _source(disk: ElementTree.Element) -> str:
    source = disk.find("source")
    return "" if source is None else source.get("file") or source.get("dev") or ""


def _tag(root: ElementTree.Element, namespace: str) -> Tag:
    name = "machine" if namespace == NAMESPACE else "holder"
    found = root.find(f"metadata/{{{namespace}}}{name}")
    return {} if found is None else dict(found.attrib)


def _tag_anew(root: ElementTree.Element, tag: Tag) -> None:
    metadata = root.find("metadata")
    if metadata is None:
        metadata = ElementTree.SubElement(root, "metadata")
    for namespace in (NAMESPACE, HOLDER):
        for old in metadata.findall(f"{{{namespace}}}*"):
            metadata.remove(old)
    kept = {key: value for key, value in tag.items() if value}
    ElementTree.SubElement(metadata, f"{{{NAMESPACE}}}machine", kept)


def _agent(root: ElementTree.Element) -> Agent:
    target = root.find(f"devices/channel/target[@name='{AGENT}']")
    if target is None:
        return Agent.NONE
    return Agent.CONNECTED if target.get("state") == "connected" else Agent.AWAITED


def _forward(root: ElementTree.Element) -> Forward | None:
    for argument in root.iterfind(f"{{{QEMU}}}commandline/{{{QEMU}}}arg"):
        for host, port, guest in FORWARD.findall(argument.get("value", "")):
            if int(guest) in PORTS:
                return Forward(host=host, port=int(port), guest=int(guest))
    return None


def _lead(root: ElementTree.Element, port: int) -> None:
    for argument in root.iterfind(f"{{{QEMU}}}commandline/{{{QEMU}}}arg"):
        value = argument.get("value", "")
        led = FORWARD.sub(lambda it: it[0].replace(f":{it[2]}-", f":{port}-"), value)
        argument.set("value", led)


def _platform(root: ElementTree.Element) -> Platform:
    system = root.find(f".//{{{LIBOSINFO}}}os")
    if system is None:
        return Platform.UNKNOWN
    return Platform.WINDOWS if "microsoft" in system.get("id", "") else Platform.LINUX


def _put_disk(root: ElementTree.Element, path: str, *, readonly: bool) -> None:
    """Put another file in place of the first disk's; `readonly` keeps it as it is, even if somebody
    starts a machine with it.
    """
    disk = next(it for it in root.iterfind("devices/disk") if _is_written(it))
    for old in ("source", "backingStore", "driver", "readonly"):
        for element in disk.findall(old):
            disk.remove(element)
    disk.set("type", "file")
    disk.insert(0, ElementTree.Element("driver", {"name": "qemu", "type": "qcow2"}))
    disk.insert(1, ElementTree.Element("source", {"file": path}))
    if readonly:
        ElementTree.SubElement(disk, "readonly")


def _text(root: ElementTree.Element, name: str, text: str) -> None:
    element = root.find(name)
    if element is None:
        element = ElementTree.SubElement(root, name)
    element.text = text
