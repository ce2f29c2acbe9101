"""What is looked at before publishing."""

from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace

from autosky_desktop.domain.environment import Environment, Instance
from autosky_desktop.domain.plan import Deadline, Hold, Model, Options, Plan, Reconnection, Switch
from autosky_desktop.domain.publication import STEPS, Allowance, Difference, Publication, Step
from autosky_desktop.domain.server import ScheduledShutdown, Server
from autosky_desktop.server.publications.facts import Facts
from autosky_desktop.server.publications.preview import preview_of, preview_of_rest
from autosky_desktop.server.publications.queries import VersionImage

MORNING = datetime(2026, 11, 23, 9, tzinfo=UTC)
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
ENVIRONMENT = Environment(
    id="erp", name="ERP", label="staging", kind="scaling", provider="Demo", time_zone="UTC",
    run_hours=4, revision=9, confirmed_at=MORNING, current_version=41,
)  # fmt: skip
PREPARATION = Server(id="prep", name="PREP", role="preparation", status="running", since=MORNING)
INSTANCES = [
    Instance(id="a", name="A", status="available", version=41, sessions=3),
    Instance(id="b", name="B", status="available", version=41, sessions=2),
    Instance(id="c", name="C", status="terminated", version=40, sessions=None),
]
FACTS = Facts(environment=ENVIRONMENT, preparation=PREPARATION, instances=INSTANCES, now=MORNING)
ASKED = Reconnection(message="Please reconnect")
RECONNECT = Plan(model=Model.RECONNECT, reconnection=ASKED)
TERMINATING = Plan(options=Options(terminate_sessions=True))


def keep(deadline: datetime) -> Plan:
    return Plan(model=Model.KEEP, deadline=Deadline(at=deadline, reconnection=ASKED))


def run(version: int, state: str = "succeeded", minutes: int = 20, **fields) -> Publication:
    end = MORNING + minutes * MINUTE
    steps = [
        Step(name=name, state="succeeded", started_at=MORNING, ended_at=MORNING) for name in STEPS
    ]
    steps[2] = replace(steps[2], ended_at=end)
    made = Publication(
        id=f"p{version}", version=version, plan=Plan(), state=state,
        publisher="ana", requested_by="ana", requested_at=MORNING, steps=steps,
        started_at=MORNING, ended_at=end,
    )  # fmt: skip
    return replace(made, **fields)


def image(*, gone: bool = False) -> VersionImage:
    return VersionImage("img-39", "2025.2", gone)


THREE = [run(41), run(40), run(39)]


def scheduled(at: datetime) -> Publication:
    return run(42, "scheduled", started_at=None, ended_at=None, scheduled_for=at)


def asked(version: int, at: datetime, *, users: int) -> Publication:
    made = run(version, asked_at=at)
    steps = [*made.steps]
    steps[4] = replace(steps[4], users_asked=users)
    return replace(made, steps=steps)


def look(plan: Plan = Plan(), at: datetime | None = None, **facts):  # noqa: B008 - frozen
    return preview_of(replace(FACTS, **facts), plan, at=at)


def levels(seen) -> dict[str, str]:
    return {check.code: check.level for check in seen.checks}


def check(seen, code: str):
    return next(it for it in seen.checks if it.code == code)


@pytest.mark.parametrize(
    ("plan", "end", "asked", "stay"),
    [
        (Plan(), 0, 0, 5),
        (TERMINATING, 5, 0, 0),
        (Plan(model=Model.STANDARD), 5, 0, 0),
        (Plan(model=Model.KEEP), 0, 0, 5),
        (keep(MORNING + HOUR), 0, 5, 5),
        (RECONNECT, 0, 5, 0),
    ],
)
def test_it_says_what_becomes_of_sessions(plan, end, asked, stay):
    seen = look(plan)
    assert (seen.version, seen.replaces, seen.instances) == (42, 41, 2)
    assert (seen.sessions_end, seen.sessions_asked, seen.sessions_stay) == (end, asked, stay)


def test_an_environment_s_first_version_is_one():
    first = look(environment=replace(ENVIRONMENT, current_version=None), instances=[])
    assert (first.version, first.replaces) == (1, None)


def test_a_number_that_has_an_image_is_not_given_again():
    seen = look(highest_version=42)
    assert (seen.version, seen.replaces) == (43, 41)
    assert look(highest_version=40).version == 42


@pytest.mark.parametrize(
    ("status", "code", "level"),
    [
        ("running", "preparation-running", "pass"),
        ("stopped", "preparation-stopped", "pass"),
        ("starting", "preparation-moving", "wait"),
        ("hibernating", "preparation-moving", "wait"),
    ],
)
def test_the_preparation_server_must_have_settled(status, code, level):
    server = replace(PREPARATION, status=status)
    assert levels(look(preparation=server))[code] == level
    if level == "wait":
        assert levels(look(preparation=server, at=MORNING + HOUR))[code] == "warn"


