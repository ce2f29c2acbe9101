"""The worlds in which the control plane is killed, and what may not be in their clouds after."""

import json
import random
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any, Protocol

import httpx

from autosky_desktop.domain.publication import StepName, StepState
from autosky_desktop.server.providers import demo_seed
from autosky_desktop.server.providers.simulated import ledger
from tests.support.process import Embedded, PlaneProcess

DEMO = ("erp-production", "erp-staging", "payroll")
FAULTS: tuple[dict[str, Any], ...] = (
    {},
    {},
    {"busy_every": 3},
    {"image_fails": "no space left on the image volume"},
    {"unhealthy_instance": 2},
)


class CrashWorld(Protocol):
    """A cloud that outlives the control plane. `folder` is the control plane's; `instances` is how
    many each environment has; in seconds, `longest_life` is that of a control plane, and `patience`
    how long the end of a publication may take.
    """

    folder: Path
    instances: Mapping[str, int]
    longest_life: float
    patience: float

    @property
    def support(self) -> str:
        """The id of a server that is started and stopped meanwhile."""

    def start(self) -> PlaneProcess:
        """Start the control plane."""

    def begin(self, client: httpx.Client) -> None:
        """See to it that the environments are there."""

    def break_or_mend(self, chance: random.Random) -> None:
        """Change the cloud that the next control plane will find."""

    def mend(self) -> None:
        """Let nothing fail any more."""

    def doubled(self, runs: Sequence[Mapping[str, Any]]) -> list[str]:
        """Return what was made or done twice in these publications, or is there and serves nothing
        and is not marked as ours.
        """


class SimulatedWorld:
    """The demo's cloud, which is in a file of the folder."""

    support = "db-erp-prod-01"
    longest_life = 1.0
    patience = 120.0

    def __init__(self, folder: Path, *, speed: float) -> None:
        self.folder = folder
        self.instances = MappingProxyType(
            {it.id: it.instances for it in demo_seed.environments() if it.id in DEMO}
        )
        self._speed = speed
        self._faults = folder / "cloud" / "faults.json"

    def start(self) -> PlaneProcess:
        return Embedded(self.folder, speed=self._speed)

    def begin(self, client: httpx.Client) -> None:
        """Do nothing: the demo is there."""

    def break_or_mend(self, chance: random.Random) -> None:
        self._faults.parent.mkdir(exist_ok=True)
        self._faults.write_text(json.dumps(chance.choice(FAULTS)))

    def mend(self) -> None:
        self._faults.unlink(missing_ok=True)

    def doubled(self, runs: Sequence[Mapping[str, Any]]) -> list[str]:
        return [str(effect) for effect in ledger(self.folder / "cloud") if effect.count > 1]


def made_at_most(runs: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    """Return how many images and models these publications have made at most: one each, and one
    more when what it made was no good.
    """

    def times(name: str) -> int:
        steps = [it for run in runs for it in run["steps"] if it["name"] == name]
        begun = (it for it in steps if it["attempts"] and it["state"] != StepState.SKIPPED)
        return sum(1 + it["anew"] for it in begun)

    return {"image": times(StepName.IMAGE), "model": times(StepName.MODEL)}
