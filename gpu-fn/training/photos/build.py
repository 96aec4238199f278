"""Builds a dataset for PASL from a folder of portrait photos, as the paper does from FFHQ:

    cd gpu-fn/training && python -m photos.build PHOTOS --out ../../.training/data/train --sheet sheet.jpg

Each photo becomes an aligned crop, the masks of the eighteen regions and a prompt for each. Resumable: finished shards
are skipped. Needs requirements-photos.txt in a separate environment, and .training/wordings.json.
"""

import argparse
import hashlib
import json
import math
import os
import sys
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from pathlib import Path

from tqdm import tqdm

from photos.parser import FaceParser, labels_of
from photos.portrait import SUFFIXES, Maker, Portrait, Recipe, Skipped
from photos.shards import describe, finished, write_shard
from photos.sheet import write_sheet
from presets import SCRATCH, preset

SHARD_SIZE = 100  # small, since a training takes up shards as they come
CHUNK = 8  # photos that a worker takes at a time


def arguments() -> argparse.Namespace:
    size = preset()["pasl"].get("size", preset()["size"])
    mask = size // math.prod(preset()["pasl"]["strides"])
    parser = argparse.ArgumentParser(prog="python -m photos.build", description="Build mask data for PASL from portrait photos")
    parser.add_argument("photos", type=Path, help="folder of portraits, searched with its subfolders")
    parser.add_argument("--out", type=Path, required=True, help="folder of the dataset")
    parser.add_argument("--from", type=int, default=0, dest="first", help="skip so many photos, in order of their names")
    parser.add_argument("--count", type=int, help="take at most so many photos")
    parser.add_argument("--size", type=int, default=size, help="side of a portrait in pixels (the preset's: %(default)s)")
    parser.add_argument("--mask-size", type=int, default=mask, help="side of a mask in pixels (PASL's output: %(default)s)")
    parser.add_argument("--scale", type=float, default=1.0, help="side of a portrait's square relative to FFHQ's (%(default)s)")
    parser.add_argument("--split", type=Path, help="JSON file that lists the photos with their split: {images: [{file, split}]}")
    parser.add_argument("--parts", nargs="+", default=[], help="splits to take")
    parser.add_argument("--hair", type=Path, help="MediaPipe's hair segmenter (.tflite), for masks of hair and skin")
    parser.add_argument("--parser", type=Path, help="face parser (.onnx)")
    parser.add_argument("--parser-labels", type=Path, help="meaning of its classes (photos/parser.py)")
    parser.add_argument("--workers", type=int, default=os.cpu_count(), help="number of processes (%(default)s)")
    parser.add_argument("--sheet", type=Path, help="write a picture of the first portraits with their masks")
    return parser.parse_args()


def listing(options: argparse.Namespace) -> list[str]:
    """The photos' names relative to their folder, in order."""
    if not options.photos.is_dir():
        raise ValueError(f"{options.photos} is not a folder")
    every = sorted(path.relative_to(options.photos).as_posix() for path in options.photos.rglob("*")
                   if path.suffix.lower() in SUFFIXES and path.is_file())
    if options.split:
        parts = {image["file"]: image["split"] for image in json.loads(options.split.read_text())["images"]}
        every = [name for name in every if parts.get(name) in options.parts]
        every.sort(key=lambda name: digest(name.encode()))  # sources mixed, so that every shard has some of each
    end = None if options.count is None else options.first + options.count
    chosen = every[options.first:end]
    if not chosen:
        raise ValueError(f"{options.photos} has {len(every)} photos ({', '.join(SUFFIXES)}), none of them selected")
    return chosen


def recipe_of(options: argparse.Namespace) -> Recipe:
    for name, least in (("size", 32), ("mask_size", 8), ("first", 0), ("workers", 1)):
        if getattr(options, name) < least:
            raise ValueError(f"--{name.replace('_', '-')} must be at least {least}")
    if options.scale < 1:
        raise ValueError("--scale must be at least 1")
    if options.parser and options.hair:
        raise ValueError("--parser and --hair both locate hair and skin: choose one")
    if (options.split is None) != (not options.parts):
        raise ValueError("--split and --parts belong together")
    if (options.parser is None) != (options.parser_labels is None):
        raise ValueError("--parser and --parser-labels belong together")
    wordings = SCRATCH / "wordings.json"
    if not wordings.exists():
        raise ValueError(f"{wordings} is missing: node gpu-fn/training/text2mask/wordings.ts --json > {wordings}")
    described = json.loads(wordings.read_text())
    texts = {entry["region"]: entry["train"] for entry in described["wordings"]}
    labels = labels_of(options.parser_labels, described["regions"]) if options.parser else None
    if options.parser:
        FaceParser(options.parser, labels)  # says at once what is wrong with it
    return Recipe(options.photos, options.size, options.mask_size, {name: texts[name] for name in described["regions"]},
                  options.parser, labels, options.hair, options.scale)


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:16]


def layout_of(recipe: Recipe, files: list[str]) -> dict:
    """dataset.json: what must be the same for a build to be continued."""
    parser = {"file": digest(recipe.parser.read_bytes()), **recipe.labels} if recipe.parser else None
    return {"photos": len(files), "listing": digest("\n".join(files).encode()), "size": recipe.size, "pairs": False,
            "variations": 0, "mask_size": recipe.mask_size, "shard_size": SHARD_SIZE, "regions": list(recipe.wordings),
            "scale": recipe.scale, "parser": parser, "hair": digest(recipe.hair.read_bytes()) if recipe.hair else None}


maker: Maker  # of this worker


def start_worker(recipe: Recipe) -> None:
    global maker
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # MediaPipe's chatter would tear the bar; exceptions reach it otherwise
    maker = Maker(recipe)


def make(file: str) -> Portrait | Skipped:
    return maker.make(file)


def counted(found: Iterable, bar: tqdm) -> Iterator:
    for one in found:
        yield one
        bar.update()


def build(options: argparse.Namespace) -> None:
    files, recipe = listing(options), recipe_of(options)
    describe(options.out, layout_of(recipe, files))
    shards = {i // SHARD_SIZE: files[i:i + SHARD_SIZE] for i in range(0, len(files), SHARD_SIZE)}
    todo = {index: part for index, part in shards.items() if not finished(options.out, index)}
    left = sum(map(len, todo.values()))
    with (tqdm(total=len(files), initial=len(files) - left, unit="photo", desc="photos", mininterval=2) as bar,
          ProcessPoolExecutor(options.workers, get_context("spawn"), start_worker, (recipe,)) as pool):
        for index, part in todo.items():
            write_shard(options.out, index, counted(pool.map(make, part, chunksize=CHUNK), bar))
    if options.sheet:
        write_sheet(options.out, options.sheet)


def main() -> None:
    try:
        build(arguments())
    except BrokenProcessPool:
        sys.exit("a worker ended without an error (out of memory?): start again; finished shards are kept")
    except (ValueError, OSError) as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