def test_without_a_preparation_server_only_an_earlier_image_can_be_published():
    assert levels(look(preparation=None))["no-preparation-server"] == "wait"
    again = Plan(image_of=39)
    assert levels(look(again, earlier=image(), preparation=None))["image-available"] == "pass"
    assert levels(look(again))["image-gone"] == "wait"
    assert levels(look(again, earlier=image(gone=True)))["image-gone"] == "wait"


def test_a_running_publication_is_named_and_stands_in_the_way_of_no_schedule():
    running = run(42, "running", ended_at=None)
    found = check(look(running=running), "publication-running")
    assert (found.level, found.version, found.by, found.at) == ("wait", 42, "ana", MORNING)
    assert levels(look(running=running, at=MORNING + HOUR))["publication-running"] == "warn"


def test_what_is_planned_while_one_runs_follows_that_one():
    seen = look(running=run(42, "running", ended_at=None), at=MORNING + HOUR)
    assert (seen.version, seen.replaces) == (43, 42)


def test_an_image_that_somebody_else_has_made_is_told():
    making = replace(PREPARATION, image_status="creating", image_since=MORNING)
    assert levels(look(preparation=making))["image-creating"] == "warn"
    assert "image-creating" not in levels(look(preparation=making, running=run(42, "running")))
    again = look(Plan(image_of=39), preparation=making, earlier=image())
    assert "image-creating" not in levels(again)


def test_a_shutdown_in_the_run_or_before_it_is_warned_of():
    def shut(minutes: int) -> Server:
        return replace(PREPARATION, shutdown=ScheduledShutdown(at=MORNING + minutes * MINUTE))

    seen = look(preparation=shut(19), history=THREE)
    assert (seen.runs, seen.expected_seconds) == (3, 1200)
    assert levels(seen)["shutdown-in-run"] == "warn"
    assert "shutdown-in-run" not in levels(look(preparation=shut(21), history=THREE))
    assert "shutdown-in-run" not in levels(look(preparation=shut(19)))
    later = look(preparation=shut(19), history=THREE, at=MORNING + HOUR)
    assert check(later, "shutdown-before").at == MORNING + 19 * MINUTE
    assert levels(look(preparation=shut(70), history=THREE, at=MORNING + HOUR))["shutdown-in-run"]
    again = look(Plan(image_of=39), preparation=shut(19), history=THREE, earlier=image())
    assert "shutdown-in-run" not in levels(again)


@pytest.mark.parametrize(
    ("minutes", "clashes"), [(-21, False), (-19, True), (0, True), (19, True), (21, False)]
)
def test_another_publication_planned_for_that_time_is_told_with_its_length(minutes, clashes):
    start = MORNING + 5 * HOUR
    other = scheduled(start + minutes * MINUTE)
    seen = look(scheduled=[other], history=THREE, at=start)
    assert ("schedule-clash" in levels(seen)) is clashes
    if clashes:
        found = check(seen, "schedule-clash")
        assert (found.at, found.seconds) == (other.scheduled_for, 1200)


@pytest.mark.parametrize(
    ("minutes", "clashes"), [(-61, False), (-59, True), (0, True), (59, True), (61, False)]
)
def test_where_no_run_has_shown_its_length_an_hour_is_left_between_two(minutes, clashes):
    start = MORNING + 5 * HOUR
    seen = look(scheduled=[scheduled(start + minutes * MINUTE)], history=[], at=start)
    assert ("schedule-clash" in levels(seen)) is clashes
    if clashes:
        assert check(seen, "schedule-clash").seconds is None


def test_a_moment_must_be_ahead_and_a_deadline_behind_it():
    assert levels(look(at=MORNING))["schedule-past"] == "wait"
    assert "schedule-past" not in levels(look(at=MORNING + MINUTE))
    assert levels(look(keep(MORNING)))["deadline-passed"] == "wait"
    assert levels(look(keep(MORNING + HOUR), at=MORNING + HOUR))["deadline-passed"] == "wait"
    assert "deadline-passed" not in levels(look(keep(MORNING + HOUR)))


def test_a_deadline_before_instances_can_be_touched_leaves_nobody_in_peace():
    soon = look(keep(MORNING + 19 * MINUTE), history=THREE)
    assert check(soon, "deadline-too-soon").level == "wait"
    assert "deadline-too-soon" not in levels(look(keep(MORNING + 21 * MINUTE), history=THREE))
    assert "deadline-too-soon" not in levels(look(keep(MORNING + 19 * MINUTE), history=THREE[1:]))
    again = replace(keep(MORNING + MINUTE), image_of=39)
    assert "deadline-too-soon" not in levels(look(again, history=THREE, earlier=image()))
    later = look(keep(MORNING + HOUR), history=THREE, at=MORNING + 50 * MINUTE)
    assert levels(later)["deadline-too-soon"] == "wait"


