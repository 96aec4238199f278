"""Counterfactual datasets from photos, in the shards' format that data.py reads:

    cd gpu-fn/training && python -m photos.filters.build PHOTOS --split PHOTOS/split.json --hair hair_segmentation.tflite

writes to .training/data: `photo-edits` (the split's AI portraits to train on), `photo-held` and `photo-check` (those of
its validation), at the preset's size. Resumable photo by photo. Real people's photos are left out:
what is generated from them would be about them. Needs requirements-photos.txt.
"""

import argparse
import json
import sys
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps
from tqdm import tqdm

from photos import portrait, shards
from photos.filters.catalogue import FILTERS, NAMES
from photos.filters.counterfactuals import SOURCE, Drawn, View, request, row_of
from photos.filters.portrait import Portrait
from photos.filters.prepared import prepared
from photos.landmarks import FaceMesh
from photos.masks import masks_of
from photos.teachers import Teachers
from presets import SCRATCH, preset

VERSION = "photo-filters-1"
REQUESTS = 5  # a row, as the drawn edits have
PLAIN, REMOVAL = 4, 2  # rows whose source is the photo, and whose source is the photo filtered; a photo
REAL = ("official",)  # sources that show real people
REGIONS = json.loads((SCRATCH / "wordings.json").read_text())["regions"]


class Dataset:
    """A folder of shards, one a photo."""

    def __init__(self, folder: Path, **layout):
        self.folder = folder
        shards.describe(folder, {"renderer": VERSION, "regions": REGIONS, **layout})

    def has(self, index: int) -> bool:
        return shards.finished(self.folder, index)

    def put(self, index: int, rows: list[tuple[np.ndarray, np.ndarray, dict]]) -> None:
        shards.write_shard(self.folder, index, [portrait.Portrait(*row) for row in rows])


def coverage(mask: np.ndarray, side: int) -> np.ndarray:
    """uint8 [h,h] → [side,side], 0 only where all of it is."""
    cells = mask.reshape(side, len(mask) // side, side, -1)
    return np.maximum(np.round(cells.mean((1, 3))), cells.any((1, 3))).astype(np.uint8)


class Builder:
    """Rows of portraits in three datasets; attributes that were drawn seldom come first."""

    def __init__(self, out: Path, size: int, side: int):
        self.size, self.side, self.counts = size, side, dict.fromkeys(NAMES, 0)
        layout = {"size": size, "mask_size": side}
        self.edits, self.held = (Dataset(out / name, variations=REQUESTS, **layout) for name in ("photo-edits", "photo-held"))
        self.check = Dataset(out / "photo-check", pairs=True, **layout)

    def learn(self, index: int, file: str, found: Portrait, masks: np.ndarray) -> None:
        random = np.random.default_rng(index)
        drawn = Drawn(found, index)
        rows = [row_of(drawn, random, self.counts, REQUESTS, removal, View(random, self.size), masks, self.side)
                for removal in (False,) * PLAIN + (True,) * REMOVAL]
        self.edits.put(index, [self.described(file, row) for row in rows if row])

    def judge(self, index: int, file: str, found: Portrait, masks: np.ndarray) -> None:
        """Each attribute that the photo may get, with its exact mask in the place of the region's."""
        random, drawn = np.random.default_rng(index), Drawn(found, index)
        view = View(random, self.size, plain=True)
        pairs, counts = [], dict(self.counts)
        for name in NAMES:
            if edit := drawn.single(name):
                exact = view.masks(masks, self.side)
                exact[REGIONS.index(FILTERS[name].region)] = coverage(edit.mask, self.side)
                row = {"file": file, "attribute": name, "region": FILTERS[name].region, "source_caption": SOURCE,
                       "target_caption": request(random, [name])}
                pairs.append((np.stack([view.image(found.image), view.image(edit.image)]), exact, row))
        self.check.put(index, pairs)
        rows = [row_of(drawn, random, counts, REQUESTS, False, view, masks, self.side) for _ in range(2)]
        self.held.put(index, [self.described(file, row) for row in rows if row])

    def described(self, file: str, row) -> tuple[np.ndarray, np.ndarray, dict]:
        edits = [{"caption": said, "names": names} for said, names in zip(row.captions[1:], row.names)]
        return row.images, row.masks, {"file": file, "source_prompt": row.captions[0], "edits": edits}


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m photos.filters.build", description="Build counterfactuals of portrait photos")
    parser.add_argument("photos", type=Path, help="folder of the photos that --split lists")
    parser.add_argument("--split", type=Path, required=True, help="JSON: {images: [{file, source, split, glasses}]}")
    parser.add_argument("--hair", type=Path, required=True, help="MediaPipe's hair segmenter (.tflite)")
    parser.add_argument("--out", type=Path, default=SCRATCH / "data", help="folder for the datasets (%(default)s)")
    parser.add_argument("--judged", default="val", help="split for photo-held and photo-check (%(default)s)")
    parser.add_argument("--rounds", type=int, default=1, help="times that a photo is drawn on, each time with other seeds (%(default)s)")
    return parser.parse_args()


def masks_for(found: Portrait) -> np.ndarray:
    """The regions' coverage [regions,64,64]."""
    return masks_of(found.landmarks, REGIONS, 64, {"hair": found.hair > 0.5, "skin": found.skin_area})[0]


def turns(chosen: list[tuple[int, dict]], rounds: int, listed: int) -> list[tuple[int, dict]]:
    """(shard, photo) of each drawing: photos to train on come once a round, each time as another shard, which is its seed."""
    return [(i + turn * listed, one) for turn in range(rounds) for i, one in chosen if turn == 0 or one["split"] == "train"]


def main() -> None:
    options = arguments()
    try:
        listed = json.loads(options.split.read_text())["images"]
        chosen = [(i, one) for i, one in enumerate(listed) if one["split"] in ("train", options.judged) and one["source"] not in REAL]
        size = preset()["size"]
        builder = Builder(options.out, size, size // 2 ** (len(preset()["autoencoder"]["ch_mult"]) - 1))
        mesh, teachers = FaceMesh(), Teachers(options.hair)
    except (ValueError, OSError, KeyError) as error:
        sys.exit(str(error))
    for index, one in tqdm(turns(chosen, options.rounds, len(listed)), unit="photo"):
        learning = one["split"] == "train"
        if (builder.edits if learning else builder.held).has(index):
            continue
        photo = ImageOps.exif_transpose(Image.open(options.photos / one["file"])).convert("RGB")
        points = mesh.find(photo)
        found = None if points is None else prepared(photo, points, teachers, bool(one.get("glasses")))
        if found is None:
            tqdm.write(f"{one['file']}: no face, or too near the edge")
            continue
        (builder.learn if learning else builder.judge)(index, one["file"], found, masks_for(found))


if __name__ == "__main__":
    main()
