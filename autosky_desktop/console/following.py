"""A publication as it goes on, told until it ends, and what its end means to a shell."""

import asyncio
from collections.abc import Callable, Iterator, Sequence

from rich.live import Live
from rich.table import Table
from rich.text import Text

from autosky_desktop.console.output import STYLES
from autosky_desktop.console.reach import Reached
from autosky_desktop.domain.environment import Environment
from autosky_desktop.domain.publication import (
    Publication,
    PublicationState,
    Step,
    StepState,
    WaitingFor,
)
from autosky_desktop.domain.text import readable
from autosky_desktop.words import console as words
from autosky_desktop.words import publishing, running, states
from autosky_desktop.words.language import _
from autosky_desktop.words.states import StatusKind

DONE, REFUSED, FAILED, CANCELLED, WAITS = 0, 1, 3, 4, 5
"""The exit codes; 2 is a wrong command's."""
ENDS = {
    PublicationState.SUCCEEDED: DONE,
    PublicationState.FAILED: FAILED,
    PublicationState.CANCELLED: CANCELLED,
}
LOOKS = {
    StepState.RUNNING: StatusKind.BUSY,
    StepState.SUCCEEDED: StatusKind.OK,
    StepState.FAILED: StatusKind.BAD,
}
A_SECOND = 4
"""How often the times on a terminal are drawn anew."""


class Following:
    """Follows one publication. `held`: also while it waits for a person to say go on."""

    def __init__(
        self,
        reached: Reached,
        before: Sequence[Publication],
        now: Callable[[], Publication],
        *,
        held: bool,
    ) -> None:
        self._reached, self._output = reached, reached.output
        self._before, self._now, self._held = before, now, held
        self._live = True
        self._said: set[str] = set()

    async def drawn(self) -> Publication:
        """Draw its steps on a terminal until it has ended."""
        with Live(
            get_renderable=self._table,
            console=self._output.beside,
            refresh_per_second=A_SECOND,
        ):
            while not self._over(self._now()):
                await self._next()
        return self._now()

    async def told(self) -> Publication:
        """Write a line for each thing that changes, or the whole publication as JSON."""
        while True:
            run = self._now()
            if self._output.json:
                self._output.tell(run)
            else:
                for line in self._lines(run):
                    self._say_once(line)
            if self._over(run):
                return run
            await self._next()

    def _over(self, run: Publication) -> bool:
        return run.ended or (waits_for_a_person(run) and not self._held)

    async def _next(self) -> None:
        """Wait until the publication has changed, and say meanwhile when the line is lost."""
        before = self._now()

        def changed() -> bool:
            self._tell_of_the_line()
            return self._now() != before

        await self._reached.until(changed)

    def _tell_of_the_line(self) -> None:
        live = self._reached.store.connection.live
        if live is not self._live:
            self._live = live
            self._output.say(_(words.LINE_BACK if live else words.LINE_LOST), "yellow")

    def _say_once(self, line: str) -> None:
        if line and line not in self._said:
            self._said.add(line)
            self._output.say(line)

    def _lines(self, run: Publication) -> Iterator[str]:
        for number, step in enumerate(run.steps, start=1):
            if StepState(step.state) is not StepState.PENDING:
                name, state = states.step_name(step.name), states.step_state(step.state)
                yield words.step_line(number, len(run.steps), name, state, run.retries)
        if run.instances_replaced:
            yield running.replaced(run)
        if run.waiting_for and run.waiting_for not in self._said:
            self._said.add(run.waiting_for)  # its times change with every look
            yield running.waiting(run, self._reached.now())

    def _table(self) -> Table:
        run, now = self._now(), self._reached.now()
        drawn = Table.grid(padding=(0, 2))
        for number, step in enumerate(run.steps, start=1):
            time = publishing.step_time(step, self._before, now=now, ended=run.ended)
            drawn.add_row(str(number), states.step_name(step.name), Text(time, style=_style(step)))
        if waiting := running.waiting(run, now):
            drawn.add_row("", Text(readable(waiting), style="yellow"))
        return drawn


def waits_for_a_person(run: Publication) -> bool:
    waits = WaitingFor(run.waiting_for or "") is WaitingFor.GO_ON
    return not run.ended and waits and not run.cancel_asked_by


def newest(
    known: Publication | None, stale: Publication | None, answer: Publication
) -> Publication:
    """Return the answer to what was asked, until more is known than before it was asked."""
    return answer if known is None or known == stale else known


async def followed(
    reached: Reached,
    home: Environment,
    run: Publication,
    *,
    held: bool,
    stale: Publication | None = None,
) -> int:
    """Tell how the publication goes until it has ended, and return the exit code for that.

    `held`: also while it waits for a person, which else ends the command with a code of its own.
    `stale`: how it was before it was asked for something, of which `run` is the answer.
    """

    def now() -> Publication:
        return newest(publications.get(run.id), stale, run)

    publications = (await reached.details(home)).publications
    before = [it for it in publications if it.id != run.id]
    following = Following(reached, before, now, held=held)
    if reached.here:
        reached.output.say(_(words.STAYS))
    try:
        last = await (following.drawn() if reached.output.is_live else following.told())
    except asyncio.CancelledError:  # somebody interrupted
        reached.output.say(_(words.PAUSES if reached.here else words.GOES_ON))
        raise
    return _ended(reached, last)


def _ended(reached: Reached, run: Publication) -> int:
    """Say what came of it, and return the exit code."""
    kind, text = states.publication_look(run)
    reached.output.say(text, STYLES.get(kind, ""))
    why = running.waiting(run, reached.now()) or running.what_failed(run)
    if why:
        reached.output.say(why)
    return WAITS if not run.ended else ENDS.get(PublicationState(run.state), REFUSED)


def _style(step: Step) -> str:
    return STYLES.get(LOOKS.get(StepState(step.state), StatusKind.IDLE), "dim")
