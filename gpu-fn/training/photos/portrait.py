"""From a file to a portrait with its masks and prompts, or to the reason why there is none."""

import random
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

from photos.alignment import crop_of, sampled
from photos.face import Face
from photos.landmarks import FaceMesh
from photos.masks import masks_of
from photos.parser import FaceParser

SUFFIXES = (".jpg", ".jpeg", ".png", ".webp", ".bmp", ".tif", ".tiff")
LEAST_INSIDE = 0.6  # share of the crop that the photo must hold; the rest is its reflection
LEAST_PIXELS = 0.5  # pixels of the photo to one of the crop, along a side
TURNED = 0.2  # share of the face's width on the far side of the nose, below which it is a profile


@dataclass
class Portrait:
    """image uint8 [size,size,3], masks uint8 [regions,side,side], row: its line in the shard's .jsonl"""

    image: np.ndarray
    masks: np.ndarray
    row: dict


@dataclass
class Skipped:
    file: str
    reason: str


@dataclass(frozen=True)
class Recipe:
    """What every portrait of a dataset shares. `wordings` holds each region's texts, in the masks' order."""

    folder: Path
    size: int
    mask_size: int
    wordings: dict[str, list[str]]
    parser: Path | None = None
    labels: dict | None = None


def prompts_for(file: str, wordings: dict[str, list[str]]) -> dict[str, str]:
    """One text a region, the same at every build: the paper attaches a random one of the region's to each mask."""
    drawn = random.Random(file)
    return {region: drawn.choice(texts) for region, texts in wordings.items()}


class Maker:
    def __init__(self, recipe: Recipe):
        self.recipe, self.mesh = recipe, FaceMesh()
        self.parser = FaceParser(recipe.parser, recipe.labels) if recipe.parser else None

    def make(self, file: str) -> Portrait | Skipped:
        try:
            with Image.open(self.recipe.folder / file) as opened:
                photo = ImageOps.exif_transpose(opened).convert("RGB")
        except Exception as error:  # decoders of broken files raise nearly anything
            return Skipped(file, f"cannot be read: {error}")
        try:
            points = self.mesh.find(photo)
        except RuntimeError as error:  # of MediaPipe's graph
            return Skipped(file, f"cannot be searched for faces: {error}")
        if points is None:
            return Skipped(file, "no face was found")
        crop, size = crop_of(points), self.recipe.size
        if crop.side < LEAST_PIXELS * size:
            return Skipped(file, f"the face is small: its crop has {crop.side:.0f} pixels a side, {size} are asked for")
        if crop.inside(*photo.size) < LEAST_INSIDE:
            return Skipped(file, f"only {crop.inside(*photo.size):.0%} of the face's crop lies within the photo")
        shares = crop.shares(points)
        if min(Face(shares).shares) < TURNED:
            return Skipped(file, "the face is turned to the side")
        parsed = self.parser.parse(sampled(photo, crop, self.parser.size)) if self.parser else None
        masks, estimated = masks_of(shares, list(self.recipe.wordings), self.recipe.mask_size, parsed)
        row = {"file": file, "crop": crop.quad().round(1).tolist(), "estimated": estimated,
               "prompts": prompts_for(file, self.recipe.wordings)}
        return Portrait(sampled(photo, crop, size), masks, row)
