"""The control plane's log: rotating, beside the data, with the id of the request in every line."""

import logging
import sys
from contextvars import ContextVar
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType

from autosky_desktop.domain.guard import spare_the_terminal

FILE = "control-plane.log"
BYTES = 1_000_000
KEPT = 3

log = logging.getLogger(__name__)
request_id: ContextVar[str] = ContextVar("request_id", default="-")
"""The id of the request being answered; the log's lines and the problems carry it."""


def _with_request(record: logging.LogRecord) -> bool:
    record.request = request_id.get()
    return True


def write_log(folder: Path) -> None:
    """Send everything logged from now on, uncaught errors too, to a file in `folder`."""
    folder.mkdir(exist_ok=True)
    handler = RotatingFileHandler(
        folder / FILE,
        maxBytes=BYTES,
        backupCount=KEPT,
        delay=True,
        encoding="utf-8",
        errors="backslashreplace",
    )
    handler.addFilter(_with_request)
    handler.setFormatter(
        logging.Formatter("%(asctime)s %(levelname)s %(name)s [%(request)s] %(message)s")
    )
    spare_the_terminal()
    logging.basicConfig(level=logging.INFO, handlers=[handler])
    sys.excepthook = _uncaught


def _uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    log.critical("ended by an error", exc_info=(kind, error, trace))
    sys.__excepthook__(kind, error, trace)
