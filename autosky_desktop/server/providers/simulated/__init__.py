"""A cloud that is not there: servers, images and sessions that behave as real ones do.

`state` is what the cloud holds, `calls` what a call does to it and `advance` what time does to
it, all pure; `cloud` is the provider around them and `disk` where the state outlives a process.
"""

from autosky_desktop.server.providers.simulated.cloud import SimulatedProvider
from autosky_desktop.server.providers.simulated.disk import ledger
from autosky_desktop.server.providers.simulated.faults import Faults
from autosky_desktop.server.providers.simulated.state import Effect

__all__ = ["Effect", "Faults", "SimulatedProvider", "ledger"]
