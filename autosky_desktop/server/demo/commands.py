"""Tells the speed and the faults of the simulated cloud, and sets the faults. No other has them."""

from collections.abc import Sequence
from typing import Protocol, runtime_checkable

from autosky_desktop.domain.demo import Demo, Fault
from autosky_desktop.domain.problem import Code
from autosky_desktop.server.providers.provider import Provider
from autosky_desktop.server.refusal import Refusal


@runtime_checkable
class Breakable(Protocol):
    """A cloud that is there to be tried out, and has the faults it is told to have."""

    def faults_on(self) -> Sequence[Fault]: ...
    def switch_faults(self, wanted: Sequence[Fault]) -> None: ...


class DemoFaults:
    """Tells and switches the faults of a simulated cloud; `speed` is that cloud's."""

    def __init__(self, provider: Provider, speed: float) -> None:
        self._cloud = provider if isinstance(provider, Breakable) else None
        self._speed = speed

    def tell(self) -> Demo:
        """Return the speed and the faults. Raises Refusal where the cloud is a real one."""
        faults = [fault.value for fault in self._broken().faults_on()]
        return Demo(speed=self._speed, faults=faults)

    def switch(self, wanted: Sequence[str]) -> Demo:
        """Switch these faults on and all others off. Raises Refusal."""
        cloud, faults = self._broken(), [Fault(word) for word in wanted]
        for word, fault in zip(wanted, faults, strict=True):
            if fault is Fault.UNKNOWN and word != fault:
                raise Refusal(Code.INVALID_REQUEST, f"{word} is no fault")
        cloud.switch_faults(faults)
        return self.tell()

    def _broken(self) -> Breakable:
        if self._cloud is None:
            raise Refusal(Code.NOT_FOUND, "this control plane has no simulated cloud")
        return self._cloud
