"""An environment that is removed leaves nothing behind that listens."""

import logging
import weakref

import pytest

from tests.support.evening import ERP, an_environment, an_evening
from tests.support.person import Person, texts


async def test_its_pages_hear_no_more_of_the_store(
    qloop: object, me: Person, caplog: pytest.LogCaptureFixture
) -> None:
    async with an_evening() as evening:
        window = evening.desktop.window
        for tab in ("servers", "publish", "activity"):
            window.show_tab(tab)
        page = weakref.ref(window.page)  # type: ignore[arg-type]
        evening.store.environments.replace([an_environment("payroll", "Payroll")])
        await me.until(lambda: window.environment == "payroll", "the environment that is left")
        await me.until(lambda: page() is None or not page().isVisible(), "no page of the other")
        await me.until(
            lambda: len(evening.store.details(ERP).servers._watchers) == 0, "nobody who listens"
        )
        with caplog.at_level(logging.ERROR):
            evening.show()
            evening.store.tell()
        assert [record.getMessage() for record in caplog.records] == []


async def test_with_the_last_one_the_window_says_at_once_that_there_is_none(
    qloop: object, me: Person
) -> None:
    async with an_evening() as evening:
        window = evening.desktop.window
        await me.until(lambda: "ERP Production" in window.windowTitle(), "its name in the title")
        for environment in [*evening.store.environments]:
            evening.store.environments.remove(environment.id)
        # Nothing else is told: what is seen now stays until something happens.
        await me.sees("This control plane has no environments yet.")
        assert not [text for text in texts() if "ERP Production" in text]
        assert window.windowTitle() == "Autosky Desktop"
