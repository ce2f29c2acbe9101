"""A control plane is asked about its demo once in each of its lives, where there is one."""

from collections.abc import Coroutine
from typing import Any

from autosky_desktop.domain.demo import Demo, FaultSetting
from autosky_desktop.domain.errors import NotUnderstood
from autosky_desktop.flows.demo import DemoCloud
from autosky_desktop.store.store import Line, LineStatus, Store
from tests.support.evening import NOW, an_environment


class Plane:
    """A control plane with a simulated cloud, or with a real one."""

    def __init__(self, demo: Demo | None) -> None:
        self.told, self.asked = demo, 0

    async def demo(self) -> Demo:
        self.asked += 1
        if self.told is None:
            raise NotUnderstood("there is none")
        return self.told

    async def set_faults(self, request: FaultSetting) -> Demo:
        assert self.told
        self.told = Demo(speed=self.told.speed, faults=request.faults)
        return self.told


class Window:
    """What follows a control plane, and what is spawned is done at once."""

    def __init__(self) -> None:
        self.store, self.plane = Store(), None
        self.cloud = DemoCloud(self.store, lambda: self.plane, self._spawn)
        self.cloud.begin()

    def meets(self, plane: Plane, *, demo: bool) -> None:
        self.plane = plane  # type: ignore[assignment]
        self.store.environments.replace([an_environment(demo=demo)])
        self.store.set_connection(LineStatus(Line.OFFLINE, NOW))
        self.store.set_connection(LineStatus(Line.LIVE, NOW))

    def _spawn(self, work: Coroutine[Any, Any, None], *, name: str) -> None:
        try:
            work.send(None)
        except StopIteration:
            return
        raise AssertionError(f"{name} waits")


def test_it_is_asked_once_in_each_of_its_lives() -> None:
    it, first, second = Window(), Plane(Demo(speed=20)), Plane(Demo(speed=1))
    it.meets(first, demo=True)
    it.store.tell()
    it.meets(first, demo=True)
    assert (first.asked, it.store.demo) == (1, Demo(speed=20))
    it.meets(second, demo=True)
    assert (second.asked, it.store.demo) == (1, Demo(speed=1))


def test_one_without_a_demo_is_not_asked_and_what_was_told_before_is_over() -> None:
    it, real = Window(), Plane(None)
    it.meets(Plane(Demo(speed=20)), demo=True)
    it.meets(real, demo=False)
    assert (real.asked, it.store.demo) == (0, None)


def test_one_that_does_not_know_the_question_leaves_nothing_to_show() -> None:
    it, older = Window(), Plane(None)
    it.meets(older, demo=True)
    assert (older.asked, it.store.demo) == (1, None)
