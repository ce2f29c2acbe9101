"""What of the programs goes into a `share` folder of Linux: entry, icons, description, manuals."""

import gzip
import shutil
from pathlib import Path

import icons
import product

HERE = Path(__file__).parent


def programs(frozen: Path) -> list[str]:
    """Return the names of the programs in a frozen folder."""
    return sorted(it.name for it in frozen.iterdir() if it.is_file())


def put_share(share: Path) -> None:
    """Write all of it below `share`, which is /usr/share or the like."""
    applications = share / "applications"
    applications.mkdir(parents=True)
    shutil.copy(HERE / f"{product.ID}.desktop", applications)
    theme = share / "icons/hicolor"
    for side in icons.SIZES:
        folder = theme / f"{side}x{side}/apps"
        folder.mkdir(parents=True)
        (folder / f"{product.ID}.png").write_bytes(icons.png(side))
    (theme / "scalable/apps").mkdir(parents=True)
    shutil.copy(icons.SOURCE, theme / f"scalable/apps/{product.ID}.svg")
    (share / "metainfo").mkdir()
    (share / f"metainfo/{product.ID}.metainfo.xml").write_text(metainfo(), "utf-8")
    manuals = share / "man/man1"
    manuals.mkdir(parents=True)
    for manual in sorted(HERE.glob("*.1")):
        packed = gzip.compress(manual.read_bytes(), mtime=0)
        (manuals / f"{manual.name}.gz").write_bytes(packed)


def metainfo() -> str:
    """Return the AppStream description of this version."""
    text = (HERE / f"{product.ID}.metainfo.xml").read_text("utf-8")
    return text.replace("@VERSION@", product.VERSION).replace("@DAY@", str(product.day()))