@pytest.mark.parametrize(
    ("known", "minutes", "told"),
    [
        (THREE[1:], 19, True), (THREE[1:], 21, False), (THREE[2:], 19, True),
        ([], 59, True), ([], 61, False), (THREE, 21, False), (THREE, 19, False),
    ],
)  # fmt: skip
def test_with_too_few_runs_a_near_deadline_is_warned_of_and_not_refused(known, minutes, told):
    seen = look(keep(MORNING + minutes * MINUTE), history=known)
    assert levels(seen).get("deadline-may-be-soon") == ("warn" if told else None)


def test_with_nothing_left_of_the_month_nobody_is_asked():
    used = Allowance(limit=4, used=4, resets_at=MORNING + 200 * HOUR)
    found = check(look(RECONNECT, allowance=used), "allowance-none")
    assert (found.level, found.at, found.count) == ("wait", used.resets_at, 4)
    assert levels(look(keep(MORNING + HOUR), allowance=used))["allowance-none"] == "warn"
    assert "allowance-none" not in levels(look(allowance=used))
    assert "allowance-none" not in levels(look(RECONNECT, allowance=replace(used, used=3)))


def test_users_who_were_asked_lately_are_not_asked_again_unsaid():
    lately = [
        asked(41, MORNING - HOUR, users=118),
        asked(40, MORNING - 1.5 * HOUR, users=90),
        asked(39, MORNING - 3 * HOUR, users=80),
    ]
    found = check(look(RECONNECT, history=lately), "asked-recently")
    assert (found.level, found.at, found.count) == ("warn", MORNING - HOUR, 118)
    unknown = check(look(RECONNECT, history=[asked(41, MORNING, users=0)]), "asked-recently")
    assert unknown.count is None
    assert "asked-recently" in levels(look(TERMINATING, history=lately))
    assert "asked-recently" not in levels(look(history=lately))
    assert "asked-recently" not in levels(look(RECONNECT, history=lately, at=MORNING + 2 * HOUR))


def test_what_changed_since_the_last_version_is_told():
    history = [run(41, platform_version="12.4.1")]
    server = replace(PREPARATION, platform_version="12.5.0")
    seen = look(preparation=server, history=history)
    assert seen.changes == [Difference(what="platform-version", before="12.4.1", after="12.5.0")]
    assert "nothing-changed" not in levels(seen)
    unknown = VersionImage("img-39", None, gone=False)
    assert (
        look(Plan(image_of=39), preparation=server, history=history, earlier=unknown).changes == []
    )


def test_a_preparation_server_that_never_ran_since_has_nothing_new():
    off = replace(PREPARATION, status="stopped", since=MORNING - HOUR)
    assert levels(look(preparation=off, history=[run(41)]))["nothing-changed"] == "warn"
    ran = replace(off, since=MORNING + HOUR)
    assert "nothing-changed" not in levels(look(preparation=ran, history=[run(41)]))


def test_the_capacity_that_is_left_meanwhile_is_told():
    crowd = [replace(INSTANCES[0], id=str(number)) for number in range(12)]
    standard = Plan(model=Model.STANDARD)
    assert look(standard, instances=crowd).capacity_left == 10
    assert look(instances=crowd).capacity_left == 0
    assert levels(look(instances=crowd))["not-enough-capacity"] == "warn"
    assert "not-enough-capacity" not in levels(look(standard, instances=crowd))
    alone = look(standard, instances=crowd[:1])
    assert (alone.capacity_left, levels(alone)["not-enough-capacity"]) == (0, "warn")


@pytest.mark.parametrize(
    ("hold", "warned"),
    [
        (Hold(first=1), False), (Hold(first=2), True), (Hold(first=99), True),
        (Hold(share=50), False), (Hold(share=51), True),
        (Hold(named=("A",)), False), (Hold(named=("A", "B")), True),
        (Hold(named=("GONE", "A", "OUT")), False),
    ],
)  # fmt: skip
def test_a_hold_that_leaves_nobody_behind_is_warned_of(hold, warned):
    """As of JiRaska/open-bank-oss#3806: a canary of all there is."""
    assert ("hold-after-all" in levels(look(Plan(hold=hold)))) is warned


