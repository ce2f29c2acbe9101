"""Replaces instances: a new one starts on the new model, then the old one goes."""

from collections.abc import Sequence
from datetime import datetime
from math import ceil
from typing import NamedTuple

from msgspec.structs import replace

from autosky_desktop.domain.environment import Instance, InstanceState
from autosky_desktop.server.providers.provider import Outdated, ReplacementProgress
from autosky_desktop.server.providers.simulated import instances
from autosky_desktop.server.providers.simulated.accounts import on
from autosky_desktop.server.providers.simulated.chance import (
    INSTANCE_BOOT,
    INSTANCE_STOP,
    UNHEALTHY,
    dice,
    identity,
    lasting,
    private_address,
    public_address,
    turned,
)
from autosky_desktop.server.providers.simulated.sessions import closed, drained, undrained
from autosky_desktop.server.providers.simulated.state import (
    Replacement,
    SimulatedEnvironment,
    SimulatedInstance,
    effected,
    with_box,
    with_replacement,
    without_box,
)

ROUNDS = 6
"""So many replacements follow one another; the bigger the environment, the more at once."""


class ReplacementTask(NamedTuple):
    """The task of a replacement; `only` None: it is to replace all that are not on the model."""

    model: str
    end_sessions: bool
    only: frozenset[str] | None = None

    def is_what(self, run: Replacement) -> bool:
        """Return whether the replacement does just this task."""
        only = None if run.only is None else frozenset(run.only)
        return self == ReplacementTask(run.model, run.end_sessions, only)


def planned(
    state: SimulatedEnvironment, asked: ReplacementTask, *, key: str, unhealthy: int
) -> SimulatedEnvironment:
    """Write down which instances are to be replaced; `pursued` begins with it."""
    boxes = sorted(state.boxes.values(), key=lambda box: box.instance.name)
    old = [each.id for each in outdated(state, asked.model)]
    run = Replacement(
        id=identity(dice(state), "rep"),
        key=key,
        model=asked.model,
        end_sessions=asked.end_sessions,
        targets=tuple(id_ for id_ in old if asked.only is None or id_ in asked.only),
        at_once=ceil(len(boxes) / ROUNDS),
        unhealthy=boxes[unhealthy - 1].instance.name if 0 < unhealthy <= len(boxes) else "",
        only=None if asked.only is None else tuple(sorted(asked.only)),
    )
    return with_replacement(turned(state), run)


def outdated(state: SimulatedEnvironment, model: str) -> list[Outdated]:
    """Return those that are not on the model and not on their way out."""
    boxes = sorted(state.boxes.values(), key=lambda box: box.instance.name)
    return [
        Outdated(id=box.instance.id, name=box.instance.name, sessions=on(box))
        for box in boxes
        if box.model != model and not box.ready_at
    ]


def running(state: SimulatedEnvironment) -> Replacement | None:
    return next((run for run in state.replacements.values() if run.state == "running"), None)


def progress(state: SimulatedEnvironment, run: Replacement) -> ReplacementProgress:
    left = _left(state, run)
    sessions = sum(on(box) for box in left)
    running_ = run.state == "running"
    stuck = running_ and not run.end_sessions and bool(sessions) and not _in_hand(state)
    return ReplacementProgress(
        state="waiting" if stuck else run.state,
        done=len(run.targets) - len(left) if running_ else run.done,
        total=len(run.targets),
        sessions=sessions if running_ else 0,
        sessions_ended=run.sessions_ended,
        detail=run.detail,
        failed=run.failed,
    )


def pursued(state: SimulatedEnvironment, *, now: datetime) -> SimulatedEnvironment:
    """Begin as many replacements as there is room for, drain what is next, end when all is done."""
    if (run := running(state)) is None:
        return state
    left = _left(state, run)
    if not left:
        ended = replace(run, state="succeeded", done=len(run.targets))
        return with_replacement(state, ended)
    hands = _in_hand(state)
    taken = {box.replaces for box in hands}
    next_ = [box for box in left if box.instance.id not in taken and not box.ready_at]
    next_.sort(key=lambda box: (box.instance.status != InstanceState.DRAINING, on(box)))
    for box in next_[: run.at_once - len(hands)]:
        if run.end_sessions or not on(box):
            state = _begun(state, run, box, now)
    return _draining(state, run, [state.boxes[box.instance.id] for box in next_], now)


