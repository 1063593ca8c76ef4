"""Pictures of the reading room for docs/reading-room.md, of an archive made of the examples.

    khabar run examples/pages --archive out/khabar.db && python scripts/pictures.py out/khabar.db docs/pictures

Needs the extra `dev` and Debian's chromium and fonts-noto-core. Corrections are shown in a copy of the archive.
"""

from __future__ import annotations

import io
import shutil
import sys
import tempfile
from pathlib import Path

from PIL import Image

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "web"))
from browser import browser, serving

from khabar.archive import Archive, open_archive

WIDE, NARROW = (1180, 760), (390, 760)


def pages(archive: Archive) -> dict[str, tuple[str, tuple[int, int]]]:
    """Name of the picture -> address and size of the window."""
    most = max(archive.happenings(), key=lambda one: (one.texts, one.reports, one.differ))
    threads = archive.threads(limit=1)
    article = most.article or ""
    found = {
        "answers": ("/?lang=ar", WIDE),
        "map": ("/?lang=en&view=map", WIDE),
        "network": ("/?lang=en&view=network", WIDE),
        "counts": ("/?lang=ar&view=chart", WIDE),
        "article": (f"/articles/{article}?lang=ar", WIDE),
        "happening": (f"/happenings/{most.id}?lang=en", WIDE),
        "phone": ("/?lang=ar&view=timeline", NARROW),
    }
    if threads:
        found["thread"] = (f"/threads/{threads[0].id}?lang=ar", WIDE)
    found["adding"] = ("/add?lang=ar", (1180, 700))
    event = archive.judged_of(article)[0].id
    found["correction"] = (f"/articles/{article}?edit={event}&lang=en#e1", WIDE)
    return found


def main(source: str, target: str) -> None:
    """Writes the pictures."""
    out = Path(target)
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        copy = shutil.copy(source, Path(folder) / "khabar.db")
        with (
            open_archive(copy) as archive,
            serving(archive, edit=False) as read,
            serving(archive, edit=True) as edit,
            browser() as chromium,
        ):
            for name, (address, (width, height)) in pages(archive).items():
                page = chromium.new_page(viewport={"width": width, "height": height})
                page.goto((edit if name in ("adding", "correction") else read) + address)
                page.wait_for_load_state("load")
                picture = Image.open(io.BytesIO(page.screenshot()))
                path = out / f"{name}.png"
                picture.convert("P", palette=Image.Palette.ADAPTIVE, colors=64).save(path, optimize=True)
                page.close()
                print(f"{path}: {path.stat().st_size // 1024} kB")


if __name__ == "__main__":
    main(*sys.argv[1:])
