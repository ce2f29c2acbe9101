"""A desktop's portal, as far as it tells settings: a program of its own on a test's bus."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

NAME, PLACE = "org.freedesktop.portal.Desktop", "/org/freedesktop/portal/desktop"

MISSING = "org.freedesktop.portal.Error.NotFound"

PROGRAM = Path(__file__)


class Portal:
    """A portal of settings; `tell` changes a setting, as a person does in the desktop's."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def tell(self, namespace: str, key: str, signature: str, value: object) -> None:
        assert self._process.stdin
        self._process.stdin.write(json.dumps([namespace, key, signature, value]) + "\n")
        self._process.stdin.flush()


@contextmanager
def settings_portal(
    address: str, settings: dict[str, dict[str, tuple[str, object]]]
) -> Iterator[Portal]:
    """Yield a portal. The values of `settings` stand with their signature, by namespace and key."""
    command = [sys.executable, str(PROGRAM), address, json.dumps(settings)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        assert process.stdout.readline() == "ready\n"
        try:
            yield Portal(process)
        finally:
            process.terminate()


def main() -> None:
    import asyncio

    from dbus_fast import DBusError, Variant
    from dbus_fast.aio import MessageBus
    from dbus_fast.service import ServiceInterface, dbus_method, dbus_signal

    settings = json.loads(sys.argv[2])

    class Settings(ServiceInterface):
        @dbus_method()
        def Read(self, space: "s", key: "s") -> "v":  # type: ignore[name-defined] # noqa: F821
            if key not in settings.get(space, {}):
                raise DBusError(MISSING, "Requested setting not found")
            return Variant("v", Variant(*settings[space][key]))

        @dbus_signal()
        def SettingChanged(self, *told: object) -> "ssv":  # type: ignore[name-defined] # noqa: F821
            return list(told)

    async def serve() -> None:
        bus = await MessageBus(bus_address=sys.argv[1]).connect()
        told = Settings("org.freedesktop.portal.Settings")
        bus.export(PLACE, told)
        await bus.request_name(NAME)
        print("ready", flush=True)
        while line := await asyncio.to_thread(sys.stdin.readline):
            namespace, key, signature, value = json.loads(line)
            told.SettingChanged(namespace, key, Variant(signature, value))

    asyncio.run(serve())


if __name__ == "__main__":
    main()
