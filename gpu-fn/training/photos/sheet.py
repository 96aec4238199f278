"""A contact sheet of a dataset: its first portraits, each with every region laid over it, to see whether they sit right."""

import json
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

TILE, COLUMNS, PORTRAITS = 192, 7, 8
TINT = np.array([255.0, 40.0, 90.0])


def overlay(image: np.ndarray, mask: np.ndarray, side: int = TILE) -> Image.Image:
    """uint8 [h,w,3] with coverage uint8 [m,m] as a tint that leaves the picture visible."""
    base = np.asarray(Image.fromarray(image).resize((side, side), Image.Resampling.BICUBIC), float)
    weight = np.asarray(Image.fromarray(mask).resize((side, side), Image.Resampling.BILINEAR), float)[..., None] / 255
    return Image.fromarray((base + 0.55 * weight * (TINT - base)).round().astype(np.uint8))


def portraits(folder: Path, size: int, regions: int, count: int):
    """(image, masks, row) of the first portraits, from as many shards as it takes."""
    for path in sorted(folder.glob("shard-*.jsonl")):
        rows = [json.loads(line) for line in path.read_text().splitlines()][:count]
        if rows:
            images = np.fromfile(path.with_suffix(".images"), np.uint8, len(rows) * size * size * 3)
            masks = np.fromfile(path.with_suffix(".masks"), np.uint8)
            side = json.loads((folder / "dataset.json").read_text())["mask_size"]
            yield from zip(images.reshape(-1, size, size, 3), masks.reshape(-1, regions, side, side), rows)
        count -= len(rows)
        if count <= 0:
            return


def write_sheet(folder: Path, out: Path, count: int = PORTRAITS) -> None:
    """A block of tiles a portrait: the crop, then the regions in order; estimated ones are marked with an asterisk."""
    about = json.loads((folder / "dataset.json").read_text())
    names = about["regions"]
    found = list(portraits(folder, about["size"], len(names), count))
    if not found:
        raise ValueError(f"{folder} contains no portrait")
    rows = -(-(len(names) + 1) // COLUMNS)
    sheet = Image.new("RGB", (COLUMNS * TILE, len(found) * rows * TILE), "white")
    draw = ImageDraw.Draw(sheet)
    for block, (image, masks, row) in enumerate(found):
        tiles = [overlay(image, np.zeros_like(masks[0])), *(overlay(image, mask) for mask in masks)]
        titles = [Path(row["file"]).name, *(name + "*" * (name in row["estimated"]) for name in names)]
        for index, (tile, title) in enumerate(zip(tiles, titles)):
            x, y = index % COLUMNS * TILE, (block * rows + index // COLUMNS) * TILE
            sheet.paste(tile, (x, y))
            draw.text((x + 5, y + 4), title, fill="white", stroke_width=2, stroke_fill="black")
    sheet.save(out)
