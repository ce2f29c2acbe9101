"""Rolling a model out over a provider as the workflow does, one look after another."""

from collections.abc import Awaitable, Callable, Collection

from autosky_desktop.server.db.clock import Now, now
from autosky_desktop.server.providers.provider import Provider
from autosky_desktop.server.publications.workflow.replacer import FailedSuccessor, InstanceReplacer
from autosky_desktop.server.publications.workflow.rollout import Rollout, RolloutTask
from autosky_desktop.server.publications.workflow.step_context import Pace, ProviderTools


class Rolling:
    """A rollout by a process, which may be another one than before: `key` says which rollout.
    `moment` lets the provider go on a bit; `failures` are those that it met.
    """

    def __init__(
        self,
        provider: Provider,
        environment: str,
        model: str,
        *,
        key: str,
        moment: Callable[[], Awaitable[None]],
        end_sessions: bool = False,
        only: Collection[str] | None = None,
        attempt: int = 0,
        clock: Now = now,
    ) -> None:
        tools = ProviderTools(provider, Pace(0, 0), clock)
        self.replacer = InstanceReplacer(tools, environment, model, key=key, attempt=attempt)
        self.end_sessions = end_sessions
        self.failures: list[FailedSuccessor] = []
        self._model = model
        self._only = None if only is None else frozenset(only)
        self._moment = moment

    @property
    def sessions_ended(self) -> int:
        return self.replacer.sessions_ended

    async def look(self) -> Rollout:
        """Finish what is up, and return how it stood before."""
        members = await self.replacer.members()
        task = RolloutTask(
            model=self._model,
            end_sessions=self.end_sessions,
            only=self._only,
            failed=frozenset(it.instance for it in self.failures),
            wanted=self.replacer.wanted or 0,
        )
        rollout = Rollout(members, task)
        await self.replacer.finish(rollout, end_sessions=self.end_sessions)
        return rollout

    async def turn(self) -> Rollout:
        """Do one turn and return what was seen at its beginning."""
        rollout = await self.look()
        if not rollout.is_done:
            self.failures += self.replacer.failures(rollout)
            await self.replacer.begin(rollout, end_sessions=self.end_sessions)
            await self._moment()
        return rollout

    async def until(self, holds: Callable[[Rollout], object]) -> Rollout:
        while not holds(rollout := await self.turn()):
            assert not rollout.is_done, "it is done, and it never held"
        return rollout

    async def to_the_end(self) -> None:
        await self.until(lambda rollout: rollout.is_done)

    async def is_stopped(self) -> None:
        await self.replacer.give_up()
