"""Guards against errors that nobody foresaw: each ends its own operation, and no more than that."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def guarded(
    log: logging.Logger, operation: str, *, but: tuple[type[Exception], ...] = ()
) -> Iterator[None]:
    """Log any unforeseen error of the block with its traceback, and go on after the block.

    For loops and announcements that serve many: what failed is ended, the rest lives on.
    `operation` completes the sentence "… failed unexpectedly" in the log. `but`: errors that were
    foreseen, and are the caller's.
    """
    try:
        yield
    except but:
        raise
    except (Exception, SystemExit):  # a library that ends the process would end it for all
        log.exception("%s failed unexpectedly", operation)


def spare_the_terminal() -> None:
    """Have a line that cannot be logged left out: a full disk must not fill somebody's terminal
    with tracebacks as well.
    """
    logging.raiseExceptions = False
