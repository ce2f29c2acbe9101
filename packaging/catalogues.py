"""Compile the translations into the catalogues that the programs read: resources/languages/*.mo.

The build backend does so for every wheel and every installation, an editable one too, and
`make languages` after it has brought the translations up to date.
"""

from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

LANGUAGES = "resources/languages"


class Catalogues(BuildHookInterface):
    """Hatchling's hook before a build."""

    def initialize(self, _version: str, _build_data: dict[str, Any]) -> None:
        compile_in(Path(self.root) / LANGUAGES)


def compile_in(folder: Path) -> None:
    for translated in sorted(folder.glob("*.po")):
        compiled = translated.with_suffix(".mo")
        with translated.open("rb") as source:
            catalogue = read_po(source, locale=translated.stem)
        beside = compiled.with_suffix(".new")
        with beside.open("wb") as target:
            write_mo(target, catalogue)
        beside.replace(compiled)


if __name__ == "__main__":
    compile_in(Path(__file__).parent.parent / LANGUAGES)
