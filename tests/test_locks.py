"""What is installed is pinned by its content, from wherever a computer gets its packages."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
LOCKS = sorted((ROOT / "packaging/requirements").glob("*.txt"))
PIN = re.compile(r"^([a-z0-9.-]+)==(\S+)((?: ;[^\\]+)?) \\$")
HASH = re.compile(r"^    --hash=sha256:[0-9a-f]{64}( \\)?$")


def pins(lock: Path) -> dict[str, str]:
    found = map(PIN.match, lock.read_text("utf-8").splitlines())
    return {pin[1]: pin[2] for pin in found if pin}


def strangers(text: str) -> list[str]:
    """Lines that are neither a pinned version nor a hash: a host, a folder, a loose range."""
    lines = text.splitlines()
    return [
        line
        for line in lines
        if not (line.startswith("#") or PIN.match(line) or HASH.match(line)) or "://" in line
    ]


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.stem)
def test_a_lock_holds_versions_and_hashes_and_nothing_else(lock: Path) -> None:
    assert strangers(lock.read_text("utf-8")) == []


@pytest.mark.parametrize(
    "line",
    [
        "--index-url https://packages.example/simple",
        "--find-links /srv/wheels",
        "# from https://packages.example/simple",
        "httpx>=0.28",
        "httpx==0.28.1",
        "httpx @ https://packages.example/httpx.whl",
    ],
)
def test_anything_else_in_a_lock_is_found(line: str) -> None:
    assert strangers(line) == [line]


def test_the_locks_agree_on_every_version() -> None:
    run, dev, package, libvirt = (
        pins(ROOT / f"packaging/requirements/{name}.txt")
        for name in ("run", "dev", "package", "libvirt")
    )
    assert run.items() <= package.items() <= dev.items()
    assert libvirt.items() - run.items() == {("libvirt-python", libvirt["libvirt-python"])}


def test_everything_the_project_asks_for_is_pinned() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    asked = {re.split(r"[^\w-]", name.lower())[0] for name in project["dependencies"]}
    assert asked <= pins(ROOT / "packaging/requirements/run.txt").keys()
