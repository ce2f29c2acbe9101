"""One press is one request, however often it has to be sent."""

import pytest

from autosky_desktop.actions.intents import Intents, Order
from autosky_desktop.domain.errors import AnswerLost, Offline, Refused, Several, may_be_done
from autosky_desktop.domain.plan import PreviewRequest
from autosky_desktop.domain.problem import Problem

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


def an_order_that(*outcomes: Exception | str) -> tuple[Order[str], list[str]]:
    left, keys = list(outcomes), []

    async def call(key: str) -> str:
        keys.append(key)
        outcome = left.pop(0)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    return Order(call), keys


async def test_after_silence_the_same_request_is_sent_again() -> None:
    order, keys = an_order_that(Offline(), "done")
    with pytest.raises(Offline):
        await order.send()
    assert await order.send() == "done"
    assert keys[0] == keys[1]


async def test_after_a_refusal_asking_again_is_a_new_request() -> None:
    problem = Problem(type="about:blank", title="No", status=409, code="provider-refused")
    order, keys = an_order_that(Refused(problem), "done")
    with pytest.raises(Refused):
        await order.send()
    assert await order.send() == "done"
    assert keys[0] != keys[1]


async def test_without_a_control_plane_nothing_is_sent() -> None:
    class Nobody:
        plane = None

    with pytest.raises(Offline):
        await Intents(Nobody()).preview("erp", PreviewRequest())


async def test_what_may_have_been_done_may_still_have_been_when_it_is_not_even_sent_again() -> None:
    order, keys = an_order_that(AnswerLost(), Offline(), "done")
    for _ in range(2):
        with pytest.raises(AnswerLost):
            await order.send()
    assert await order.send() == "done"
    assert len(set(keys)) == 1


async def test_a_refusal_settles_what_may_have_been_done() -> None:
    problem = Problem(type="about:blank", title="No", status=409, code="not-held")
    order, keys = an_order_that(AnswerLost(), Refused(problem), Offline())
    with pytest.raises(AnswerLost):
        await order.send()
    with pytest.raises(Refused):
        await order.send()
    with pytest.raises(Offline) as cause:
        await order.send()
    assert not may_be_done(cause.value)
    assert keys[0] == keys[1] != keys[2]


async def test_of_several_one_that_may_be_done_is_enough() -> None:
    assert may_be_done(Several({"DB-01": Offline(), "FILE-01": AnswerLost()}))
    assert not may_be_done(Several({"DB-01": Offline()}))
