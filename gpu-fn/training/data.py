"""Shards of portraits as memory-mapped arrays, growing while they are rendered (text2mask/) or cut from photos (photos/).

A shard is `shard-NNNNNN.images` (uint8 [n,128,128,3]), `.masks` (uint8 [n,18,32,32] coverage) and
`.jsonl`; the last is written when the shard is complete. Pairs hold two images a row, edits a portrait and its
counterfactuals; the masks are the first one's. Photos have a file name in place of seed, captions, attributes and
labels, and whatever size their dataset.json says.
"""

import json
from functools import cached_property
from pathlib import Path

import numpy as np
import torch

from presets import SCRATCH, preset


def described() -> dict:
    return json.loads((SCRATCH / "wordings.json").read_text())


REGIONS = described()["regions"]


def number_of(stem: Path) -> int:
    return int(stem.name.rpartition("-")[2])


class Shard:
    def __init__(self, stem: Path, each: int, size: int):
        self.number = number_of(stem)
        self.rows = [json.loads(line) for line in stem.with_suffix(".jsonl").read_text().splitlines()]
        shape = (len(self.rows), size, size, 3) if each == 1 else (len(self.rows), each, size, size, 3)
        self.images = np.memmap(stem.with_suffix(".images"), np.uint8, "r", shape=shape)
        masks = stem.with_suffix(".masks")
        self.masks = np.memmap(masks, np.uint8, "r").reshape(len(self.rows), len(REGIONS), -1)
        side = int(self.masks.shape[-1] ** 0.5)
        self.masks = self.masks.reshape(*self.masks.shape[:2], side, side)


class Split:
    """`train`, `val` (one image a row), `pairs` or `check` (two: without and with an attribute), `edits` (1 + k)."""

    def __init__(self, name: str):
        self.folder = SCRATCH / "data" / name
        about = self.folder / "dataset.json"
        self.about = json.loads(about.read_text()) if about.exists() else {}
        self.each = 2 if self.about.get("pairs") else 1 + self.about.get("variations", 0)
        self.size = self.about.get("size", preset()["size"])
        self.shards: list[Shard] = []
        self.refresh()

    def refresh(self) -> "Split":
        """Takes up the shards finished since the last look; one of photos without a face is empty."""
        stems = sorted(path.with_suffix("") for path in self.folder.glob("shard-*.jsonl") if path.stat().st_size)
        known = {shard.number for shard in self.shards}
        self.shards += [Shard(stem, self.each, self.size) for stem in stems if number_of(stem) not in known]
        self.starts = np.cumsum([0] + [len(shard.rows) for shard in self.shards])
        self.__dict__.pop("rows", None)
        return self

    def __len__(self) -> int:
        return int(self.starts[-1])

    @cached_property
    def rows(self) -> list[dict]:
        return [row for shard in self.shards for row in shard.rows]

    def _take(self, field: str, indices) -> np.ndarray:
        where = np.searchsorted(self.starts, indices, "right") - 1
        return np.stack([getattr(self.shards[s], field)[i - self.starts[s]] for s, i in zip(where, indices)])

    def images(self, indices) -> torch.Tensor:
        """uint8 [n,(2,)size,size,3]"""
        return torch.from_numpy(self._take("images", indices))

    def masks(self, indices) -> torch.Tensor:
        """Coverage 0..255, uint8 [n,regions,32,32]"""
        return torch.from_numpy(self._take("masks", indices))


def normalised(images: torch.Tensor) -> torch.Tensor:
    """uint8 [n,h,w,3] → [-1,1] float [n,3,h,w] in channels_last memory."""
    return (images.permute(0, 3, 1, 2).float() / 127.5 - 1).contiguous(memory_format=torch.channels_last)


def psnr(found: torch.Tensor, truth: torch.Tensor, weight: torch.Tensor | None = None) -> torch.Tensor:
    """dB for each of n images in [-1,1]; `weight` [n,1,h,w] restricts it to a region."""
    error = (found.clamp(-1, 1) - truth).float().square().mean(1, keepdim=True)
    mean = error.mean((1, 2, 3)) if weight is None else (error * weight).sum((1, 2, 3)) / weight.sum((1, 2, 3)).clamp(min=1e-6)
    return 10 * torch.log10(4 / mean.clamp(min=1e-10))
