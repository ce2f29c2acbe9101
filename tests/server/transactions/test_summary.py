"""What the list tells of an environment."""

from datetime import UTC, datetime

import pytest
from msgspec.structs import replace

from autosky_desktop.domain.environment import Instance
from autosky_desktop.domain.plan import Plan
from autosky_desktop.domain.publication import STEPS, Publication, Step
from autosky_desktop.domain.server import ScheduledShutdown, Server
from autosky_desktop.server.publications.queries import Latest
from autosky_desktop.server.transactions.summary import of_parts, of_publications

MORNING = datetime(2026, 11, 23, 9, tzinfo=UTC)
SHUTDOWN = ScheduledShutdown(at=MORNING)


def server(status="running", role="support", **more) -> Server:
    return Server(id=f"{role}-{status}", name="S", role=role, status=status, since=MORNING, **more)


def instance(status="available", sessions=1) -> Instance:
    return Instance(id=status, name="I", status=status, version=1, sessions=sessions)


def run(state: str, version: int = 42) -> Publication:
    return Publication(
        id="p", version=version, plan=Plan(), state=state,
        publisher="ana", requested_by="ana", requested_at=MORNING, steps=[],
    )  # fmt: skip


def test_the_preparation_server_is_told_with_its_shutdown():
    found = of_parts([server(), server(role="preparation", shutdown=SHUTDOWN)], [])
    preparation = found["preparation"]
    assert (preparation.status, preparation.shutdown) == ("running", SHUTDOWN)
    assert of_parts([server()], [])["preparation"] is None


@pytest.mark.parametrize(
    ("servers", "instances", "troubled"),
    [
        ([server()], [instance()], 0),
        ([server("hibernating")], [], 1),
        ([server("hibernating", image_status="failed")], [], 1),
        ([server(image_status="failed")], [instance("lost")], 2),
        ([], [instance("terminated")], 0),
    ],
)
def test_what_somebody_should_look_at_is_counted(servers, instances, troubled):
    assert of_parts(servers, instances)["troubled"] == troubled


def test_sessions_nobody_reported_are_not_zero():
    assert of_parts([], [instance(sessions=None)])["sessions"] is None
    assert of_parts([], [instance(), instance(sessions=None)])["sessions"] == 1


def test_a_hold_that_waits_for_a_person_is_told_until_it_is_answered():
    held = replace(run("waiting"), waiting_for="go-on")
    assert of_publications(Latest(held, held, None))["publishing"].waits_for_you
    for answered in (
        replace(held, cancel_asked_by="ana"),
        replace(held, waiting_for="bake"),
        replace(held, waiting_for=None),
    ):
        assert not of_publications(Latest(answered, answered, None))["publishing"].waits_for_you


def test_what_is_prepared_is_told_until_it_goes_on_or_is_stopped():
    prepared = replace(run("waiting"), waiting_for="switch")
    assert of_publications(Latest(prepared, prepared, None))["publishing"].prepared
    for gone_on in (replace(prepared, cancel_asked_by="ana"), replace(prepared, waiting_for=None)):
        assert not of_publications(Latest(gone_on, gone_on, None))["publishing"].prepared


def test_what_failed_is_over_when_its_version_is_published():
    latest = Latest(None, run("failed", 42), None)
    assert of_publications(latest, 41)["failed_version"] == 42
    assert of_publications(latest, 42)["failed_version"] is None


def test_what_failed_is_over_when_another_version_is_there_than_it_was_to_replace():
    began = replace(run("failed", 43), started_at=MORNING, replaces=41)
    assert of_publications(Latest(None, began, None), 41)["failed_version"] == 43
    assert of_publications(Latest(None, began, None), 42)["failed_version"] is None
    missed = replace(began, started_at=None)
    assert of_publications(Latest(None, missed, None), 42)["failed_version"] == 43


def test_when_and_where_a_publication_failed_is_told():
    steps = [Step(name=STEPS[0], state="succeeded"), Step(name=STEPS[1], state="failed")]
    failed = replace(run("failed"), steps=steps, ended_at=MORNING)
    found = of_publications(Latest(None, failed, None))
    assert (found["failed_at"], found["failed_step"]) == (MORNING, 2)
    missed = of_publications(Latest(None, replace(failed, steps=[], reason="missed"), None))
    assert missed["failed_step"] is None
    assert (missed["failed_reason"], missed["failed_detail"]) == ("missed", None)


def test_why_a_publication_failed_is_told_until_the_next_one_starts():
    steps = [Step(name=STEPS[0], state="failed", reason="image-failed", detail="No space.")]
    failed = replace(run("failed"), steps=steps)
    found = of_publications(Latest(None, failed, None))
    assert (found["failed_reason"], found["failed_detail"]) == ("image-failed", "No space.")
    queued = run("queued", 43)
    after = of_publications(Latest(queued, queued, None))
    assert (after["failed_reason"], after["failed_detail"]) == (None, None)


def test_a_failed_version_is_told_until_the_next_one_starts():
    failed, queued = run("failed"), run("queued", 43)
    assert of_publications(Latest(None, failed, None))["failed_version"] == 42
    assert of_publications(Latest(queued, queued, None))["failed_version"] is None
    assert of_publications(Latest(None, run("succeeded"), None))["failed_version"] is None
    assert of_publications(Latest(None, None, None))["failed_version"] is None
