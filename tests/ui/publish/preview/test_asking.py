"""What publishing would touch is asked for when it may have changed, and no more."""

import asyncio

import msgspec
import pytest
from PySide6.QtWidgets import QApplication, QLabel

from autosky_desktop.actions.intents import Intents, Order
from autosky_desktop.domain.errors import AnswerLost
from autosky_desktop.domain.plan import PublishRequest
from autosky_desktop.domain.publication import Publication
from autosky_desktop.store.store import Line, LineStatus
from autosky_desktop.ui.publish.preview.impact import ImpactCard
from autosky_desktop.ui.question import Question
from tests.support.evening import (
    ERP,
    LIVE,
    NOW,
    a_preparation_server,
    a_support_server,
    an_evening,
)
from tests.support.person import Person
from tests.ui.publish.form.test_forms import open_form
from tests.ui.publish.run.test_runs import a_run, tell


async def test_the_question_asks_again_only_of_what_changed_on_a_line_that_is_there(
    qloop: object, me: Person
) -> None:
    def asks() -> bool:
        return any(task.get_name() == "preview" for task in asyncio.all_tasks())

    async with an_evening() as evening:
        await open_form(me, "Optimized")
        await me.until(lambda: me.offers("Publish version 42") and not asks(), "the facts")
        await me.presses("Publish version 42")
        await me.sees("37 sessions</b> stay until users sign out")
        assert not asks()
        evening.store.set_connection(LineStatus(Line.OFFLINE, NOW))
        await me.until(lambda: not asks(), "nobody who asks")
        evening.store.details(ERP).servers.replace([a_preparation_server()])
        assert not asks()
        evening.store.set_connection(LIVE)
        evening.plane.shown = msgspec.structs.replace(evening.plane.shown, sessions_stay=41)
        evening.store.details(ERP).servers.replace([a_support_server()])
        await me.sees("Consequence: Now: 41 sessions stay until users sign out.")


async def test_while_the_facts_are_asked_for_the_card_says_so(qloop: object, me: Person) -> None:
    card = ImpactCard()
    assert "Checking…" in {label.text() for label in card.findChildren(QLabel)}
    async with an_evening() as evening:
        await open_form(me, "Optimized")
        await me.sees("Checked 18:33:11")
        evening.plane.preview_waits = asyncio.Event()
        await me.presses("More options")
        await me.presses("Stop at the first failure")
        await me.sees("Checking…", patience=5)
        assert not me.offers("Publish version 42")
        evening.plane.preview_waits.set()
        await me.sees("Checked 18:33")


async def test_a_question_whose_answer_was_lost_ends_when_what_it_asked_has_begun(
    qloop: object, me: Person
) -> None:
    """Asked again it would be about the next version."""
    async with an_evening() as evening:
        tried_before = a_run(id="before", state="failed", ended_at=NOW)
        evening.show(publications=[tried_before])
        await open_form(me, "Optimized")
        await me.presses("Publish version 42")
        evening.plane.publish_error = AnswerLost("POST publications")
        await me.presses("Publish version 42")
        await me.sees("No answer came. It may still be done:")
        tell(evening, msgspec.structs.replace(tried_before, note="Read again"))
        tell(evening, a_run(id="other", version=42, requested_by="eva", state="failed"))
        assert isinstance(QApplication.activeModalWidget(), Question)
        tell(evening, a_run())
        await me.no_longer_sees("No answer came.")
        await me.sees("Publishing version 42")
        assert evening.plane.asked == ["publish 42: "]


async def test_what_was_agreed_to_is_asked_for_whatever_the_look_before_it_finds(
    qloop: object, me: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    over = asyncio.Event()

    async def look() -> None:
        await over.wait()

    def publish(intents: Intents, environment: str, request: PublishRequest) -> Order[Publication]:
        plane = intents._plane()
        return Order(lambda key: plane.publish(environment, request, key=key), first=look)

    monkeypatch.setattr(Intents, "publish", publish)
    async with an_evening() as evening:
        await open_form(me, "Optimized")
        await me.presses("Publish version 42")
        await me.presses("Publish version 42")
        await me.sees("Asking the provider first…")
        evening.plane.shown = msgspec.structs.replace(evening.plane.shown, version=43)
        asked = len(evening.plane.previews)
        tell(evening, a_run(id="other", requested_by="eva"))
        await me.until(lambda: len(evening.plane.previews) > asked, "a look at what is so now")
        await me.until(
            lambda: not any(it.get_name() == "preview" for it in asyncio.all_tasks()), "it"
        )
        over.set()
        await me.until(lambda: evening.plane.requests, "the request")
        assert evening.plane.requests[0].expected_version == 42
