"""Views of portraits as the locator meets them: turned, nearer and farther, off-centre, in other colours, covered.

A portrait is a square of `scale` times FFHQ's side around the face (photos/build.py); a drawing is one of its own. A
view is a square of it that keeps its face's size within 0.7 to 1.4 of FFHQ's. What lies beyond the photo is not judged.
"""

from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F

from data import Split
from photos.covers import covered

ROLL, NEAR, FAR, SHIFT = 25.0, 1.4, 0.7, 0.22  # degrees; face's size to FFHQ's; share of the view's side
STEADY = (4.0, 0.08, 0.03)  # deviations of roll, log size and shift in a view that a face detector laid
MOVED, FLIPPED, COVERED, COLOURED = 0.5, 0.5, 0.2, 0.8  # shares of the views


@dataclass
class Placed:
    """Where n views lie: roll in degrees, side to FFHQ's, centre [n,2] as share of the view's side, flipped -1 or 1."""

    roll: torch.Tensor
    side: torch.Tensor
    centre: torch.Tensor
    flip: torch.Tensor

    def matrices(self, scale: float) -> torch.Tensor:
        """Affine [n,2,3] from the view to the portrait, both in -1..1."""
        angle, side = torch.deg2rad(self.roll), self.side / scale
        cos, sin = side * angle.cos(), side * angle.sin()
        return torch.stack([torch.stack([cos * self.flip, -sin, 2 * side * self.centre[:, 0]], 1),
                            torch.stack([sin * self.flip, cos, 2 * side * self.centre[:, 1]], 1)], 1)


def moved(count: int, generator: torch.Generator | None = None) -> Placed:
    """Views as whole photos give them: any roll, size and shift within the bounds."""
    def even(low: float, high: float, *shape: int) -> torch.Tensor:
        return low + (high - low) * torch.rand(count, *shape, generator=generator)
    return Placed(even(-ROLL, ROLL), even(-np.log(NEAR), -np.log(FAR)).exp(), even(-SHIFT, SHIFT, 2), torch.ones(count))


def steady(count: int) -> Placed:
    """Views that a detector laid around the face."""
    roll, size, shift = STEADY
    return Placed(roll * torch.randn(count), (size * torch.randn(count)).exp(), shift * torch.randn(count, 2), torch.ones(count))


def aligned(count: int) -> Placed:
    return Placed(torch.zeros(count), torch.ones(count), torch.zeros(count, 2), torch.ones(count))


def mixed(count: int, share: float = MOVED) -> Placed:
    """`share` of them moved, the others steady; half of all flipped."""
    one, other, pick = moved(count), steady(count), torch.rand(count) < share
    flip = torch.where(torch.rand(count) < FLIPPED, -1.0, 1.0)
    return Placed(torch.where(pick, one.roll, other.roll), torch.where(pick, one.side, other.side),
                  torch.where(pick[:, None], one.centre, other.centre), flip)


