"""The states of a publication that the feed told of, each of them, however soon it was over.

A look at the publication shows the state of that moment, and the next one may be there already.
"""

import json
from collections.abc import Callable, Iterator
from typing import Any

import httpx
from httpx_sse import connect_sse

ENDED = ("succeeded", "failed", "cancelled")
Told = dict[str, Any]


def position(client: httpx.Client) -> str:
    """Return the place in the feed from which on everything is new."""
    return str(client.get("environments").json()["lastEvent"])


def first_told(client: httpx.Client, after: str, run: str, holds: Callable[[Told], Any]) -> Told:
    """Return the first state after the position that fits; AssertionError if there is none."""
    seen = []
    for told in _states(client, after, run):
        if holds(told):
            return told
        seen.append((told["state"], told["waitingFor"]))
    raise AssertionError(f"it ended without that: {seen}")


def _states(client: httpx.Client, after: str, run: str) -> Iterator[Told]:
    with connect_sse(client, "GET", "events", headers={"Last-Event-ID": after}) as source:
        for event in source.iter_sse():
            change = json.loads(event.data)
            if change.get("kind") == "publication" and change["body"]["id"] == run:
                yield change["body"]
                if change["body"]["state"] in ENDED:
                    return
