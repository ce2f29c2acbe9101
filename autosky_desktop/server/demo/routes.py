"""The routes of the simulated cloud, in a module of their own as each subject's are.

A control plane with another cloud answers 404.
"""

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import JSONBody, RawBody

from autosky_desktop.domain.demo import Demo, FaultSetting
from autosky_desktop.server.api.bodies import plain, strictly
from autosky_desktop.server.api.problems import specs
from autosky_desktop.server.demo.commands import DemoFaults
from autosky_desktop.server.people.requires import ADMINISTRATOR, REQUIRES, SIGNED_IN


@get("/demo", responses=specs(404), opt={REQUIRES: SIGNED_IN}, operation_id="demo")
async def demo(demo_faults: NamedDependency[DemoFaults]) -> Response[Demo]:
    """Return how fast the simulated cloud runs and which faults it has."""
    return plain(demo_faults.tell())


@post(
    "/demo/faults",
    status_code=200,
    responses=specs(400, 404),
    opt={REQUIRES: ADMINISTRATOR},
    operation_id="setFaults",
)
async def set_faults(
    demo_faults: NamedDependency[DemoFaults], data: JSONBody[FaultSetting], body: RawBody
) -> Response[Demo]:
    """Set the faults that the simulated cloud has from now on, in all its environments."""
    return plain(demo_faults.switch(strictly(data, body).faults))


HANDLERS = (demo, set_faults)
