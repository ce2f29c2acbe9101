"""Makes and checks one-time codes (RFC 6238), and recovery codes for who has lost their phone."""

import base64
import hmac
import secrets
from datetime import datetime

import pyotp

ISSUER = "Autosky"
STEP_SECONDS = 30
DRIFT_STEPS = 1
"""How many steps a phone's clock may be early or late."""
RECOVERY_CODES = 10
RECOVERY_BYTES = 10
GROUP = 4


def new_secret() -> str:
    return pyotp.random_base32()


def uri(secret: str, email: str) -> str:
    """Return what an authenticator reads from a picture."""
    return pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=ISSUER)


def accepted_step(secret: str, code: str, now: datetime, after: int | None) -> int | None:
    """Return the step that the code belongs to, or None if there is none. It has to be later than
    the last one that was accepted: so a code works once, and a clock that is put back makes no old
    one good again.
    """
    codes, current = pyotp.TOTP(secret), int(now.timestamp()) // STEP_SECONDS
    given = "".join(code.split()).encode()
    found = None
    for step in range(current - DRIFT_STEPS, current + DRIFT_STEPS + 1):
        same = hmac.compare_digest(codes.at(step * STEP_SECONDS).encode(), given)
        if same and (after is None or step > after):
            found = step
    return found


def new_recovery_codes() -> list[str]:
    return [_grouped(_random()) for _ in range(RECOVERY_CODES)]


def _random() -> str:
    return base64.b32encode(secrets.token_bytes(RECOVERY_BYTES)).decode().lower()


def _grouped(code: str) -> str:
    return "-".join(code[at : at + GROUP] for at in range(0, len(code), GROUP))


def plain_recovery_code(typed: str) -> str:
    """Return a recovery code without what people add or leave out when they type it."""
    return "".join(letter for letter in typed.lower() if letter.isalnum())


def looks_like_recovery(typed: str) -> bool:
    """Return whether it was meant as a recovery code: one-time codes are six digits."""
    return len(plain_recovery_code(typed)) > len("000000")
