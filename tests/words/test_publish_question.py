"""The question before publishing: what it says of the instances and of the preparation server."""

import pytest
from msgspec.structs import replace

from autosky_desktop.domain.plan import Hold, Options, Plan, PublishRequest
from autosky_desktop.words.publish_question import question
from autosky_desktop.words.question import Consequence
from tests.support.evening import NOW, an_environment
from tests.support.publishing import PREVIEW


def consequence(icon: str, request: PublishRequest, preparation: str = "running") -> Consequence:
    preview = replace(PREVIEW, preparation=preparation)
    asked = question(an_environment(), preview, request, "ana", NOW)
    [found] = [it for it in asked.consequences if it.icon == icon]
    return found


def a_request(hold: Hold | None = None, *, stops: bool = False) -> PublishRequest:
    return PublishRequest(
        expected_version=42,
        plan=Plan(hold=hold, options=Options(stop_preparation_server=stops)),
    )


@pytest.mark.parametrize(
    ("hold", "said"),
    [
        (None, ""),
        (Hold(first=1), "After 1 instance it waits until somebody presses Go on."),
        (Hold(first=3, bake_seconds=600), "After 3 instances it waits for 10 min."),
        (
            Hold(share=25),
            "After 25% of the instances it waits until somebody presses Go on.",
        ),
        (Hold(share=25, bake_seconds=600), "After 25% of the instances it waits for 10 min."),
    ],
)
def test_a_hold_says_after_how_many_it_waits_and_for_what(hold: Hold | None, said: str) -> None:
    assert consequence("layers", a_request(hold)).explanation == said


@pytest.mark.parametrize(
    ("stops", "preparation", "tone", "said"),
    [
        (True, "running", "warn", "is stopped for the image and stays stopped"),
        (True, "stopped", "ok", "stays stopped"),
        (False, "running", "ok", "keeps running"),
        (False, "stopped", "ok", "stays stopped"),
    ],
)
def test_only_a_preparation_server_that_is_stopped_by_it_is_warned_of(
    stops: bool, preparation: str, tone: str, said: str
) -> None:
    found = consequence("server", a_request(stops=stops), preparation)
    assert (found.tone, found.text) == (tone, f"The preparation server {said}.")
