"""What a flow step reads: latents with their captions' tokens and vectors, from memory."""

import numpy as np
import torch

from data import Split
from latents import FOLDER, Captions


class Portraits:
    """Latents [n,c,h,w], loss weights [n,h,w] and caption numbers [n,k] of the encoded shards."""

    def __init__(self, split: str):
        data, paths = Split(split), sorted(FOLDER.glob(f"{split}-??????.npy"))
        rows = [row for shard, _ in zip(data.shards, paths) for row in shard.rows]
        self.latents = torch.from_numpy(np.concatenate([np.load(p) for p in paths]))
        self.weights = torch.from_numpy(np.concatenate([np.load(p.with_suffix(".weights.npy")) for p in paths]))
        self.texts = [row["captions"] for row in rows] if split != "pairs" else [
            text for row in rows for text in (row["source_caption"], row["target_caption"])]
        if split == "pairs":
            self.latents, self.weights = self.latents.flatten(0, 1), self.weights.repeat_interleave(2, 0)
            self.texts = [[text] for text in self.texts]

    def number(self, captions: Captions) -> None:
        self.captions = torch.tensor([[captions.numbers[text] for text in row] for row in self.texts])


class Batches:
    """Random batches of the training portraits, a share of them from the counterfactual pairs."""

    def __init__(self, drop: float = 0.12, pairs: float = 0.2):
        self.drop, self.parts, self.share = drop, [Portraits("train")], pairs
        if any(FOLDER.glob("pairs-??????.npy")):
            self.parts.append(Portraits("pairs"))
        self.captions = Captions([text for part in self.parts for row in part.texts for text in row])
        for part in self.parts:
            part.number(self.captions)

    def draw(self, count: int):
        """(latents float [n,c,h,w], weights [n,h,w], token ids, pooled vectors)"""
        counts = [count] if len(self.parts) == 1 else [count - int(count * self.share), int(count * self.share)]
        found = []
        for part, n in zip(self.parts, counts):
            rows = torch.randint(len(part.latents), (n,))
            numbers = part.captions[rows, torch.randint(part.captions.shape[1], (n,))]
            found.append((part.latents[rows].float(), part.weights[rows].float(), numbers))
        latents, weights, numbers = (torch.cat(column) for column in zip(*found))
        numbers = torch.where(torch.rand(count) < self.drop, 0, numbers)
        return latents, weights, self.captions.ids[numbers], self.captions.pooled[numbers].float()