class Views:
    """`split`'s portraits as views of `size` pixels with masks of `grid`."""

    def __init__(self, split: Split, size: int, grid: int):
        self.split, self.size, self.grid = split, size, grid
        self.scale = float(split.about.get("scale", 1.0))

    def at(self, indices: np.ndarray, placed: Placed, cover: float = 0.0) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """(images [n,3,size,size] in -1..1, coverage [n,regions,grid,grid], inside the photo [n,1,grid,grid])."""
        images, masks = self.split.images(indices).numpy(), self.split.masks(indices).numpy()
        if cover:
            for row in np.flatnonzero(np.random.rand(len(images)) < cover):
                images[row], masks[row] = covered(images[row], masks[row])
        matrices = placed.matrices(self.scale)
        found = sampled(torch.from_numpy(images).permute(0, 3, 1, 2), matrices, self.size, "border", 2) / 127.5 - 1
        truth = sampled(torch.from_numpy(masks), matrices, self.grid, "zeros", 1) / 255
        return found.contiguous(memory_format=torch.channels_last), truth, self.inside(indices, matrices)

    def inside(self, indices: np.ndarray, matrices: torch.Tensor) -> torch.Tensor:
        """1 where a cell's middle lies within the photo, else 0: [n,1,grid,grid]."""
        cells = F.affine_grid(matrices, (len(indices), 1, self.grid, self.grid), align_corners=False)
        shares = (cells + 1) / 2  # of the portrait
        quads, sizes = zip(*(self.frame(self.split.rows[i]) for i in indices))
        corner, right, _, low = torch.tensor(quads).float().unbind(1)
        at = corner[:, None, None] + shares[..., :1] * (right - corner)[:, None, None] + shares[..., 1:] * (low - corner)[:, None, None]
        return ((at >= 0) & (at <= torch.tensor(sizes)[:, None, None])).all(-1)[:, None].float()

    @staticmethod
    def frame(row: dict) -> tuple[list[list[float]], list[float]]:
        """The portrait's corners in its photo, and the photo's width and height; a drawing is all there is."""
        return (row["crop"], row["photo"]) if "crop" in row else ([[0, 0], [1, 0], [1, 1], [0, 1]], [1, 1])

    def draw(self, indices: np.ndarray) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Views to learn from."""
        images, truth, inside = self.at(indices, mixed(len(indices)), COVERED if self.scale > 1 else 0)
        return coloured(beyond(images, inside)), truth, inside


def sampled(values: torch.Tensor, matrices: torch.Tensor, size: int, padding: str, finer: int) -> torch.Tensor:
    """Views [n,c,size,size] of uint8 [n,c,h,w], antialiased by `finer` samples a side for one."""
    grid = F.affine_grid(matrices, (len(values), 1, finer * size, finer * size), align_corners=False)
    found = F.grid_sample(values.float(), grid, mode="bilinear", padding_mode=padding, align_corners=False)
    return F.avg_pool2d(found, finer)


def beyond(images: torch.Tensor, inside: torch.Tensor) -> torch.Tensor:
    """Half of the views get a plain colour beyond the photo, in place of its outermost pixels drawn out."""
    n = len(images)
    plain = (torch.rand(n, 1, 1, 1) < 0.5) * (1 - F.interpolate(inside, images.shape[-1]))
    grey = torch.rand(n, 1, 1, 1) * 2 - 1
    return torch.lerp(images, grey + 0.2 * torch.randn(n, 3, 1, 1), plain).clamp(-1, 1)


def coloured(images: torch.Tensor) -> torch.Tensor:
    """Other light, contrast, tint and gamma; some grey, some soft, some noisy."""
    n = len(images)

    def some(share: float) -> torch.Tensor:
        return torch.rand(n, 1, 1, 1) < share

    unit = ((images + 1) / 2).clamp(1e-3, 1)
    changed = unit ** torch.exp(0.35 * torch.randn(n, 1, 1, 1))
    grey = changed.mean(1, keepdim=True)
    changed = torch.lerp(grey, changed, 0.5 + torch.rand(n, 1, 1, 1))
    middle = changed.mean((1, 2, 3), keepdim=True)
    changed = middle + (changed - middle) * (0.6 + 0.8 * torch.rand(n, 1, 1, 1))
    changed = changed * (1 + 0.1 * torch.randn(n, 3, 1, 1)) + 0.08 * torch.randn(n, 1, 1, 1)
    changed = torch.where(some(0.12), changed.mean(1, keepdim=True), changed)
    soft = F.interpolate(F.avg_pool2d(changed, 2), scale_factor=2, mode="bilinear")
    softer = F.interpolate(F.avg_pool2d(changed, 4), scale_factor=4, mode="bilinear")
    changed = torch.where(some(0.2), torch.where(some(0.4), softer, soft), changed)
    changed = changed + some(0.3) * 0.03 * torch.rand(n, 1, 1, 1) * torch.randn_like(changed)
    return torch.where(some(COLOURED), changed.clamp(0, 1) * 2 - 1, images).contiguous(memory_format=torch.channels_last)
