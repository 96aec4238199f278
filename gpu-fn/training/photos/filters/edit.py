"""The result of a filter, and layers of paint over a photo. Wherever the mask is 0 the photo stays, bit for bit."""

from dataclasses import dataclass

import numpy as np

from photos.filters.canvas import SIDE, mix, ramp

LEAST = 0.02  # coverage below which nothing is painted


@dataclass(frozen=True)
class Edit:
    """image uint8 [SIDE,SIDE,3]; mask uint8 [SIDE,SIDE], 0 exactly where nothing may differ"""

    image: np.ndarray
    mask: np.ndarray


def finished(photo: np.ndarray, new: np.ndarray, coverage: np.ndarray) -> Edit:
    """`new` is the whole picture, what is covered included; it is kept where `coverage` is."""
    share = np.clip(coverage, 0, 1)
    share = np.where(share < LEAST, 0, share)
    image = np.clip(np.round(new), 0, 255).astype(np.uint8)
    image[share == 0] = photo[share == 0]
    return Edit(image, np.maximum(np.round(share * 255), share > 0).astype(np.uint8))


class Layers:
    """Paint over paint; the mask is the union of what is visible."""

    def __init__(self, photo: np.ndarray):
        self.photo, self.colours = photo, photo.astype(np.float32)
        self.coverage = np.zeros((SIDE, SIDE), np.float32)

    def put(self, colours, coverage, visible: float = 1.0) -> "Layers":
        """`visible` says how much of this layer an eye notices: a soft shade claims less of the mask."""
        share = np.clip(coverage, 0, 1).astype(np.float32)
        self.colours = mix(self.colours, np.asarray(colours, np.float32), share)
        self.coverage = 1 - (1 - self.coverage) * (1 - share * visible)
        return self

    def edit(self) -> Edit:
        fade = ramp(self.coverage, LEAST, 0.08)  # no step where paint ends
        return finished(self.photo, mix(self.photo.astype(np.float32), self.colours, fade), self.coverage)


def blended(photo: np.ndarray, new: np.ndarray, coverage: np.ndarray) -> Edit:
    """One layer of `new` over the photo."""
    share = np.where(np.clip(coverage, 0, 1) < LEAST, 0, np.clip(coverage, 0, 1)).astype(np.float32)
    return finished(photo, mix(photo.astype(np.float32), new, share), share)
