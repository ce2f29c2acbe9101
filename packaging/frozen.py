"""Walk a frozen folder, and say what in it is dead, of another language or of another database, and
which module is not in it that the control plane loads to publish.

usage: frozen.py FOLDER      ends with 1 where anything is found
"""

import os
import re
import subprocess
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


_LOAD = """
import sys, dbos, autosky_desktop.server.plane
import autosky_desktop.server.providers.aws, autosky_desktop.server.providers.libvirt
from dbos import _sys_db_sqlite, _recovery
for name, module in sorted(sys.modules.items()):
    if (getattr(module, "__file__", None) or "").endswith(".py"): print(name)
"""


def loaded_modules() -> set[str]:
    """Return the modules in Python that the control plane loads here, as it does to publish."""
    path = str(Path(__file__).with_name("without_postgresql"))
    said = subprocess.run(
        [sys.executable, "-c", _LOAD],
        env={**os.environ, "PYTHONPATH": path},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    ).stdout
    return {name for name in said.split() if name.partition(".")[0] not in sys.stdlib_module_names}


def frozen_modules(program: Path) -> set[str]:
    from PyInstaller.archive.readers import CArchiveReader

    archive = CArchiveReader(str(program))
    inner = [archive.open_embedded_archive(it) for it in archive.toc if it.endswith(".pyz")]
    return {name for it in inner for name in it.toc}


def absent(program: Path) -> Iterator[str]:
    """Yield the modules that the frozen control plane would look for in vain, a sentence each."""
    for name in sorted(loaded_modules() - frozen_modules(program)):
        if not name.startswith(("_", "__editable__")):
            yield f"{name} is loaded by the control plane and is not in {program.name}."


if __name__ == "__main__":
    walked = Path(sys.argv[1])
    found = [*faults(walked), *absent(walked / "autosky")]
    print(
        *found,
        f"{walked}: {size(walked) / 1e6:.1f} MB, nothing dead" if not found else "",
        sep="\n",
    )
    sys.exit(bool(found))
