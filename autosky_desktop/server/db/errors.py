"""The errors of the storage. `word` is what the desktop is told at start-up."""

import errno
from typing import ClassVar


class StorageError(Exception):
    """The base of all errors of the storage; its text is the database's own sentence."""

    word: ClassVar[str] = "unexpected"


class StorageFull(StorageError):
    """The disk is full, or the quota used up. Nothing of the transaction was written."""

    word = "storage-full"


class StorageReadOnly(StorageError):
    """The files or their folder may not be written."""

    word = "storage-read-only"


class StorageUnavailable(StorageError):
    """The files cannot be read or written just now: another program holds them, or the system
    refused for a reason we do not know. It may work later.
    """

    word = "storage-unavailable"


class StorageGone(StorageError):
    """The file was moved or deleted while in use: what is written into it is lost with it."""

    word = "storage-gone"


class StorageNoFile(StorageError):
    """The database's place holds no file, but a folder, say, or a link that leads nowhere."""

    word = "storage-no-file"


class StorageNewer(StorageError):
    """The database was written by a newer version of this program."""

    word = "storage-newer"


class StorageDamaged(StorageError):
    """The file is not a database, not one of ours, or holds what we never write."""

    word = "storage-damaged"


_MEANINGS: dict[int, type[StorageError]] = {
    errno.ENOSPC: StorageFull,
    errno.EDQUOT: StorageFull,
    errno.EFBIG: StorageFull,
    errno.EROFS: StorageReadOnly,
    errno.EACCES: StorageReadOnly,
    errno.EPERM: StorageReadOnly,
}


def of_files(error: OSError) -> StorageError | None:
    """Return what an error of the file system means for the data folder; None if unknown."""
    meaning = _MEANINGS.get(error.errno or 0)
    return meaning(str(error)) if meaning else None
