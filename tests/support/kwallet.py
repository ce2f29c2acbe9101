"""A real KWallet that provides the Secret Service, with a wallet that the sign-in has opened."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

from tests.support.bus import owned, say, wait_for_name
from tests.support.keychain import SECRETS
from tests.support.program import Desk
from tests.support.waiting import eventually

SERVICE, PATH = "org.kde.kwalletd5", "/modules/kwalletd5"
KEY = "array:byte:" + ",".join(str(number) for number in range(56))
"""What the sign-in makes of the person's password."""

SETTINGS = """[Wallet]
First Use=false
Default Wallet=kdewallet
Prompt on Open=false

[org.freedesktop.secrets]
apiEnabled=true
"""


@contextmanager
def kwallet(desk: Desk) -> Iterator[None]:
    """Yield a kwallet as after the second sign-in: the first one has made the wallet."""
    settings = desk.home / ".config/kwalletrc"
    settings.parent.mkdir(parents=True, exist_ok=True)
    settings.write_text(SETTINGS)
    with _signed_in(desk):
        eventually((desk.home / ".local/share/kwalletd/kdewallet.kwl").exists)
    eventually(lambda: not owned(desk.bus, SECRETS))
    with _signed_in(desk):
        yield


@contextmanager
def _signed_in(desk: Desk) -> Iterator[None]:
    with subprocess.Popen(
        ["kwalletd5"],
        env=desk.environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as daemon:
        try:
            wait_for_name(desk.bus, SECRETS)
            opening = ["org.kde.KWallet.pamOpen", "string:kdewallet", KEY, "int32:0"]
            say(desk.bus, SERVICE, PATH, opening)
            is_open = ["org.kde.KWallet.isOpen", "string:kdewallet"]
            eventually(lambda: "boolean true" in say(desk.bus, SERVICE, PATH, is_open))
            yield
        finally:
            daemon.kill()
