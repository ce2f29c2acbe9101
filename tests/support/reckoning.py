"""The reckoning, from the record of the years alone: who was not told, told twice or told wrongly.

It knows nothing of the planner. Of every stretch of time in which a computer was awake and knew
of a shutdown it asks what a person had to have heard by then.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from tests.support.years import FIRST, MINUTE, Record, Said, Shutdown, Span

AHEAD = (60, 30, 10, 2)
GRACE = 1.0
"""Seconds within which something has to be said."""
DUST = 1e-3


@dataclass
class Story:
    """The story of one server's shutdown, from when it was known until it was moved or gone."""

    server: str
    at: float
    spans: list[Span] = field(default_factory=list)
    held: list[bool] = field(default_factory=list)
    said: list[Said] = field(default_factory=list)

    @property
    def begin(self) -> float:
        return self.spans[0].begin

    @property
    def end(self) -> float:
        return self.spans[-1].end


@dataclass
class Reckoning:
    missed: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    latest: float = 0.0
    owed: int = 0
    stories: int = 0


def reckon(record: Record) -> Reckoning:
    result = Reckoning()
    servers = sorted({key for span in record.spans for key in span.known})
    for server in servers:
        said = [it for it in record.said if it.entry.server == server]
        stories = list(_stories(record.spans, server))
        result.stories += len(stories)
        _hand_out(stories, said, result)
        for story in stories:
            _judge(story, result)
    return result


def _seconds(moment: datetime) -> float:
    return (moment - FIRST).total_seconds()


def _stories(spans: list[Span], server: str) -> Iterator[Story]:
    story: Story | None = None
    for span in spans:
        shutdown: Shutdown = span.known[server]
        at = _seconds(shutdown.at) if shutdown else None
        if story and story.at != at:
            yield story
            story = None
        if shutdown and at is not None:
            story = story or Story(server, at)
            story.spans.append(span)
            story.held.append(shutdown.held)
    if story:
        yield story


def _hand_out(stories: list[Story], said: list[Said], result: Reckoning) -> None:
    """Give every message to the story that ran then, or that had just ended."""
    by_moment: dict[float | None, list[Story]] = {}
    for story in stories:
        by_moment.setdefault(story.at, []).append(story)
    for it in said:
        same = by_moment.get(_seconds(it.entry.at) if it.entry.at else None, [])
        fitting = [story for story in same if story.begin - DUST <= it.second <= story.end + GRACE]
        if fitting:
            fitting[0 if it.second <= fitting[0].end - DUST else -1].said.append(it)
        else:
            result.wrong.append(f"{it.entry.id}: of no shutdown that was known")


def _judge(story: Story, result: Reckoning) -> None:
    times = Counter((it.entry.news, it.entry.ahead) for it in story.said)
    result.doubled += [f"{story.server} {what}" for what, number in times.items() if number > 1]
    for it in story.said:
        early = story.at - it.entry.ahead * MINUTE - it.clock > DUST
        if it.entry.news == "soon" and (early or it.clock >= story.at):
            result.wrong.append(f"{it.entry.id}: at a wrong time")
        if it.entry.news == "missed" and it.clock < story.at - DUST:
            result.wrong.append(f"{it.entry.id}: missed before its time")
    for span, held in zip(story.spans, story.held, strict=True):
        if span.awake and not held:
            _look_into(story, span, result)


def _look_into(story: Story, span: Span, result: Reckoning) -> None:
    """Judge what was owed in a stretch of being awake, and whether it came in time."""
    first, last = span.begin + span.error, span.end + span.error
    for ahead in AHEAD:
        mark = story.at - ahead * MINUTE
        if first >= story.at or last < mark:
            continue
        due = max(span.begin, mark - span.error)
        if first < mark:  # it came while somebody was there: this very warning is owed
            owed = [it for it in story.said if it.entry.ahead == ahead]
        else:  # it had come before: a more urgent one may speak for it
            owed = [it for it in story.said if it.entry.ahead <= ahead]
        _settle(story, f"{ahead} min", due, owed, result)
    if last >= story.at:
        due = max(span.begin, story.at - span.error)
        owed = [it for it in story.said if it.entry.ahead == AHEAD[-1] or it.entry.news == "missed"]
        _settle(story, "that it had stopped", due, owed, result)


def _settle(story: Story, what: str, due: float, owed: list[Said], result: Reckoning) -> None:
    """Settle what was owed, unless somebody falls asleep again within the grace."""
    if story.end < due + GRACE or not _awake_until(story, due + GRACE):
        return
    result.owed += 1
    came = min((it.second for it in owed), default=None)
    if came is None or came > due + GRACE:
        result.missed.append(f"{story.server}: {what}, due at {due:.0f}")
    else:
        result.latest = max(result.latest, came - due)


def _awake_until(story: Story, second: float) -> bool:
    near = (it for it in story.spans if it.begin < second and it.end > second - GRACE)
    return all(it.awake for it in near)
