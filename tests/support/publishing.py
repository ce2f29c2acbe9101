"""A control plane that writes down what is asked of its publications, and changes nothing."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

import msgspec

from autosky_desktop.domain.plan import (
    EditRequest,
    GoOn,
    MoveRequest,
    PreviewRequest,
    PublishRequest,
)
from autosky_desktop.domain.publication import Check, Preview, Publication, PublicationPage

NOW = datetime(2026, 11, 24, 18, 33, 11, tzinfo=UTC)

PREVIEW = Preview(
    version=42, replaces=41, instances=1, sessions_end=0, sessions_stay=37, preparation="running",
    checks=[Check(code="preparation-running", level="pass")], checked_at=NOW, sends_mail=True,
)  # fmt: skip


@dataclass
class PublishingPlane:
    """A control plane that publishes nothing. While there is an `answer`, publishing waits for it;
    a `publish_error` is told instead.

    `shown` is what any plan would touch, `published` the history, newest first.
    """

    asked: list[str] = field(default_factory=list)
    answer: asyncio.Event | None = None
    preview_error: Exception | None = None
    preview_waits: asyncio.Event | None = None
    publish_error: Exception | None = None
    published: list[Publication] = field(default_factory=list)
    history_error: Exception | None = None
    run_error: Exception | None = None
    shown: Preview = PREVIEW
    previews: list[PreviewRequest] = field(default_factory=list)
    requests: list[PublishRequest] = field(default_factory=list)
    read: list[str] = field(default_factory=list)

    async def preview(self, _environment: str, request: PreviewRequest) -> Preview:
        if self.preview_waits:
            await self.preview_waits.wait()
        if self.preview_error:
            raise self.preview_error
        self.previews.append(request)
        if request.plan.options.terminate_sessions:
            return msgspec.structs.replace(self.shown, sessions_end=37, sessions_stay=0)
        if request.plan.reconnection:
            return msgspec.structs.replace(self.shown, sessions_asked=37, sessions_stay=0)
        return self.shown

    async def publish(self, _environment: str, request: PublishRequest, *, key: str) -> None:
        if self.answer:
            await self.answer.wait()
        self.requests.append(request)
        self.asked.append(f"publish {request.expected_version}: {request.note}")
        if self.publish_error:
            raise self.publish_error

    async def history(
        self, _environment: str, wanted: Mapping[str, str] | None = None
    ) -> PublicationPage:
        asked = dict(wanted or {})
        begin, limit = int(asked.pop("cursor", 0)), int(asked.pop("limit", 100))
        self.read.append(f"{asked} from {begin}")
        if self.history_error:
            raise self.history_error
        matching = [it for it in self.published if asked.get("state", it.state) == it.state]
        following = str(begin + limit) if begin + limit < len(matching) else None
        return PublicationPage(publications=matching[begin : begin + limit], next=following)

    async def _of_run(self, verb: str, run: str, what: object = "") -> None:
        self.asked.append(f"{verb} {run} {what}".strip())
        if self.run_error:
            raise self.run_error

    async def cancel(self, run: str, *, key: str) -> None:
        await self._of_run("cancel", run)

    async def retry(self, run: str, *, key: str) -> None:
        await self._of_run("retry", run)

    async def go_on(self, run: str, request: GoOn, *, key: str) -> None:
        await self._of_run("go", run, request.way)

    async def move(self, run: str, request: MoveRequest, *, key: str) -> None:
        await self._of_run("move", run, f"to {request.schedule.at:%d %H:%M}")

    async def edit(self, run: str, request: EditRequest, *, key: str) -> None:
        await self._of_run("edit", run, request.note)
