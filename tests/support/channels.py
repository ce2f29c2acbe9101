"""Channels for tests of what is asked through them."""

from autosky_desktop.server.providers.guest import Completed


class ScriptedChannel:
    """A channel that gives one answer after another, the last one for good, and keeps what it was
    asked. An answer is what a script says, how it ended, or an error.
    """

    def __init__(self, *answers: str | Completed | Exception) -> None:
        self._answers = list(answers)
        self.asked: list[str] = []

    async def run(self, script: str, *, shell: str, seconds: float = 30.0) -> Completed:
        self.asked.append(script)
        answer = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer if isinstance(answer, Completed) else Completed(code=0, out=answer)
