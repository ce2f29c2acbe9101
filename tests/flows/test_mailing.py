"""Every life of the control plane is told the mail server, and its password from the keychain."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from autosky_desktop.client.control_plane import connected
from autosky_desktop.domain.mail import Encryption, MailSetting, MailState
from autosky_desktop.domain.secrets import KeychainState
from autosky_desktop.flows.mailing import ENTRY, Mailing
from autosky_desktop.store.store import Line, LineStatus, Store
from autosky_desktop.system.settings import Preferences, Settings
from tests.support.keychain import FakeKeychain
from tests.support.process import Embedded

pytestmark = pytest.mark.anyio

CHOSEN = Settings(
    mail_host="mail.erp.example", mail_sender="autosky@erp.example", mail_account="ana",
    mail_password=True,
)  # fmt: skip


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


class Plane:
    """Writes down what it is told."""

    def __init__(self) -> None:
        self.told: list[Any] = []

    async def set_mail_server(self, setting: MailSetting) -> MailState:
        self.told.append(setting.server)
        return MailState(sends=setting.server is not None)


class Story:
    def __init__(self, folder: Path, chosen: Settings = CHOSEN) -> None:
        self.store, self.keychain = Store(), FakeKeychain()
        self.preferences = Preferences(folder)
        self.preferences.keep(chosen)
        self.keychain.kept[ENTRY] = "s3cret"
        self.plane: Any = None
        self.works: list[asyncio.Task[None]] = []
        self.mailing = Mailing(
            self.store, self.preferences, lambda: self.keychain, lambda: self.plane, self.spawn
        )

    def spawn(self, work: Any, *, name: str) -> None:
        self.works.append(asyncio.ensure_future(work))

    async def lives(self, plane: Any) -> Any:
        """One goes and this one is heard."""
        self.store.set_connection(LineStatus(Line.RESTARTING))
        self.plane = plane
        self.store.set_connection(LineStatus(Line.LIVE))
        await asyncio.gather(*self.works)
        return plane


@pytest.fixture
def story(tmp_path: Path) -> Callable[..., Story]:
    return lambda *chosen: Story(tmp_path, *chosen)


async def test_each_life_is_told(story) -> None:
    it = story()
    it.mailing.begin()
    for plane in (Plane(), Plane()):
        [server] = (await it.lives(plane)).told
        assert (server.host, server.account, server.password) == (
            "mail.erp.example", "ana", "s3cret",
        )  # fmt: skip


async def test_a_line_that_only_stays_live_tells_nothing_again(story) -> None:
    it = story()
    it.mailing.begin()
    plane = await it.lives(Plane())
    it.store.tell()
    await asyncio.gather(*it.works)
    assert len(plane.told) == 1


@pytest.mark.parametrize(
    "half",
    [
        {"mail_host": ""},
        {"mail_sender": "autosky"},
        {"mail_encryption": Encryption.NONE},
    ],
)
async def test_by_half_of_it_no_letter_is_sent(story, half) -> None:
    it = story(replace(CHOSEN, **half))
    it.mailing.begin()
    assert (await it.lives(Plane())).told == []  # it begins with none
    it.mailing.changed()
    await asyncio.gather(*it.works)
    assert it.plane.told == [None]


async def test_a_keychain_that_stays_locked_leaves_it_untold_for_the_next_time(story) -> None:
    it = story()
    it.keychain.lock()
    it.mailing.begin()
    plane = await it.lives(Plane())
    assert plane.told == []
    it.keychain.now = KeychainState.READY
    it.mailing.changed()
    await asyncio.gather(*it.works)
    assert [server.password for server in plane.told] == ["s3cret"]


async def test_a_real_one_sends_from_then_on(story, tmp_path: Path) -> None:
    it = story()
    it.mailing.begin()
    for _ in range(2):
        with Embedded(tmp_path / "data") as plane:
            async with connected(plane.line["url"], plane.line["token"]) as heard:
                await it.lives(heard)
                with plane.client() as client:
                    where = "environments/payroll/publications/preview"
                    assert client.post(where, json={}).json()["sendsMail"]
            plane.leave()
