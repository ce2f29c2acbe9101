"""A control plane at which people sign in, and people who do."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Any

import httpx
import pyotp
from sqlalchemy import insert

from autosky_desktop.domain.people import EVERYWHERE
from autosky_desktop.server.db import schema
from autosky_desktop.server.db.engine import writing
from tests.support.cloud import MORNING
from tests.support.control_plane import SECONDS, Running, running_control_plane

PASSWORD = "Bolo-de-milho7"
NEW_PASSWORD = "Pao-de-queijo8"
ANA, BEA = "ana@erp.example", "bea@erp.example"
HERE, ELSEWHERE = "127.0.0.1", "127.7.7.7"
"""Two places of this computer's own from which to call it."""


class Clock:
    """The control plane's clock, which a test sets from another thread."""

    def __init__(self) -> None:
        self.now = MORNING

    def __call__(self) -> datetime:
        return self.now

    def goes_on(self, **units: float) -> None:
        self.now += timedelta(**units)


@dataclass(frozen=True)
class Team:
    """A control plane of a team under a clock of the test's own."""

    running: Running
    clock: Clock

    def caller(self, token: str = "", *, place: str = HERE) -> httpx.Client:
        """Return somebody who calls from that place, with the token if there is one."""
        return httpx.Client(
            base_url=f"{self.running.url}/v1/",
            headers={"Authorization": f"Bearer {token}"} if token else {},
            transport=httpx.HTTPTransport(local_address=place),
            timeout=SECONDS,
        )

    def post(self, path: str, *, place: str = HERE, **body: Any) -> httpx.Response:
        """Post what anybody may."""
        with self.caller(place=place) as caller:
            return caller.post(path, json=body)

    def person(self, identity: str, email: str, *, everywhere: str | None = "manager") -> str:
        """Add a person who may do that, and return an invitation for them."""

        async def add() -> None:
            row = {
                "id": identity,
                "name": identity.title(),
                "email": email,
                "active": True,
                "created_at": self.clock.now,
            }
            async with writing(self.running.plane.engine).begin() as connection:
                await connection.execute(insert(schema.person).values(row))
                if everywhere:
                    await connection.execute(
                        insert(schema.member).values(
                            environment=EVERYWHERE, kind="person", holder=identity, role=everywhere
                        )
                    )

        self.running.run(add())
        return self.invitation(identity)

    def invitation(self, identity: str, **more: Any) -> str:
        with self.running.client() as administrator:
            invited = administrator.post(f"people/{identity}/invitation", json=more)
        assert invited.status_code == 201, invited.text
        ticket: str = invited.json()["ticket"]
        return ticket

    def signed_up(self, identity: str = "ana", email: str = ANA, **more: Any) -> dict[str, Any]:
        """Add a person with PASSWORD, and return the tokens of their first sign-in."""
        ticket = self.person(identity, email, **more)
        answer = self.post("sign-in/invitation", ticket=ticket, password=PASSWORD)
        assert answer.status_code == 200, answer.text
        tokens: dict[str, Any] = answer.json()["tokens"]
        return tokens

    def signs_in(
        self, password: str = PASSWORD, email: str = ANA, *, place: str = HERE, **more: Any
    ) -> httpx.Response:
        return self.post("sign-in", place=place, email=email, password=password, **more)

    def tokens(self, **more: Any) -> dict[str, Any]:
        """Sign in, and return the tokens."""
        answer = self.signs_in(**more)
        assert answer.status_code == 200, answer.text
        tokens: dict[str, Any] = answer.json()["tokens"]
        return tokens

    def knows(self, token: str, *, place: str = HERE) -> bool:
        """Return whether somebody with this access token is let in."""
        with self.caller(token, place=place) as caller:
            return caller.get("me").status_code == 200

    def refreshed(self, token: str) -> httpx.Response:
        return self.post("sign-in/refresh", refreshToken=token)

    def code(self, secret: str, *, steps: int = 0) -> str:
        """Return the code that an authenticator shows now, or so many steps later."""
        return pyotp.TOTP(secret).at(self.clock.now + timedelta(seconds=30 * steps))

    def enrolled(self, access: str) -> tuple[str, list[str]]:
        """Have the person sign in with codes. Return the secret, and recovery codes."""
        with self.caller(access) as person:
            made = person.post("me/code", json={"password": PASSWORD})
            assert made.status_code == 201, made.text
            secret = made.json()["secret"]
            confirmed = person.post("me/code/confirm", json={"code": self.code(secret)})
            assert confirmed.status_code == 200, confirmed.text
        return secret, confirmed.json()["codes"]


@contextmanager
def team(folder: Path, settings: Mapping[str, Any] = MappingProxyType({})) -> Iterator[Team]:
    """Yield a control plane of a team, until the block is left."""
    clock = Clock()
    with running_control_plane(
        folder, clock=clock, settings={"sign_in": True, **settings}
    ) as running:
        yield Team(running, clock)
