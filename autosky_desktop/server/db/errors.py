"""What can be wrong with the storage. `word` is the one the desktop is told at start-up."""

from typing import ClassVar


class StorageError(Exception):
    """Base of these; its text is the database's own sentence."""

    word: ClassVar[str] = "unexpected"


class StorageFull(StorageError):
    """No room is left, or the quota is used up. Nothing of the transaction was written."""

    word = "storage-full"


class StorageReadOnly(StorageError):
    """The files or their folder may not be written."""

    word = "storage-read-only"


class StorageNewer(StorageError):
    """The database was written by a newer version of this program."""

    word = "storage-newer"


class StorageDamaged(StorageError):
    """The file is not a database, or not one of ours."""

    word = "storage-damaged"
