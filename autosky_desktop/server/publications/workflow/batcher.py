"""Serves together what is asked one by one: what comes while another is served shares the next.

A question that comes alone waits for nobody. Of a hundred publications under way dozens ask at any
moment, and most of what a question to the database costs, it costs once.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, nullcontext
from typing import Generic, TypeVar

from autosky_desktop.server.db.errors import StorageError

Q = TypeVar("Q")
A = TypeVar("A")


class _Wish(Generic[Q, A]):
    """A question that waits. `came` holds the answer as soon as there is one; `alone`: it failed in
    company; `failed`: why nobody's wish can be served.
    """

    def __init__(self, question: Q) -> None:
        self.question = question
        self.came: list[A] = []
        self.alone = False
        self.failed: StorageError | None = None

    @property
    def shares(self) -> bool:
        return not self.came and not self.alone


class Batcher(Generic[Q, A]):
    """Serves many questions at once: `serve` answers them in their order. Within `turn` nobody else
    is served: who comes until it begins is served with the others.
    """

    def __init__(
        self,
        serve: Callable[[Sequence[Q]], Awaitable[Sequence[A]]],
        turn: Callable[[], AbstractAsyncContextManager[None]] = nullcontext,
    ) -> None:
        self._serve = serve
        self._turn = turn
        self._waiting: list[_Wish[Q, A]] = []
        self._first = asyncio.Lock()

    async def ask(self, question: Q) -> A:
        """Return the answer. Raises only what `serve` raises for this question alone."""
        wish = _Wish[Q, A](question)
        self._waiting.append(wish)
        try:
            async with self._first:
                while not wish.came:
                    if wish.failed is not None:
                        raise wish.failed
                    await self._serve_with(wish)
        finally:
            self._waiting.remove(wish)
        return wish.came[0]

    async def _serve_with(self, wish: _Wish[Q, A]) -> None:
        """Serve the question with all that wait. When that fails, each is tried by itself, unless
        it is the storage that fails them all.
        """
        async with self._turn():
            wishes = [wish] if wish.alone else [each for each in self._waiting if each.shares]
            for each in wishes:
                each.alone = True
            asked = self._serve([each.question for each in wishes])
            [came] = await asyncio.gather(asked, return_exceptions=True)
        if isinstance(came, StorageError):
            for each in wishes:
                each.failed = came
            return
        if isinstance(came, BaseException):
            if wishes == [wish]:
                raise came
            return
        for each, answer in zip(wishes, came, strict=True):
            each.came = [answer]
