"""True counterfactuals of a split's AI portraits to judge edits of whole photos by (gpu-fn/bench/edits):

    cd gpu-fn/training && python -m photos.filters.truths PHOTOS --split PHOTOS/split.json --part test --hair hair_segmentation.tflite --out DIR

A shard a photo, a row an attribute that the photo may get, and those of --together. `.images` holds [n,2,256,256,3], the
crop around the face and the same with the attribute; `.masks` [n,256,256], the exact mask; a row says where in the photo the
crop lies. Real people's photos are left out. Resumable photo by photo. Needs requirements-photos.txt.
"""

import argparse
import json
import sys
from itertools import combinations
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps
from tqdm import tqdm

from photos import mesh, portrait, shards
from photos.filters.build import REAL, VERSION
from photos.filters.canvas import SIDE
from photos.filters.catalogue import FILTERS, NAMES, applied, compatible
from photos.filters.edit import Edit
from photos.filters.portrait import Portrait
from photos.filters.prepared import crop_within, prepared
from photos.landmarks import FaceMesh
from photos.teachers import Teachers


def all_of(found: Portrait, names: list[str], seed: int) -> Edit | None:
    """Several attributes on one photo, with the union of their masks; None if one makes no sense."""
    if any(not compatible(a, b) for a, b in combinations(names, 2)):
        raise ValueError(f"{' and '.join(names)} cannot be drawn together")
    image, mask = found.image, np.zeros((SIDE, SIDE), np.uint8)
    for name in sorted(names, key=lambda name: FILTERS[name].order):
        edit = applied(found.painted(image), name, seed) if mask.any() else applied(found, name, seed)
        if edit is None:
            return None
        image, mask = edit.image, np.maximum(mask, edit.mask)
    return Edit(np.where((mask > 0)[..., None], image, found.image), mask)


def five(points: np.ndarray) -> list[list[float]]:
    """Eyes, nose and corners of the mouth, left ones first, in the photo's pixels."""
    eyes = [points[list(eye)].mean(0) for eye in mesh.EYES]
    marks = np.stack([*eyes, points[mesh.NOSE_TIP], *points[list(mesh.MOUTH_CORNERS)]])
    return marks.round(1).tolist()


def rows_of(file: str, photo: Image.Image, points: np.ndarray, found: Portrait, seed: int, together: list[list[str]]):
    place = {"file": file, "photo": photo.size, "points": five(points), "crop": crop_within(points, *photo.size).quad().round(2).tolist()}
    for names in [*([name] for name in NAMES), *together]:
        if edit := all_of(found, names, seed):
            said = [{"name": name, "region": FILTERS[name].region, "words": FILTERS[name].words, "without": FILTERS[name].without}
                    for name in names]
            yield portrait.Portrait(np.stack([found.image, edit.image]), edit.mask, {**place, "edits": said})


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m photos.filters.truths", description="Build true counterfactuals of photos")
    parser.add_argument("photos", type=Path, help="folder of the photos that --split lists")
    parser.add_argument("--split", type=Path, required=True, help="JSON: {images: [{file, source, split, glasses}]}")
    parser.add_argument("--part", required=True, help="part of the split")
    parser.add_argument("--hair", type=Path, required=True, help="MediaPipe's hair segmenter (.tflite)")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--together", nargs="*", default=[], metavar="A+B", help="attributes to draw at once")
    return parser.parse_args()


def main() -> None:
    options = arguments()
    together = [names.split("+") for names in options.together]
    try:
        listed = json.loads(options.split.read_text())["images"]
        chosen = [(i, one) for i, one in enumerate(listed) if one["split"] == options.part and one["source"] not in REAL]
        shards.describe(options.out, {"renderer": VERSION, "size": SIDE, "together": together})
        finder, teachers = FaceMesh(), Teachers(options.hair)
    except (ValueError, OSError, KeyError) as error:
        sys.exit(str(error))
    for index, one in tqdm(chosen, unit="photo"):
        if shards.finished(options.out, index):
            continue
        photo = ImageOps.exif_transpose(Image.open(options.photos / one["file"])).convert("RGB")
        points = finder.find(photo)
        found = None if points is None else prepared(photo, points, teachers, bool(one.get("glasses")))
        rows = [] if found is None else rows_of(one["file"], photo, points, found, index, together)
        shards.write_shard(options.out, index, rows)


if __name__ == "__main__":
    main()
