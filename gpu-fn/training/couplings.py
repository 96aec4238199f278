"""What reflow reads: portraits, their counterfactuals, and the noise that the portraits come from."""

from dataclasses import dataclass

import numpy as np
import torch

from data import Split
from inversions import source_prompt
from latents import FOLDER, Captions

HELD = 200  # rows kept for validation
# Where the counterfactual differs, in deviations of the normalised latent, and how much more the error counts there:
# the more, the smaller the changed share of the picture is, so that brows weigh as much as hair.
CHANGED, STRESS, SHARE, MOST = 0.15, 6.0, 0.12, 4.0
# How often requests are drawn, beside 1: colours of large areas are learnt first, small shapes last.
EASY = {"hair_color", "black_hair", "brown_hair", "blond_hair", "gray_hair", "bald", "pale_skin", "tan_skin", "dark_skin", "sunglasses"}
HARD = {"arched_eyebrows", "bags_under_eyes", "bushy_eyebrows", "big_nose", "pointy_nose", "big_lips", "double_chin", "heavy_makeup",
        "wrinkles", "goatee", "mustache", "smile", "receding_hairline", "open_mouth"}
HARDEST = {"eyeglasses"}


def frequency(names: list[str]) -> float:
    """Of a request that changes these attributes."""
    weights = ((EASY, 0.35), (HARD, 1.6), (HARDEST, 4.0))
    return max(next((weight for part, weight in weights if name in part), 1.0) for name in names)


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


class Couplings:
    """Sources and what a request makes of them; `draw` mixes in portraits that are to stay as they are."""

    def __init__(self):
        data, paths = Split("edits"), sorted(FOLDER.glob("edits-??????.noise.npy"))
        rows = [row for shard, _ in zip(data.shards, paths) for row in shard.rows]
        self.noise = torch.from_numpy(np.concatenate([np.load(path) for path in paths]))
        self.latents = torch.from_numpy(np.concatenate(
            [np.load(path.with_suffix("").with_suffix(".npy")) for path in paths]))
        texts = [[source_prompt(row["attributes"]), *(edit["caption"] for edit in row["edits"])] for row in rows]
        self.captions = Captions([text for row in texts for text in row])
        self.numbers = torch.tensor([[self.captions.numbers[text] for text in row] for row in texts])
        self.frequencies = torch.tensor([frequency(edit["names"]) for row in rows[:-HELD] for edit in row["edits"]])

    def take(self, rows: torch.Tensor, columns: torch.Tensor) -> Batch:
        """Row's counterfactual `column` (from 1); column 0 is the source itself."""
        source, asked = self.latents[rows, 0].float(), self.latents[rows, columns].float()
        numbers = self.numbers[rows, columns]
        return Batch(source, asked, self.noise[rows].float(), stress(source, asked), self.captions.ids[numbers],
                     self.captions.pooled[numbers].float())

    def draw(self, edits: int, kept: int) -> Batch:
        """`edits` requests, then `kept` sources under their own prompt."""
        chosen, k = torch.multinomial(self.frequencies, edits, replacement=True), self.latents.shape[1] - 1
        rows = torch.cat([chosen // k, torch.randint(len(self.noise) - HELD, (kept,))])
        return self.take(rows, torch.cat([1 + chosen % k, torch.zeros(kept, dtype=torch.long)]))

    def held(self) -> Batch:
        """Validation: one counterfactual of each held row."""
        rows = torch.arange(len(self.noise) - HELD, len(self.noise))
        return self.take(rows, 1 + rows % (self.latents.shape[1] - 1))
