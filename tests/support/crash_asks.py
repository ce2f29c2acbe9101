"""The requests of people to a control plane that is killed again and again."""

import random
import time
import uuid
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from tests.support.crash_report import MODELS, Report

ZONE = "America/Sao_Paulo"
RECONNECTION = {"minutes": 5, "message": "{version} in {minutes} minutes", "againMinutes": 1}
REFUSED = ("allowance-used", "reason-to-wait")
"""Users have been asked often enough this month, the preparation server is on its way, or a
deadline is over.
"""

TRIES = 10
"""Of a reading that the control plane asks to wait with."""
CANCELS, RETRIES, PLANS = 0.05, 0.7, 0.2
"""How likely in each life: to cancel, of each environment; to try again; to publish for later."""

Run = dict[str, Any]


class Person:
    """A person at the control plane of these environments, one of which has this support server;
    the report keeps what they are promised.
    """

    def __init__(
        self,
        client: httpx.Client,
        environments: Sequence[str],
        support: str,
        chance: random.Random,
        report: Report,
    ) -> None:
        self._client = client
        self._environments = environments
        self._support = support
        self._chance = chance
        self._report = report

    def publish_everywhere(self) -> None:
        """Publish where nothing is open: the one that failed is tried again, or another begun."""
        for environment in self._environments:
            last = newest(self._client, environment)
            if last is not None and last["endedAt"] is None:
                continue
            failed = last is not None and last["state"] == "failed"
            if last is None or not failed or self._chance.random() > RETRIES:
                self._publish(environment)
            else:
                self.try_again(last)

    def _publish(self, environment: str) -> None:
        path = f"environments/{environment}/publications/preview"
        preview = answered(lambda: self._client.post(path, json={}))
        asked = {"expectedVersion": preview["version"], "plan": _plan(self._chance)}
        if self._chance.random() < PLANS:
            asked["schedule"] = {"at": _soon(self._chance.uniform(0.5, 2.0)), "timeZone": ZONE}
        answer = self._post(f"environments/{environment}/publications", asked)
        if answer.status_code == 202:
            self._report.publications.add(answer.json()["id"])
        else:
            assert answer.json()["code"] in REFUSED, answer.text

    def try_again(self, run: Run) -> None:
        """Try one again; a promise to stop that was made before no longer counts."""
        answer = self._post(f"publications/{run['id']}/retry")
        if answer.status_code == 202:
            self._report.retries += 1
            self._report.cancelled.discard(run["id"])
        else:
            assert answer.json()["code"] in (*REFUSED, "nothing-to-retry"), answer.text

    def cancel_one(self) -> None:
        """Cancel one at times. What is finished or too far is refused; a promise must be kept."""
        run = open_in(self._client, self._chance.choice(self._environments))
        if run is None or self._chance.random() > CANCELS * len(self._environments):
            return
        answer = self._post(f"publications/{run['id']}/cancel")
        assert answer.status_code in (202, 409), answer.text
        if answer.status_code == 202:
            self._report.cancelled.add(run["id"])

    def ask_for_more(self) -> None:
        """Ask for things that may be refused or not, and must come to an end in the record."""
        for path in (
            f"environments/{self._chance.choice(self._environments)}/provider-update",
            f"servers/{self._support}/{self._chance.choice(('stop', 'start', 'restart'))}",
        ):
            answer = self._post(path)
            busy = answer.status_code == 503 and answer.json()["code"] == "provider-busy"
            assert busy or answer.status_code in (202, 409), answer.text

    def _post(self, path: str, body: dict[str, Any] | None = None) -> httpx.Response:
        key = str(uuid.UUID(int=self._chance.getrandbits(128)))
        return self._client.post(path, json=body, headers={"Idempotency-Key": key})


def _plan(chance: random.Random) -> dict[str, Any]:
    """Return any model, at times with a hold that goes on by itself or a deadline."""
    model = chance.choice(MODELS)
    plan: dict[str, Any] = {"model": model}
    if model == "optimized":
        plan["options"] = {
            "terminateSessions": True,
            "blockInstances": chance.random() < 0.5,
            "stopPreparationServer": chance.random() < 0.5,
        }
    if model == "request-reconnection":
        plan["reconnection"] = RECONNECTION
    if model == "keep-users-connected" and chance.random() < 0.5:
        plan["deadline"] = {"at": _soon(chance.uniform(3.0, 8.0)), "reconnection": RECONNECTION}
    if chance.random() < 0.3:
        plan["hold"] = {"first": 2, "bakeSeconds": 120}
    return plan


def _soon(seconds: float) -> str:
    return (datetime.now(UTC) + timedelta(seconds=seconds)).isoformat()


def read(client: httpx.Client, path: str, **params: int) -> dict[str, Any]:
    return answered(lambda: client.get(path, params=params))


def answered(ask: Callable[[], httpx.Response]) -> dict[str, Any]:
    """Ask as a desktop does, which asks again when it is asked to wait, and return what comes.

    Raises HTTPStatusError with what else the control plane answered.
    """
    answer = ask()
    for _ in range(TRIES):
        if answer.status_code != httpx.codes.SERVICE_UNAVAILABLE:
            break
        time.sleep(float(answer.headers["Retry-After"]))
        answer = ask()
    if answer.is_error:
        raise httpx.HTTPStatusError(answer.text, request=answer.request, response=answer)
    found: dict[str, Any] = answer.json()
    return found


def newest(client: httpx.Client, environment: str) -> Run | None:
    page = read(client, f"environments/{environment}/publications", limit=1)
    return page["publications"][0] if page["publications"] else None


def open_in(client: httpx.Client, environment: str) -> Run | None:
    run = newest(client, environment)
    return run if run and run["endedAt"] is None else None
