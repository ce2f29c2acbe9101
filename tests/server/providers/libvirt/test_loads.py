"""How busy a machine is, worked out from what the hypervisor has counted."""

import pytest

pytest.importorskip("libvirt")

from autosky_desktop.server.providers.libvirt.loads import Look, _cpu, _looks, _memory

TWO = {"vcpu.current": 2}


@pytest.mark.parametrize(
    ("before", "after", "percent"),
    [
        (Look(0.0, 100.0), Look(10.0, 105.0), 25.0),  # of two processors
        (Look(0.0, 100.0), Look(10.0, 100.0), 0.0),
        (Look(0.0, 100.0), Look(10.0, 130.0), 100.0),  # time is counted a little apart
        (Look(0.0, 100.0), Look(10.0, 3.0), None),  # it was started anew meanwhile
        (Look(5.0, 100.0), Look(5.0, 101.0), None),
        (None, Look(10.0, 105.0), None),
    ],
)
def test_processors(before, after, percent):
    assert _cpu(before, after, TWO) == percent


def test_a_machine_without_known_processors_tells_nothing():
    assert _cpu(Look(0.0, 1.0), Look(1.0, 2.0), {}) is None


@pytest.mark.parametrize(
    ("told", "percent"),
    [
        ({"balloon.available": 1000, "balloon.unused": 100, "balloon.usable": 600}, 40.0),
        ({"balloon.available": 1000, "balloon.unused": 100}, 90.0),
        ({"balloon.available": 1000}, None),
        ({"balloon.current": 1000, "balloon.rss": 900}, None),  # what it takes of the host
        ({"balloon.available": 0, "balloon.unused": 0}, None),
    ],
)
def test_memory_is_told_by_the_guest_alone(told, percent):
    assert _memory(told) == percent


def test_seconds_are_counted_in_nanoseconds():
    [look] = _looks({"one": {"cpu.time": 2_500_000_000}, "off": {}}).values()
    assert look.computed == 2.5
