"""What the window remembers between two starts. Losing it costs comfort, never work."""

import logging
from pathlib import Path

import msgspec

log = logging.getLogger(__name__)


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """`geometry` is Qt's own description of the window's place, base64."""

    geometry: str = ""
    environment: str = ""
    tab: str = "servers"
    sidebar: bool = True


def load(folder: Path) -> Settings:
    """The remembered settings; the defaults where there are none or they cannot be read."""
    try:
        return msgspec.json.decode((folder / "settings.json").read_bytes(), type=Settings)
    except FileNotFoundError:
        return Settings()
    except (OSError, msgspec.MsgspecError) as cause:
        log.info("The settings could not be read and start afresh: %s", cause)
        return Settings()


def save(folder: Path, settings: Settings) -> None:
    """Keep the settings, whole or not at all."""
    target = folder / "settings.json"
    part = target.with_suffix(".part")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        part.write_bytes(msgspec.json.format(msgspec.json.encode(settings)))
        part.replace(target)
    except OSError as cause:
        log.info("The settings could not be kept: %s", cause)
