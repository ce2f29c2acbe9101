"""Avoids loading what libraries bring along and the control plane never uses: it is a sixth of the
time to the first answer.

SQLAlchemy's package for asyncio loads the object mapper, and nothing here has objects to map.
Litestar loads YAML for a document in another format, and looks for classes of attrs.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from importlib.util import find_spec, module_from_spec
from types import ModuleType
from typing import Any

ENGINE = ("AsyncConnection", "AsyncEngine", "create_async_engine")


class _Package(ModuleType):
    """A package whose modules can be loaded one by one. Whoever wants what none of them is named
    after, gets the whole of it.
    """

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        if find_spec(f"{self.__name__}.{name}"):
            return import_module(f"{self.__name__}.{name}")
        self.__class__ = ModuleType  # type: ignore[assignment]
        if self.__spec__ and self.__spec__.loader:
            self.__spec__.loader.exec_module(self)
        return getattr(self, name)


def spare() -> None:
    """Have these loaded only when they are used. Call it before the first of them is imported."""
    put_off("yaml")
    asyncio = "sqlalchemy.ext.asyncio"
    if package := put_off(asyncio):
        engine = import_module(f"{asyncio}.engine")
        for each in ENGINE:
            setattr(package, each, getattr(engine, each))


def put_off(name: str) -> ModuleType | None:
    """Have a package loaded by its first use instead of its import. Returns it, unless it is loaded
    already or not there.
    """
    if name in sys.modules or not (spec := find_spec(name)):
        return None
    package = sys.modules[name] = module_from_spec(spec)
    package.__class__ = _Package
    return package


@contextmanager
def without_attrs() -> Iterator[None]:
    """Hide attrs within the block as if it were not installed, unless it was loaded before."""
    if "attr" in sys.modules:
        yield
        return
    sys.modules["attr"] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        del sys.modules["attr"]


def load_api() -> None:
    """Import what answers, in a thread: whoever begins waits for the disk meanwhile."""
    for name in (
        "api.auth",
        "api.idempotency",
        "api.uvicorn_server",
        "application",
        "feed.broadcast",
    ):
        import_module(f"autosky_desktop.server.{name}")
    import_module("anyio._backends._asyncio")  # Litestar's first answer would wait for it
