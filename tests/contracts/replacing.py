"""What every provider promises of replacing instances: inherit it as well as ProviderContract."""

import pytest

from autosky_desktop.domain.environment import InstanceState
from tests.contracts.provider import Cloud


@pytest.mark.anyio
class ReplacingContract:
    """Give a fixture `cloud`; its environment has some instances with sessions on them."""

    @pytest.mark.parametrize("end_sessions", [True, False])
    async def test_replaced_instances_run_the_new_version(self, cloud: Cloud, end_sessions: bool):
        before = await cloud.provider.read(cloud.environment)
        model = await cloud.model(77)
        run = await cloud.replace(model, end_sessions=end_sessions, key="replace")
        progress = await cloud.ended(run)
        assert (progress.state, progress.done, progress.sessions) == (
            "succeeded",
            len(before.instances),
            0,
        )
        assert end_sessions or progress.sessions_ended == 0
        after = (await cloud.provider.read(cloud.environment)).instances
        assert {instance.version for instance in after} == {77}
        assert {instance.status for instance in after} == {InstanceState.AVAILABLE}
        assert len(after) == len(before.instances)
        assert not {i.id for i in after} & {i.id for i in before.instances}

    async def test_a_replacement_happens_once_per_key(self, cloud: Cloud):
        model = await cloud.model(77)
        run = await cloud.replace(model, end_sessions=True, key="replace")
        assert await cloud.replace(model, end_sessions=True, key="replace") == run
        await cloud.ended(run)
        after = {i.id for i in (await cloud.provider.read(cloud.environment)).instances}
        assert await cloud.replace(model, end_sessions=True, key="replace") == run
        assert {i.id for i in (await cloud.provider.read(cloud.environment)).instances} == after

    async def test_replacing_instances_that_are_new_enough_is_done_at_once(self, cloud: Cloud):
        model = await cloud.model(77)
        await cloud.ended(await cloud.replace(model, end_sessions=True, key="replace"))
        again = await cloud.ended(await cloud.replace(model, end_sessions=True, key="again"))
        assert (again.state, again.done, again.total) == ("succeeded", 0, 0)

    async def test_what_is_not_on_the_model_is_outdated_by_name(self, cloud: Cloud):
        model = await cloud.model(77)
        before = (await cloud.provider.read(cloud.environment)).instances
        found = await cloud.provider.outdated(cloud.environment, model=model)
        assert [each.name for each in found] == sorted(each.name for each in before)
        assert {each.id: each.sessions for each in found} == {i.id: i.sessions for i in before}
        await cloud.ended(await cloud.replace(model, end_sessions=True, key="replace"))
        assert await cloud.outdated(model) == []

    async def test_only_those_that_are_named_are_replaced(self, cloud: Cloud):
        model = await cloud.model(77)
        first, *others = await cloud.outdated(model)
        run = await cloud.replace(model, end_sessions=True, key="first", only=[first])
        progress = await cloud.ended(run)
        assert (progress.state, progress.done, progress.total) == ("succeeded", 1, 1)
        assert await cloud.outdated(model) == others

    async def test_a_stopped_replacement_leaves_the_others_as_they_were(self, cloud: Cloud):
        model = await cloud.model(77)
        count = len(await cloud.outdated(model))
        run = await cloud.replace(model, end_sessions=True, key="replace")
        await cloud.stop_replacement(run, key="stop")
        await cloud.stop_replacement(run, key="stop")
        progress = await cloud.ended(run)
        left = await cloud.outdated(model)
        assert (progress.state, progress.failed) == ("failed", "")
        assert len(left) == count - progress.done > 0
        after = (await cloud.provider.read(cloud.environment)).instances
        kept = {i.status for i in after if i.id in left}
        assert kept == {InstanceState.AVAILABLE}

    async def test_another_replacement_goes_on_where_one_was_stopped(self, cloud: Cloud):
        model = await cloud.model(77)
        run = await cloud.replace(model, end_sessions=False, key="replace")
        await cloud.stop_replacement(run, key="stop")
        again = await cloud.replace(model, end_sessions=True, key="again")
        assert (await cloud.ended(again)).state == "succeeded"
        assert await cloud.outdated(model) == []

    async def test_a_message_ends_no_session_and_is_repeatable(self, cloud: Cloud):
        sessions = await cloud.provider.sessions(cloud.environment)
        ids = [session.id for session in sessions]
        for _ in range(2):
            await cloud.message([*ids, "nobody's"], "Please sign in again.", key="message")
        assert await cloud.provider.sessions(cloud.environment) == sessions
