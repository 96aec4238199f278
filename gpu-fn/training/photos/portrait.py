"""Turns a file into a portrait with masks and prompts, or into the reason why there is none."""

import random
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

from photos.alignment import Crop, crop_of, sampled
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
    hair: Path | None = None
    scale: float = 1.0  # side of the square that is kept, to FFHQ's


def prompts_for(file: str, wordings: dict[str, list[str]]) -> dict[str, str]:
    """One text a region, the same at every build: the paper attaches a random one of the region's to each mask."""
    drawn = random.Random(file)
    return {region: drawn.choice(texts) for region, texts in wordings.items()}


class Maker:
    def __init__(self, recipe: Recipe):
        self.recipe, self.mesh = recipe, FaceMesh()
        self.parser = FaceParser(recipe.parser, recipe.labels) if recipe.parser else None
        self.teachers = None
        if recipe.hair:
            from photos.teachers import Teachers  # OpenCV and SciPy, which only they need
            self.teachers = Teachers(recipe.hair)

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
        aligned, size, scale = crop_of(points), self.recipe.size, self.recipe.scale
        if scale * aligned.side < LEAST_PIXELS * size:
            return Skipped(file, f"the face is small: its crop has {scale * aligned.side:.0f} pixels a side, {size} are asked for")
        if aligned.inside(*photo.size) < LEAST_INSIDE:
            return Skipped(file, f"only {aligned.inside(*photo.size):.0%} of the face's crop lies within the photo")
        if min(Face(aligned.shares(points)).shares) < TURNED:
            return Skipped(file, "the face is turned to the side")
        crop = aligned.grown(scale)
        image, shares = sampled(photo, crop, size, "edge" if scale > 1 else "reflect"), crop.shares(points)
        masks, estimated = masks_of(shares, list(self.recipe.wordings), self.recipe.mask_size, self.parsed(photo, crop, image, shares))
        row = {"file": file, "photo": photo.size, "crop": crop.quad().round(1).tolist(), "estimated": estimated,
               "prompts": prompts_for(file, self.recipe.wordings)}
        return Portrait(image, masks, row)

    def parsed(self, photo: Image.Image, crop: Crop, image: np.ndarray, shares: np.ndarray) -> dict[str, np.ndarray] | None:
        """What the user's parser or the teachers see in the crop, by region."""
        if self.parser:
            return self.parser.parse(sampled(photo, crop, self.parser.size))
        return self.teachers.parse(image, shares) if self.teachers else None
