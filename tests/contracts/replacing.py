"""What a rollout comes to over every provider: inherit it as well as the provider's contracts."""

from collections.abc import Collection

import pytest

from autosky_desktop.domain.environment import InstanceState
from autosky_desktop.server.providers.provider import Admission, Member
from autosky_desktop.server.publications.workflow.rollout import outdated
from autosky_desktop.testing.provider_contract import TriedCloud
from tests.support.rolling import Rolling


@pytest.mark.anyio
class ReplacingContract:
    """Give a fixture `cloud`; its environment has some instances, and sessions on some of them if
    it tells who is on them.
    """

    @pytest.mark.parametrize("end_sessions", [True, False])
    async def test_replaced_instances_run_the_new_version(
        self, cloud: TriedCloud, end_sessions: bool
    ):
        before = await cloud.members()
        run = rolling(cloud, await cloud.model(77), end_sessions=end_sessions)
        if not end_sessions:
            await everybody_leaves(cloud, run)
        await run.to_the_end()
        assert not run.failures
        assert end_sessions or run.sessions_ended == 0
        after = await cloud.present()
        assert {it.instance.version for it in after.values()} == {77}
        assert {it.instance.status for it in after.values()} == {InstanceState.AVAILABLE}
        assert len(after) == len(before)
        assert not set(after) & set(before)

    async def test_whoever_is_there_is_waited_for(self, cloud: TriedCloud):
        await cloud.needs("sessions", "end_sessions")
        model = await cloud.model(77)
        run = rolling(cloud, model)
        await run.until(lambda rollout: rollout.is_waiting)
        left = [it.id for it in await cloud.sessions() if it.instance in await old(cloud, model)]
        assert left, "somebody is still there, and it waits"
        await cloud.end_sessions(left, key="end")
        await run.to_the_end()
        assert run.sessions_ended == 0

    async def test_a_replacement_happens_once_per_key(self, cloud: TriedCloud):
        """Whichever process carries it out, after how many turns of another."""
        before = await cloud.members()
        model = await cloud.model(77)
        for turns in (1, 2, 3):
            killed = rolling(cloud, model, end_sessions=True)
            for _ in range(turns):
                await killed.turn()
        await rolling(cloud, model, end_sessions=True).to_the_end()
        after = await cloud.present()
        assert len(after) == len(before)
        assert sorted(it.replaces for it in after.values()) == sorted(before)
        await rolling(cloud, model, end_sessions=True).to_the_end()
        assert set(await cloud.present()) == set(after)

    async def test_sessions_that_ended_are_counted_whoever_goes_on(self, cloud: TriedCloud):
        """A process for each turn; none knows what the one before was told."""
        await cloud.needs("sessions")
        model, counted, is_done = await cloud.model(77), 0, False
        assert await cloud.sessions()
        while not is_done:
            process = rolling(cloud, model, end_sessions=True)
            is_done = (await process.turn()).is_done
            assert process.sessions_ended >= counted
            counted = process.sessions_ended
        last = rolling(cloud, model, end_sessions=True)
        await last.look()
        assert last.sessions_ended == counted

    async def test_replacing_instances_that_are_new_enough_is_done_at_once(self, cloud: TriedCloud):
        model = await cloud.model(77)
        await rolling(cloud, model, end_sessions=True).to_the_end()
        again = rolling(cloud, model, end_sessions=True, key="again")
        assert (await again.look()).is_done

    async def test_what_is_not_on_the_model_is_outdated_by_name(self, cloud: TriedCloud):
        model = await cloud.model(77)
        before = await cloud.members()
        found = outdated(list(before.values()), model)
        assert [it.instance.name for it in found] == sorted(it.instance.name for it in found)
        assert {it.instance.id for it in found} == set(before)
        await rolling(cloud, model, end_sessions=True).to_the_end()
        assert await old(cloud, model) == []

    async def test_only_those_that_are_named_are_replaced(self, cloud: TriedCloud):
        model = await cloud.model(77)
        first, *others = await old(cloud, model)
        await rolling(cloud, model, end_sessions=True, only=[first]).to_the_end()
        assert await old(cloud, model) == others

    async def test_a_stopped_replacement_leaves_the_others_as_they_were(self, cloud: TriedCloud):
        model = await cloud.model(77)
        before = await cloud.members()
        run = rolling(cloud, model, end_sessions=True)
        await run.until(lambda rollout: any(map(is_coming, rollout.members)))
        for _ in range(2):
            await run.is_stopped()
        left = await cloud.settled()
        assert len(left) == len(before)
        assert await old(cloud, model)
        assert {it.admission for it in left.values()} == {Admission.OPEN}
        assert {it.instance.status for it in left.values()} == {InstanceState.AVAILABLE}

    async def test_another_replacement_goes_on_where_one_was_stopped(self, cloud: TriedCloud):
        model = await cloud.model(77)
        count = len(await cloud.members())
        run = rolling(cloud, model, end_sessions=True)
        await run.turn()
        await run.is_stopped()
        await rolling(cloud, model, end_sessions=True, attempt=1).to_the_end()
        assert await old(cloud, model) == []
        assert len(await cloud.present()) == count

    async def test_what_another_replacement_left_coming_is_given_up(self, cloud: TriedCloud):
        count = len(await cloud.members())
        await rolling(cloud, await cloud.model(77), end_sessions=True).turn()
        model = await cloud.model(78)
        await rolling(cloud, model, end_sessions=True, key="another").to_the_end()
        after = await cloud.present()
        assert (len(after), {it.model for it in after.values()}) == (count, {model})


def rolling(
    cloud: TriedCloud,
    model: str,
    *,
    end_sessions: bool = False,
    key: str = "replace",
    only: Collection[str] | None = None,
    attempt: int = 0,
) -> Rolling:
    return Rolling(
        cloud.provider,
        cloud.environment,
        model,
        key=key,
        moment=cloud.moment,
        end_sessions=end_sessions,
        only=only,
        attempt=attempt,
    )


async def everybody_leaves(cloud: TriedCloud, run: Rolling) -> None:
    """Let everybody sign out who is waited for, if it tells who is there."""
    if not (await cloud.provider.abilities(cloud.environment)).sessions:
        return
    await run.until(lambda rollout: rollout.is_waiting or rollout.is_done)
    await cloud.end_sessions([it.id for it in await cloud.sessions()], key="everybody")


async def old(cloud: TriedCloud, model: str) -> list[str]:
    return [it.instance.id for it in outdated(list((await cloud.members()).values()), model)]


def is_coming(member: Member) -> bool:
    return member.instance.status == InstanceState.STARTING
