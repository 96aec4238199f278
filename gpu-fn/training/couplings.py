"""What reflow reads: portraits, their counterfactuals, and the noise that the portraits come from."""

from dataclasses import dataclass

import numpy as np
import torch

from data import Split
from inversions import source_prompt
from latents import FOLDER, Captions

HELD = 200  # rows kept for validation
# Where the counterfactual differs, in deviations of the normalised latent, and how much more the error counts there.
CHANGED, STRESS = 0.15, 6.0


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
        self.names = [[edit["names"] for edit in row["edits"]] for row in rows]

    def take(self, rows: torch.Tensor, columns: torch.Tensor) -> Batch:
        """Row's counterfactual `column` (from 1); column 0 is the source itself."""
        source, asked = self.latents[rows, 0].float(), self.latents[rows, columns].float()
        weights = 1 + STRESS * ((asked - source).abs().amax(1) > CHANGED).float()
        numbers = self.numbers[rows, columns]
        return Batch(source, asked, self.noise[rows].float(), weights, self.captions.ids[numbers],
                     self.captions.pooled[numbers].float())

    def draw(self, edits: int, kept: int) -> Batch:
        """`edits` requests, then `kept` sources under their own prompt."""
        rows = torch.randint(len(self.noise) - HELD, (edits + kept,))
        columns = torch.cat([torch.randint(1, self.latents.shape[1], (edits,)), torch.zeros(kept, dtype=torch.long)])
        return self.take(rows, columns)

    def held(self) -> Batch:
        """Validation: one counterfactual of each held row."""
        rows = torch.arange(len(self.noise) - HELD, len(self.noise))
        return self.take(rows, 1 + rows % (self.latents.shape[1] - 1))
