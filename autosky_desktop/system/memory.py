"""What is in this program's memory stays there: passwords pass through it."""

import sys


def keep_private() -> None:
    """A crash writes no memory to the disk. The programs that are started inherit that."""
    if sys.platform == "win32":
        return
    import resource

    _, most = resource.getrlimit(resource.RLIMIT_CORE)
    resource.setrlimit(resource.RLIMIT_CORE, (0, most))
