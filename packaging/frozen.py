"""Walk a frozen folder, and say what in it is dead, of another language or of another database.

usage: frozen.py FOLDER      ends with 1 where anything is found
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

from pruning import dead, is_seen, needs_of_elf

FOREIGN = re.compile(r"(^|/)(psycopg|libpq|asyncpg|boto3|botocore|libvirt)", re.IGNORECASE)
"""Of PostgreSQL, AWS and libvirt, which are extras: the embedded control plane has none."""


def is_elf(file: Path) -> bool:
    with file.open("rb") as begin:
        return begin.read(4) == b"\x7fELF"


def size(folder: Path) -> int:
    """Return the bytes of all files in the folder; a link is none."""
    return sum(
        it.stat().st_size for it in folder.rglob("*") if it.is_file() and not it.is_symlink()
    )


def faults(folder: Path) -> Iterator[str]:
    """Yield what should not be in the folder, a sentence each."""
    inner = folder / "_internal"
    names = {str(it.relative_to(inner)): it for it in inner.rglob("*") if not it.is_dir()}
    for name, file in sorted(names.items()):
        if not file.exists():
            yield f"{name} is a link that leads nowhere."
        if not is_seen(name):
            yield f"{name} is never seen."
        if FOREIGN.search(name):
            yield f"{name} is of an extra."
    elf = {str(it) for it in folder.rglob("*") if it.is_file() and is_elf(it)}
    needs = needs_of_elf(elf)
    programs = {str(it): needs[str(it)] for it in folder.iterdir() if str(it) in elf}
    inside = {name: needs.get(str(file), set()) for name, file in names.items()}
    for name in sorted(dead({**programs, **inside}, {**programs, **inside})):
        yield f"{name} is needed by nobody."


if __name__ == "__main__":
    walked = Path(sys.argv[1])
    found = list(faults(walked))
    print(
        *found,
        f"{walked}: {size(walked) / 1e6:.1f} MB, nothing dead" if not found else "",
        sep="\n",
    )
    sys.exit(bool(found))
