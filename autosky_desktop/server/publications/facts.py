"""Gathers what is known of an environment before it is published, and what follows for a plan;
pure.
"""

from collections.abc import Sequence
from datetime import datetime
from math import ceil

from msgspec import Struct

from autosky_desktop.domain.environment import Environment, Instance, InstanceState
from autosky_desktop.domain.plan import Plan
from autosky_desktop.domain.publication import Allowance, Difference, Publication, PublicationState
from autosky_desktop.domain.server import Server, ServerRole
from autosky_desktop.server.publications.queries import VersionImage

ROUNDS = 6
"""Providers replace so many batches one after another: the most that is missing is one."""


class Facts(Struct, frozen=True, kw_only=True):
    """The facts that are known of an environment at `now`. `history` is what ended, newest first;
    `scheduled` is in the order of the moments; `allowance` is that of the month it would run in;
    `earlier` is the image that the plan's `image_of` stands for; `highest_version` has an image, or
    an instance runs it or ran it.
    """

    environment: Environment
    preparation: Server | None
    instances: Sequence[Instance]
    now: datetime
    running: Publication | None = None
    scheduled: Sequence[Publication] = ()
    history: Sequence[Publication] = ()
    allowance: Allowance | None = None
    earlier: VersionImage | None = None
    sends_mail: bool = False
    highest_version: int | None = None

    @property
    def present(self) -> list[Instance]:
        return [i for i in self.instances if i.status != InstanceState.TERMINATED]

    @property
    def missing(self) -> int:
        """Return how many fewer there are than the environment shall have."""
        return max(0, self.environment.wanted_instances - len(self.present))

    @property
    def sessions(self) -> int:
        return sum(i.sessions or 0 for i in self.present)


def capacity_left(facts: Facts, plan: Plan) -> int:
    """Return the lowest number of instances that let somebody in meanwhile."""
    serving = sum(i.status == InstanceState.AVAILABLE for i in facts.instances)
    if plan.blocks_instances:
        return 0  # until the first new one is up
    return max(0, serving - ceil(len(facts.present) / ROUNDS))


def changes(facts: Facts, plan: Plan) -> list[Difference]:
    """Return what differs from the version that users are on, as far as is known."""
    last = _last_published(facts)
    if plan.image_of is not None:
        now = facts.earlier.platform_version if facts.earlier else None
    else:
        now = facts.preparation.platform_version if facts.preparation else None
    before = last.platform_version if last else None
    if last is None or now is None or before == now:
        return []
    return [Difference(what="platform-version", before=before, after=now)]


def nothing_changed(facts: Facts, plan: Plan) -> bool:
    """Return whether nobody can have changed the server: it has not run since the last version."""
    last, server = _last_published(facts), facts.preparation
    if plan.image_of is not None or last is None or server is None or not last.ended_at:
        return False
    return server.status == "stopped" and server.since <= last.ended_at


def _last_published(facts: Facts) -> Publication | None:
    good = (r for r in facts.history if PublicationState(r.state) is PublicationState.SUCCEEDED)
    return next(good, None)


def preparation_of(servers: Sequence[Server]) -> Server | None:
    return next((s for s in servers if s.role == ServerRole.PREPARATION), None)
