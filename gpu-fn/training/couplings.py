"""What reflow reads: portraits, their counterfactuals, and the noise that the portraits come from."""

from dataclasses import dataclass, fields

import numpy as np
import torch

from data import Split
from inversions import EDITS, source_prompt
from latents import FOLDER, Captions
from precision import placed

HELD = 200  # drawn rows kept for validation, the last ones; photos have a split of their own for it
DRAWN = 0.3  # share of the drawings in a batch, where there are photos
# Where the counterfactual differs, in deviations of the normalised latent, and how much more the error counts there:
# the more, the smaller the changed share of the picture is, so that brows weigh as much as hair.
CHANGED, STRESS, SHARE, MOST = 0.15, 6.0, 0.12, 4.0
# How often requests are drawn, by what they change: colours of large areas are learnt first, small shapes last. What no
# group names has 1.
GROUPS = (
    ({"bald", "pale_skin", "tan_skin", "dark_skin", "sunglasses"}, 0.3),
    ({"arched_eyebrows", "bushy_eyebrows", "big_nose", "pointy_nose", "big_lips", "double_chin", "wrinkles",
      "receding_hairline", "open_mouth", "big_eyes", "blue_eyes", "green_eyes", "brown_eyes"}, 1.4),
    ({"black_hair", "blond_hair", "gray_hair", "pink_hair", "beard", "dark_lipstick"}, 2.5),
    ({"brown_hair", "red_hair", "mustache", "red_lipstick", "pink_lipstick", "eyeglasses", "no_eyeglasses",
      "bags_under_eyes"}, 3.5),
    ({"heavy_makeup", "smile", "goatee", "stubble"}, 5.0),
)


def frequency(names: list[str]) -> float:
    """Of a request that changes these attributes: of several, what the last group that has one says."""
    return next((weight for group, weight in reversed(GROUPS) if group.intersection(names)), 1.0)


def stress(source: torch.Tensor, asked: torch.Tensor) -> torch.Tensor:
    """Weights [n,h,w] of the error: 1 where nothing changes."""
    changed = ((asked - source).abs().amax(1) > CHANGED).float()
    share = changed.mean((1, 2), keepdim=True)
    return 1 + STRESS * (SHARE / share.clamp(min=1e-6)).clamp(1, MOST) * changed


@dataclass
class Batch:
    """Latents [n,c,h,w] of sources, of what is asked for, and the sources' noise; weights [n,h,w]; text."""

    source: torch.Tensor
    asked: torch.Tensor
    noise: torch.Tensor
    weights: torch.Tensor
    ids: torch.Tensor
    pooled: torch.Tensor

    def rows(self, which: torch.Tensor) -> "Batch":
        return Batch(*(getattr(self, field.name)[which] for field in fields(self)))


class Couplings:
    """Sources and what a request makes of them; `draw` mixes in portraits that are to stay as they are."""

    def __init__(self):
        parts = [part for part in map(rows_with_noise, EDITS) if part]
        rows = [row for part in parts for row in part.rows]
        self.noise = placed(torch.from_numpy(np.concatenate([part.noise for part in parts])))
        self.latents = placed(torch.from_numpy(np.concatenate([part.latents for part in parts])))
        texts = [[source_prompt(row), *(edit["caption"] for edit in row["edits"])] for row in rows]
        self.captions = Captions([text for row in texts for text in row])
        self.numbers = torch.tensor([[self.captions.numbers[text] for text in row] for row in texts])
        self.held_rows = torch.tensor([held for part in parts for held in part.held])
        self.names = [[edit["names"] for edit in row["edits"]] for row in rows]
        weights = torch.tensor([[frequency(names) for names in row] for row in self.names])
        weights[self.held_rows] = 0
        drawn = self.drawn = torch.tensor([part.drawn for part in parts for _ in part.rows])
        if drawn.any() and not drawn.all():
            weights[drawn] *= DRAWN / weights[drawn].sum()
            weights[~drawn] *= (1 - DRAWN) / weights[~drawn].sum()
        self.weights = weights

    def take(self, rows: torch.Tensor, columns: torch.Tensor) -> Batch:
        """Row's counterfactual `column` (from 1); column 0 is the source itself."""
        source, asked = self.latents[rows, 0].float(), self.latents[rows, columns].float()
        numbers = self.numbers[rows, columns]
        return Batch(source, asked, self.noise[rows].float(), stress(source, asked), self.captions.ids[numbers],
                     self.captions.pooled[numbers].float())

    def draw(self, edits: int, kept: int) -> Batch:
        """`edits` requests, then `kept` sources under their own prompt."""
        k = self.weights.shape[1]
        chosen = torch.multinomial(self.weights.flatten(), edits, replacement=True)
        stay = torch.multinomial(self.weights.sum(1), kept, replacement=True)
        return self.take(torch.cat([chosen // k, stay]), torch.cat([1 + chosen % k, torch.zeros(kept, dtype=torch.long)]))

    def held(self) -> dict[str, torch.Tensor]:
        """Rows for validation: drawings (val) and photos."""
        rows = self.held_rows.nonzero()[:, 0]
        parts = {"val": rows[self.drawn[rows]], "photos": rows[~self.drawn[rows]]}
        return {name: found for name, found in parts.items() if len(found)}


@dataclass
class Part:
    """The rows of one split with their latents [n,1+k,c,h,w] and noise [n,c,h,w]; which are held for validation."""

    rows: list[dict]
    latents: np.ndarray
    noise: np.ndarray
    held: list[bool]
    drawn: bool


def rows_with_noise(split: str) -> Part | None:
    """What is inverted of a split so far."""
    paths = sorted(FOLDER.glob(f"{split}-??????.noise.npy"))
    if not paths:
        return None
    shards = {shard.number: shard for shard in Split(split).shards}
    rows = [row for path in paths for row in shards[int(path.name.split(".")[0][-6:])].rows]
    latents = np.concatenate([np.load(path.with_suffix("").with_suffix(".npy")) for path in paths])
    drawn = split == "edits"
    first = len(rows) - min(HELD, len(rows) // 10) if drawn else 0 if split == "photo-held" else len(rows)
    return Part(rows, latents, np.concatenate([np.load(path) for path in paths]), [i >= first for i in range(len(rows))], drawn)
