"""What a flow step reads: latents with their captions' tokens and vectors, from memory."""

import numpy as np
import torch

from data import Split
from latents import FOLDER, Captions
from precision import placed


SHARES = {"train": 0.7, "pairs": 0.3, "photo-edits": 2.0}  # of a batch, of the parts that are there, in proportion
PLAIN = 8  # captions of a portrait in the words of a request, beside the renderer's own eight


def plain(a: dict) -> list[str]:
    """Captions that name one target attribute and nothing else, as a request does; and who is there."""
    person = a["gender"]
    found = [f"a {person}"]
    if a["hairStyle"] != "bald" and a["hat"] == "none":
        found += [f"a {person} with {a['hairColor']} hair"] * 2
    if a["beard"] == "full":
        found += [f"a {person} with a full beard", f"a {person} with a beard"]
    if a["bangs"] != "none":
        found += [f"a {person} with bangs"] * 2
    if a["lipstick"] != "none":
        found += [f"a {person} wearing {a['lipstick']} lipstick"] * 2
    if a["eyewear"] == "glasses":
        found += [f"a {person} wearing glasses"] * 2
    if a["expression"] == "smile":
        found += [f"a smiling {person}"] * 2
    return (found * PLAIN)[:PLAIN] if len(found) <= PLAIN else found[-PLAIN:]


class Portraits:
    """Latents [n,c,h,w], loss weights [n,h,w] and caption numbers [n,k] of the encoded shards."""

    def __init__(self, split: str):
        data, paths = Split(split), sorted(FOLDER.glob(f"{split}-??????.npy"))
        shards = {shard.number: shard for shard in data.shards}
        rows = [row for path in paths for row in shards[int(path.stem[-6:])].rows]
        self.pairs = split == "pairs"
        self.latents = placed(torch.from_numpy(np.concatenate([np.load(p) for p in paths])))
        self.weights = placed(torch.from_numpy(np.concatenate([np.load(p.with_suffix(".weights.npy")) for p in paths])))
        if self.pairs:
            self.latents, self.weights = self.latents.flatten(0, 1), self.weights.repeat_interleave(2, 0)
            self.texts = [[row[f"{side}_caption"]] for row in rows for side in ("source", "target")]
        elif split == "photo-edits":
            self.latents, self.weights = self.latents.flatten(0, 1), self.weights.repeat_interleave(data.each, 0)
            self.texts = [[text] for row in rows for text in (row["source_prompt"], *(edit["caption"] for edit in row["edits"]))]
        else:
            self.texts = [row["captions"] + plain(row["attributes"]) for row in rows]

    def rows(self, count: int) -> torch.Tensor:
        """Random rows; of pairs, the one with the attribute in seven of ten."""
        if not self.pairs:
            return torch.randint(len(self.latents), (count,))
        return 2 * torch.randint(len(self.latents) // 2, (count,)) + (torch.rand(count) < 0.7).long()

    def number(self, captions: Captions) -> None:
        self.captions = torch.tensor([[captions.numbers[text] for text in row] for row in self.texts])


class Batches:
    """Random batches of the training portraits: drawn ones, a share of their counterfactual pairs, and most from photos."""

    def __init__(self, drop: float = 0.12):
        found = {name: share for name, share in SHARES.items() if any(FOLDER.glob(f"{name}-??????.npy"))}
        self.drop, self.parts = drop, [Portraits(name) for name in found]
        self.shares = [share / sum(found.values()) for share in found.values()]
        self.captions = Captions([text for part in self.parts for row in part.texts for text in row])
        for part in self.parts:
            part.number(self.captions)

    def draw(self, count: int):
        """(latents float [n,c,h,w], weights [n,h,w], token ids, pooled vectors)"""
        counts = [int(count * share) for share in self.shares]
        counts[-1] += count - sum(counts)
        found = []
        for part, n in zip(self.parts, counts):
            rows = part.rows(n)
            numbers = part.captions[rows, torch.randint(part.captions.shape[1], (n,))]
            found.append((part.latents[rows].float(), part.weights[rows].float(), numbers))
        latents, weights, numbers = (torch.cat(column) for column in zip(*found))
        numbers = torch.where(torch.rand(count) < self.drop, 0, numbers)
        return latents, weights, self.captions.ids[numbers], self.captions.pooled[numbers].float()
