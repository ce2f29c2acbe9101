"""The privacy of this program's memory: passwords pass through it, so none of it may leave."""

import sys


def keep_private() -> None:
    """Have a crash write no memory to the disk. The programs that are started inherit that."""
    if sys.platform == "win32":
        return
    import resource

    _, most = resource.getrlimit(resource.RLIMIT_CORE)
    resource.setrlimit(resource.RLIMIT_CORE, (0, most))
