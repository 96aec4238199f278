"""Datasets in one file that travels to a machine with a GPU: about a tenth of their size, the pictures as WebP.

    python -m photos.filters.packed pack FILE.zip photo-edits photo-held      # from .training/data
    python -m photos.filters.packed unpack FILE.zip                           # into .training/data
"""

import argparse
import io
import json
import sys
import zipfile
from pathlib import Path

import numpy as np
from PIL import Image

from photos.shards import put
from presets import SCRATCH

QUALITY = 75


def pack(folder: Path, archive: zipfile.ZipFile) -> None:
    text = (folder / "dataset.json").read_text()
    about = json.loads(text)
    size, each = about["size"], 2 if about.get("pairs") else 1 + about.get("variations", 0)
    archive.writestr(f"{folder.name}/dataset.json", text)
    for lines in sorted(path for path in folder.glob("shard-*.jsonl") if path.stat().st_size):
        stem = f"{folder.name}/{lines.stem}"
        for number, row in enumerate(np.fromfile(lines.with_suffix(".images"), np.uint8).reshape(-1, each * size, size, 3)):
            picture = io.BytesIO()  # a row's pictures one below the other
            Image.fromarray(row).save(picture, "WEBP", quality=QUALITY)
            archive.writestr(f"{stem}/{number:06d}.webp", picture.getvalue(), zipfile.ZIP_STORED)
        for suffix in (".masks", ".jsonl"):
            archive.write(lines.with_suffix(suffix), f"{stem}{suffix}")


def unpack(archive: zipfile.ZipFile, out: Path) -> None:
    pictures: dict[str, list[bytes]] = {}
    for name in sorted(archive.namelist()):
        content = archive.read(name)
        if name.endswith(".webp"):
            pixels = np.asarray(Image.open(io.BytesIO(content)).convert("RGB")).tobytes()
            pictures.setdefault(name.rpartition("/")[0], []).append(pixels)
        else:
            (out / name).parent.mkdir(parents=True, exist_ok=True)
            put(out / name, content)
    for stem, rows in pictures.items():
        put(out / f"{stem}.images", b"".join(rows))


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m photos.filters.packed", description="Pack datasets into one file, or unpack them")
    parser.add_argument("way", choices=["pack", "unpack"])
    parser.add_argument("file", type=Path)
    parser.add_argument("names", nargs="*", help="datasets to pack")
    options = parser.parse_args()
    try:
        if options.way == "unpack":
            with zipfile.ZipFile(options.file) as archive:
                unpack(archive, SCRATCH / "data")
            return
        with zipfile.ZipFile(options.file, "w", zipfile.ZIP_DEFLATED) as archive:
            for name in options.names:
                pack(SCRATCH / "data" / name, archive)
        print(f"{options.file}: {options.file.stat().st_size / 2**20:.1f} MiB")
    except (OSError, zipfile.BadZipFile) as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
