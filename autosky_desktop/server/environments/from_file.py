"""Follows a file of environments: adds, changes and removes what stands in it, while it is edited.

It owns what it added: nobody else's environment is touched by it, whatever the file says. Who that
was is in the record of activity, under the file's name.
"""

import asyncio
import logging
import sys
from collections.abc import Mapping
from pathlib import Path
from stat import S_ISREG

from sqlalchemy.ext.asyncio import AsyncEngine

from autosky_desktop.domain.activity import ActivityKind
from autosky_desktop.domain.environment_file import read
from autosky_desktop.domain.environment_settings import EnvironmentSettings
from autosky_desktop.domain.guard import guarded
from autosky_desktop.domain.text import readable
from autosky_desktop.server.activity import queries as activities
from autosky_desktop.server.db.clock import Now
from autosky_desktop.server.db.errors import StorageError
from autosky_desktop.server.environments import queries as environments
from autosky_desktop.server.environments.settings_commands import EnvironmentCommands
from autosky_desktop.server.people.principal import environments_file
from autosky_desktop.server.refusal import Refusal
from autosky_desktop.words import provider as words
from autosky_desktop.words.language import _

LOOK_SECONDS = 0.5
"""A text is taken at the second look that finds it: an editor may write it in two goes."""
MOST_BYTES = 4 * 1024 * 1024
AGAIN_SECONDS = 30.0
"""How long after a refusal, such as while a publication runs, it is tried again."""

log = logging.getLogger(__name__)


class EnvironmentsFile:
    """Keeps the environments of the file as they stand there. What is wrong with one is said on
    the terminal, once, and costs the others nothing.
    """

    def __init__(
        self, file: Path, engine: AsyncEngine, commands: EnvironmentCommands, now: Now
    ) -> None:
        self._file = file
        self._engine = engine
        self._commands = commands
        self._now = now
        self._principal = environments_file(readable(file.name))
        self._said: Mapping[str, str] = {}
        self._seen: bytes | None = None
        self._taken: bytes | None = None
        self._again_at = 0.0

    async def run(self) -> None:
        """Follow the file until cancelled."""
        while True:
            with guarded(log, f"following {self._file}"):
                await self.look()
            await asyncio.sleep(LOOK_SECONDS)

    async def look(self) -> None:
        """Take what the file says, if it stands there since the last look."""
        before, self._seen = self._seen, await asyncio.to_thread(self._read)
        text, time = self._seen, asyncio.get_running_loop().time()
        if text is None or text != before or (text == self._taken and time < self._again_at):
            return
        self._taken, self._again_at = text, time + AGAIN_SECONDS
        await self.take(text)

    async def take(self, text: bytes) -> None:
        """Make the environments what the text says."""
        try:
            wanted = read(text.decode("utf-8-sig"))
        except ValueError as error:
            self._say({"": words.not_toml(self._principal.name, str(error))})
            return
        trouble: dict[str, str] = {}
        ours = await self._ours()
        for identity, settings in wanted.items():
            if isinstance(settings, str):
                trouble[identity] = settings
            elif why := await self._keep(identity, settings, ours):
                trouble[identity] = why
        for identity in ours - wanted.keys():
            if why := await self._remove(identity):
                trouble[identity] = why
        self._say(trouble)

    def _read(self) -> bytes | None:
        """Return the text. What is no plain file is not opened: a pipe would be waited for, and be
        empty when it is read again.
        """
        why = _(words.NO_PLAIN_FILE)
        try:
            if S_ISREG(self._file.stat().st_mode):
                with self._file.open("rb") as file:
                    text = file.read(MOST_BYTES + 1)
                if len(text) <= MOST_BYTES:
                    return text
                why = _(words.TOO_LARGE)
        except OSError as error:
            why = str(error.strerror)
        self._say({"": words.no_file(self._principal.name, why)})
        return None

    async def _ours(self) -> set[str]:
        async with self._engine.connect() as connection:
            added = await activities.environments_of(
                connection, ActivityKind.ADD_ENVIRONMENT.value, by_id=self._principal.id
            )
            return added & set(await environments.ids(connection))

    async def _keep(self, identity: str, wanted: EnvironmentSettings, ours: set[str]) -> str:
        """Add the environment, or change it if it differs. Return why that is not possible."""
        try:
            if identity not in ours:
                await self._commands.add(wanted, principal=self._principal, key=self._key(identity))
                return ""
            async with self._engine.connect() as connection:
                present = await environments.settings(connection, identity)
            if present != wanted:
                await self._commands.change(
                    identity, wanted, principal=self._principal, key=self._key(identity)
                )
        except Refusal as refusal:
            return refusal.detail
        except StorageError as error:
            return str(error)
        return ""

    async def _remove(self, identity: str) -> str:
        try:
            await self._commands.remove(
                identity, principal=self._principal, key=self._key(identity)
            )
        except Refusal as refusal:
            return refusal.detail
        except StorageError as error:
            return str(error)
        return ""

    def _key(self, identity: str) -> str:
        return f"{identity} {self._now().isoformat()}"

    def _say(self, trouble: Mapping[str, str]) -> None:
        for identity, sentence in trouble.items():
            if self._said.get(identity) != sentence:
                told = readable(words.in_file(identity, sentence))
                log.warning("%s: %s", self._principal.name, told)
                sys.stderr.write(f"autosky serve: {told}\n")
        self._said = trouble
