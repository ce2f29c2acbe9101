"""A password while it is needed: one object, wiped when it has served."""

from types import TracebackType


class Secret:
    """A secret in bytes that do not print, compare, pickle or travel; `forget` overwrites them.

    Not a promise against somebody who reads this process's memory: Qt and the system keep copies
    of what was typed. It keeps the secret out of tracebacks, logs and whatever outlives its use.
    """

    __slots__ = ("_bytes",)

    def __init__(self, text: str) -> None:
        # half a character is in no password; an error about it would quote all of it
        self._bytes = bytearray(text.encode(errors="replace"))

    def reveal(self) -> bytes:
        """Return the secret in UTF-8, for the one call that hands it over. Keep no name for it."""
        return bytes(self._bytes)

    def forget(self) -> None:
        self._bytes[:] = bytes(len(self._bytes))
        self._bytes.clear()

    def __bool__(self) -> bool:
        return bool(self._bytes)

    def __enter__(self) -> "Secret":
        return self

    def __exit__(
        self, _: type[BaseException] | None, __: BaseException | None, ___: TracebackType | None
    ) -> None:
        self.forget()

    def __repr__(self) -> str:
        return "Secret(…)"

    def __reduce__(self) -> str:
        raise TypeError("a secret does not travel")