def test_who_is_to_go_first_and_is_not_there_is_named():
    """C has been terminated."""
    [check] = [it for it in look(Plan(hold=Hold(named=("A", "C", "D")))).checks if it.name]
    assert (check.code, check.level, check.name, check.count) == ("first-gone", "warn", "C", 2)
    assert "first-gone" not in levels(look(Plan(hold=Hold(named=("A", "B")))))


def switch(at: datetime) -> Plan:
    return Plan(switch=Switch(at=at, time_zone="UTC"))


def test_a_switch_lies_ahead_and_leaves_time_to_prepare():
    assert levels(look(switch(MORNING)))["switch-passed"] == "wait"
    slow = [run(number, minutes=30) for number in (41, 40, 39)]
    assert levels(look(switch(MORNING + MINUTE), history=slow))["switch-may-be-soon"] == "warn"
    codes = levels(look(switch(MORNING + 9 * HOUR), history=slow))
    assert not {"switch-passed", "switch-may-be-soon"} & set(codes)
    assert "switch-passed" in levels(look(switch(MORNING + HOUR), at=MORNING + HOUR))


def test_what_is_prepared_still_has_ahead_that_nobody_new_can_sign_in_meanwhile():
    waiting = run(42, "waiting", plan=Plan(), waiting_for="switch", ended_at=None)
    assert levels(preview_of_rest(FACTS, waiting))["not-enough-capacity"] == "warn"
    held = replace(waiting, waiting_for="go-on")
    assert "not-enough-capacity" not in levels(preview_of_rest(FACTS, held))


def test_a_deadline_before_the_switch_is_too_soon():
    at = MORNING + 5 * HOUR
    plan = replace(keep(at), switch=Switch(at=at, time_zone="UTC"))
    assert levels(look(plan))["deadline-too-soon"] == "wait"
    plan = replace(keep(at + MINUTE), switch=Switch(at=at, time_zone="UTC"))
    assert "deadline-too-soon" not in levels(look(plan))


def test_another_publication_before_the_switch_is_in_the_way():
    other = replace(run(42, "scheduled"), scheduled_for=MORNING + 4 * HOUR, ended_at=None)
    assert "schedule-clash" in levels(look(switch(MORNING + 5 * HOUR), scheduled=[other]))
    assert "schedule-clash" not in levels(look(switch(MORNING + HOUR), scheduled=[other]))


def test_how_long_it_takes_is_a_range_from_history_or_nothing():
    seen = look(history=[run(41, minutes=20), run(40, minutes=30), run(39, minutes=15)])
    assert (seen.expected_low_seconds, seen.expected_seconds) == (900, 1200)
    assert seen.expected_high_seconds == 1800
    assert look().expected_seconds is None


def test_whether_mail_can_be_sent_is_told():
    assert look(sends_mail=True).sends_mail
    assert not look().sends_mail


@pytest.mark.parametrize(
    ("state", "ahead", "waits"),
    [
        ("failed", HOUR, []),
        ("failed", -HOUR, ["deadline-passed"]),
        ("waiting", -HOUR, []),  # whoever is left is asked as soon as it goes on
    ],
)
def test_only_what_is_tried_again_waits_for_a_deadline_that_has_passed(state, ahead, waits):
    left = run(
        42, state, plan=keep(MORNING + ahead), ended_at=None if state == "waiting" else MORNING
    )
    seen = preview_of_rest(
        replace(FACTS, instances=[*INSTANCES, replace(INSTANCES[0], version=42)]), left
    )
    assert [it.code for it in seen.checks if it.level == "wait"] == waits
    assert (seen.instances, seen.sessions_stay, seen.capacity_left) == (2, 5, None)


def test_what_has_no_image_yet_looks_at_the_preparation_server_again():
    nothing = [replace(it, made=None) for it in run(42).steps]
    seen = preview_of_rest(replace(FACTS, preparation=None), run(42, "failed", steps=nothing))
    assert levels(seen)["no-preparation-server"] == "warn"
    made = [replace(it, made="img") for it in nothing]
    seen = preview_of_rest(replace(FACTS, preparation=None), run(42, "failed", steps=made))
    assert "no-preparation-server" not in levels(seen)


def test_what_is_missing_of_the_wanted_instances_starts():
    def added(wanted: int) -> int:
        return look(environment=replace(ENVIRONMENT, wanted_instances=wanted)).instances_added

    assert [added(wanted) for wanted in (0, 1, 2, 5)] == [0, 0, 0, 3]
    wanted = replace(FACTS, environment=replace(ENVIRONMENT, wanted_instances=3))
    assert preview_of_rest(wanted, run(41, "failed")).instances_added == 1
    held = Plan(hold=Hold(first=2))
    assert "hold-after-all" in levels(look(held))
    assert "hold-after-all" not in levels(preview_of(wanted, held))