def arrived(
    state: SimulatedEnvironment, box: SimulatedInstance, *, now: datetime
) -> SimulatedEnvironment:
    """Settle a new instance: it serves and the old one goes, or it has never come up."""
    if (run := running(state)) is None:
        return instances.up(state, box)
    if not box.healthy:
        return _failed(state, run, box)
    throw = dice(state)
    old = state.boxes[box.replaces]
    up = replace(
        box.instance, status=InstanceState.AVAILABLE, public_ip=public_address(throw, state)
    )
    going = replace(
        old,
        instance=replace(old.instance, status=InstanceState.STOPPING, sessions=0),
        ready_at=now + lasting(throw, INSTANCE_STOP, state.speed),
        sign_outs=(),
        seats=(),
    )
    state = with_box(turned(state), replace(box, instance=up, ready_at=None))
    ended = run.sessions_ended + on(old)
    return with_replacement(with_box(state, going), replace(run, sessions_ended=ended))


def gone(state: SimulatedEnvironment, old: SimulatedInstance) -> SimulatedEnvironment:
    """Remove the old instance; its place is the new one's."""
    state = without_box(state, old.instance.id)
    runs = (r for r in reversed(state.replacements.values()) if old.instance.id in r.targets)
    if (run := next(runs, None)) is None:
        return state
    return effected(state, "replace", run.key, old.instance.id)


def _left(state: SimulatedEnvironment, run: Replacement) -> list[SimulatedInstance]:
    return [state.boxes[id_] for id_ in run.targets if id_ in state.boxes]


def _in_hand(state: SimulatedEnvironment) -> list[SimulatedInstance]:
    return [box for box in state.boxes.values() if box.replaces in state.boxes]


def _begun(
    state: SimulatedEnvironment, run: Replacement, old: SimulatedInstance, now: datetime
) -> SimulatedEnvironment:
    throw = dice(state)
    healthy = old.instance.name != run.unhealthy
    new = Instance(
        id=identity(throw, "i"),
        name=old.instance.name,
        status=InstanceState.STARTING,
        version=state.models[run.model].version,
        sessions=0,
        private_ip=private_address(throw, state),
    )
    boot = lasting(throw, INSTANCE_BOOT if healthy else UNHEALTHY, state.speed)
    box = SimulatedInstance(
        instance=new,
        model=run.model,
        ready_at=now + boot,
        healthy=healthy,
        replaces=old.instance.id,
    )
    state = with_box(turned(state), box)
    if old.instance.status == InstanceState.DRAINING:
        return state
    return _emptying(state, run, old, now)


def _draining(
    state: SimulatedEnvironment, run: Replacement, next_: Sequence[SimulatedInstance], now: datetime
) -> SimulatedEnvironment:
    """Drain instances that go soon: all of them, once others are new enough or these are blocked.

    Before that only as many as are replaced at once, so that people still find a place.
    """
    elsewhere = any(
        box.model == run.model and box.instance.status == InstanceState.AVAILABLE
        for box in state.boxes.values()
    )
    room = run.at_once - len(_in_hand(state))
    waiting = [box for box in next_ if on(box)]
    for place, box in enumerate(waiting):
        leaves = elsewhere or box.blocked or place < room
        if leaves and box.instance.status != InstanceState.DRAINING:
            state = _emptying(state, run, box, now)
    return state


def _emptying(
    state: SimulatedEnvironment, run: Replacement, old: SimulatedInstance, now: datetime
) -> SimulatedEnvironment:
    """Let nobody new on; people sign out in time, or with `end_sessions` at the replacement."""
    return closed(state, old) if run.end_sessions else drained(state, old, now=now)


def _failed(
    state: SimulatedEnvironment, run: Replacement, new: SimulatedInstance
) -> SimulatedEnvironment:
    sentence = f"{new.instance.name} ({new.instance.id}) did not become healthy in 10 minutes."
    return stopped(state, replace(run, failed=new.replaces), sentence)


def stopped(state: SimulatedEnvironment, run: Replacement, detail: str) -> SimulatedEnvironment:
    """Stop the replacement for good: what has not come up never will, what was to go stays."""
    done = sum(1 for id_ in run.targets if id_ not in state.boxes or state.boxes[id_].ready_at)
    state = with_replacement(state, replace(run, state="failed", done=done, detail=detail))
    for box in list(state.boxes.values()):
        if box.instance.status == InstanceState.STARTING:
            state = without_box(state, box.instance.id)
        elif box.instance.status == InstanceState.DRAINING:
            state = with_box(state, undrained(box))
    return state
