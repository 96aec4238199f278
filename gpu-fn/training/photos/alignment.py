"""The square around a face, placed as FFHQ's is (Karras et al., arXiv 1812.04948, appendix C).

With e the vector from eye to eye and m the one from the eyes' middle to the mouth's, x = e − rot90(m) is the way to the
right; half the square's side is the larger of 2·|e| and 1.8·|m|, and its centre lies 0.1·m below the eyes. Beyond
the photo's edges its reflection continues it.
"""

from dataclasses import dataclass

import numpy as np
from PIL import Image

from photos import mesh


@dataclass(frozen=True)
class Crop:
    """A square in a photo, in pixels: its corner top left, its upper and its left edge."""

    corner: np.ndarray
    across: np.ndarray
    down: np.ndarray

    @property
    def side(self) -> float:
        return float(np.hypot(*self.across))

    def grown(self, scale: float) -> "Crop":
        """The square of `scale` times the side around the same centre."""
        spare = (1 - scale) / 2
        return Crop(self.corner + spare * (self.across + self.down), scale * self.across, scale * self.down)

    def quad(self) -> np.ndarray:
        """Corners [4,2]: top left, top right, bottom right, bottom left."""
        a, b = self.across, self.down
        return self.corner + np.stack([0 * a, a, a + b, b])

    def shares(self, points: np.ndarray) -> np.ndarray:
        """Photo pixels [n,2] → shares of the crop."""
        return np.linalg.solve(np.stack([self.across, self.down], 1), (points - self.corner).T).T

    def inside(self, width: int, height: int, grid: int = 32) -> float:
        """Share of the crop that lies within a photo of this size."""
        u = (np.arange(grid) + 0.5) / grid
        x, y = (self.corner[i] + self.across[i] * u[None] + self.down[i] * u[:, None] for i in (0, 1))
        return float(((x >= 0) & (x < width) & (y >= 0) & (y < height)).mean())


def crop_of(points: np.ndarray) -> Crop:
    """The square of a face whose mesh [478,2] is in photo pixels."""
    left, right = (points[list(ring)].mean(0) for ring in mesh.EYES)
    eyes, mouth = (left + right) / 2, points[list(mesh.MOUTH_CORNERS)].mean(0)
    apart, below = right - left, mouth - eyes
    x = apart - np.array([-below[1], below[0]])
    x *= max(2.0 * np.hypot(*apart), 1.8 * np.hypot(*below)) / np.hypot(*x)
    y = np.array([-x[1], x[0]])
    return Crop(eyes + 0.1 * below - x - y, 2 * x, 2 * y)


def sampled(photo: Image.Image, crop: Crop, size: int, beyond: str = "reflect") -> np.ndarray:
    """The crop as uint8 [size,size,3], antialiased: turned at the photo's own resolution, then reduced.

    `beyond` the photo's edges its reflection continues it, or with "edge" its outermost pixels.
    """
    quad = crop.quad()
    low, high = np.floor(quad.min(0)).astype(int) - 2, np.ceil(quad.max(0)).astype(int) + 2
    first, last = np.clip(low, 0, (photo.width - 1, photo.height - 1)), np.minimum(high, photo.size)
    part = np.asarray(photo.crop((*first, *last)))
    (left, up), (right, bottom) = first - low, high - last
    part = np.pad(part, ((up, bottom), (left, right), (0, 0)), beyond)
    fine = size * max(1, round(crop.side / size))
    (ax, ay), (bx, by), (cx, cy) = crop.across / fine, crop.down / fine, crop.corner - low
    turned = Image.fromarray(part).transform(
        (fine, fine), Image.Transform.AFFINE, (ax, bx, cx, ay, by, cy), Image.Resampling.BICUBIC)
    return np.asarray(turned.resize((size, size), Image.Resampling.LANCZOS))
