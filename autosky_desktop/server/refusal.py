"""The refusal that a command raises, with its reason, instead of doing what was asked."""

from collections.abc import Sequence
from datetime import datetime

from autosky_desktop.domain.problem import Code


class Refusal(Exception):
    """Says no with a code and a sentence. Other fields say what is in the way, as in Problem;
    `retry_after` is for how many seconds it is.
    """

    def __init__(
        self,
        code: Code,
        detail: str = "",
        *,
        by: str | None = None,
        since: datetime | None = None,
        version: int | None = None,
        state: str | None = None,
        at: datetime | None = None,
        role: str | None = None,
        managers: Sequence[str] = (),
        retry_after: int | None = None,
    ) -> None:
        super().__init__(f"{code}: {detail}")
        self.code = code
        self.detail = detail
        self.by = by
        self.since = since
        self.version = version
        self.state = state
        self.at = at
        self.role = role
        self.managers = list(managers)
        self.retry_after = retry_after
