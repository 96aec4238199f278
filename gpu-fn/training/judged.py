"""Portraits that the benchmark's judge learns from and is tried on, raw and through the autoencoder, with what they show."""

import json

import numpy as np
import torch
import torch.nn.functional as F

from attribute_labels import labels, photo_labels
from data import Split, normalised
from latents import FOLDER, autoencoder
from parallel import RANK, WORLD, agreed
from precision import autocast
from presets import SCRATCH, preset

Answers = tuple[torch.Tensor, torch.Tensor]  # yes 1, no 0, unseen −1: float [n, attributes]; hair class [n]


def through_autoencoder(images: torch.Tensor) -> torch.Tensor:
    """uint8 [n,size,size,3] as the model's autoencoder gives them back."""
    model, found = autoencoder(), []
    with torch.no_grad(), autocast():
        for part in images.split(32):
            pictures = model.decode(model.encode(normalised(part))).float().clamp(-1, 1)
            found.append(((pictures + 1) * 127.5).round().byte().permute(0, 2, 3, 1))
    return torch.cat(found)


class Renders:
    """The portraits of a split one after the other, counterfactuals included, and what they show."""

    def __init__(self, split: str):
        self.split, self.data = split, Split(split)
        self.portraits = [a for row in self.data.rows for a in self.shown(row)]

    def shown(self, row: dict) -> list[dict]:
        return [row["attributes"], *(edit["attributes"] for edit in row.get("edits", []))]

    def __len__(self) -> int:
        return len(self.portraits)

    def answers(self) -> Answers:
        return labels(self.portraits)

    def images(self, numbers: np.ndarray) -> torch.Tensor:
        """uint8 [n,size,size,3]"""
        rows = self.data.images(numbers // self.data.each)
        return rows if self.data.each == 1 else rows[torch.arange(len(numbers)), torch.from_numpy(numbers % self.data.each)]

    def decoded(self, count: int) -> torch.Tensor:
        """The first `count` of them as the autoencoder gives them back, uint8; made once, by all processes."""
        path = FOLDER / f"decoded-{self.split}-{count}.npy"
        if not path.exists():
            mine = torch.arange(min(count, len(self))).chunk(WORLD)[RANK].numpy()
            np.save(path.with_suffix(f".part{RANK}.npy"), through_autoencoder(self.images(mine)).numpy())
            agreed(0)
            if not RANK:
                np.save(path, np.concatenate([np.load(path.with_suffix(f".part{r}.npy")) for r in range(WORLD)]))
        agreed(0)
        return torch.from_numpy(np.load(path))


class Photos(Renders):
    """The photos of a split and what filters drew on them."""

    def shown(self, row: dict) -> list[dict]:
        return [row] * self.data.each

    def answers(self) -> Answers:
        found = [photo_labels(row) for row in self.data.rows]
        return tuple(torch.cat(parts) for parts in zip(*found))


class Pairs(Photos):
    """Photos and the same with one attribute drawn: `photo-check` (photos/filters/build.py)."""

    def answers(self) -> Answers:
        found = [photo_labels({"edits": [{"names": [row["attribute"]]}]}) for row in self.data.rows]
        return tuple(torch.cat(parts) for parts in zip(*found))


def test_photos() -> tuple[torch.Tensor, Answers] | None:
    """(uint8 [2n,size,size,3], answers): the benchmark's test photos and their counterfactuals (photos/filters/truths.py),
    where it has drawn them. Nothing is learnt or chosen by them."""
    size, pictures, answers = preset()["size"], [], []
    for path in sorted(SCRATCH.glob("counterfactuals/*-test/shard-*.jsonl")):
        side = json.loads((path.parent / "dataset.json").read_text())["size"]
        rows = [json.loads(line) for line in path.read_text().splitlines()]
        seen = np.fromfile(path.with_suffix(".images"), np.uint8).reshape(len(rows), 2, side, side, 3)
        for row, pair in zip(rows, seen):
            if len(row["edits"]) == 1:
                pictures.append(torch.from_numpy(pair))
                answers.append(photo_labels({"edits": [{"names": [row["edits"][0]["name"]]}]}))
    if not pictures:
        return None
    found = F.interpolate(torch.cat(pictures).permute(0, 3, 1, 2).float(), (size, size), mode="area")
    return found.round().byte().permute(0, 2, 3, 1), tuple(torch.cat(parts) for parts in zip(*answers))
