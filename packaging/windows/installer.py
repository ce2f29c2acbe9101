"""Make the installer for Windows of the frozen folder with makensis, on any system that has that.

usage: installer.py FROZEN TARGET      dist/autosky-desktop, and the folder for the installer

Where SIGN_COMMAND is set, programs and installer are signed by it: a command in which {file} stands
for the file, such as: signtool sign /fd sha256 /tr URL /td sha256 /f KEY {file}
"""

import os
import shlex
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import icons
import product

SCRIPT = Path(__file__).with_name("installer.nsi")


def signing(command: str, file: Path) -> list[str]:
    """Return the call that signs that file."""
    parts = shlex.split(command, posix=os.name == "posix")
    if "{file}" not in command:
        raise SystemExit("SIGN_COMMAND has no {file} in it.")
    return [part.replace("{file}", str(file)) for part in parts]


def sign(file: Path) -> None:
    if command := os.environ.get("SIGN_COMMAND"):
        subprocess.run(signing(command, file), check=True)


def make(frozen: Path, target: Path) -> Path:
    """Make the installer and return its file."""
    icons.draw(product.ROOT / "build/icons")
    for program in sorted(frozen.glob("*.exe")):
        sign(program)
    target.mkdir(parents=True, exist_ok=True)
    file = target / f"{product.PROGRAM}-{product.VERSION}-windows-x86_64.exe"
    told = {
        "VERSION": product.VERSION,
        "NUMBERS": ".".join(map(str, product.four_numbers())),
        "FROZEN": frozen.resolve(),
        "ICON": product.ROOT / "build/icons/icon.ico",
        "TARGET": file.resolve(),
    }
    defined = [f"-D{name}={value}" for name, value in told.items()]
    subprocess.run(
        ["makensis", "-V2", "-WX", "-INPUTCHARSET", "UTF8", *defined, str(SCRIPT)], check=True
    )
    sign(file)
    return file


if __name__ == "__main__":
    made = make(Path(sys.argv[1]), Path(sys.argv[2]))
    print(f"{made}: {made.stat().st_size / 1e6:.1f} MB")
