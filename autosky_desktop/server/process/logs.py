"""The control plane's log: rotating, beside the data, with the id of the request in every line."""

import json
import logging
import sys
from contextvars import ContextVar
from datetime import UTC, datetime
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType

from autosky_desktop.domain.guard import spare_the_terminal
from autosky_desktop.domain.text import readable

FILE = "control-plane.log"
BYTES = 1_000_000
KEPT = 3
TEXT = "%(asctime)s %(levelname)s %(name)s [%(request)s] %(message)s"
CONTINUED = "\n    "
ANSWERED = "answered"
"""The name in a line's record of what was answered: method, path, status and milliseconds."""

log = logging.getLogger(__name__)
request_id: ContextVar[str] = ContextVar("request_id", default="-")
"""The id of the request being answered; the log's lines and the problems carry it."""


def _with_request(record: logging.LogRecord) -> bool:
    record.request = request_id.get()
    return True


class LineFormatter(logging.Formatter):
    """Formats each record as text whose further lines are indented: a name with a line break in it
    would else forge the next record.
    """

    def formatMessage(self, record: logging.LogRecord) -> str:
        lines = super().formatMessage(record).splitlines()
        return CONTINUED.join(map(readable, lines))


class JsonFormatter(logging.Formatter):
    """Formats each record as one line of JSON, for what gathers the logs of many computers."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "request": record.__dict__.get("request"),
            "message": record.getMessage(),
        }
        if answered := record.__dict__.get(ANSWERED):
            method, path, status, took = answered
            line |= {"method": method, "path": path, "status": status, "ms": round(took, 1)}
        if record.exc_info:
            line["error"] = self.formatException(record.exc_info)
        return json.dumps(line, default=str)


def write_log(folder: Path, *, as_json: bool = False) -> None:
    """Send everything logged from now on, uncaught errors too, to a file in `folder`; as JSON, to
    the standard error output, where a service or a container has its lines gathered.
    """
    folder.mkdir(exist_ok=True)
    handler: logging.Handler = logging.StreamHandler() if as_json else _file(folder)
    handler.addFilter(_with_request)
    handler.setFormatter(JsonFormatter() if as_json else LineFormatter(TEXT))
    spare_the_terminal()
    logging.basicConfig(level=logging.INFO, handlers=[handler])
    sys.excepthook = _uncaught


def _file(folder: Path) -> RotatingFileHandler:
    return RotatingFileHandler(
        folder / FILE,
        maxBytes=BYTES,
        backupCount=KEPT,
        delay=True,
        encoding="utf-8",
        errors="backslashreplace",
    )


def _uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    log.critical("ended by an error", exc_info=(kind, error, trace))
    sys.__excepthook__(kind, error, trace)
