"""The vectors that PASL knows texts by: the embedded tower's, or a file's: python prompt_vectors.py > texts.json

The paper's text encoder is AlphaCLIP's, which is CLIP ViT-L/14's text tower with its projection (docs/algorithm.md §6). No
package ships those weights. Who has them writes the vectors of the texts that this prints to a file and names it in
PASL_TEXTS: text_embeds [n,768] as the encoder returns them, not normalised. Without the file PASL reads the embedded
tower's, 384 wide: image encoder, losses and schedule are the paper's all the same, but the projector's first layer is
narrower, it understands the words of the facial vocabulary, and FLUX.1-dev's own tower does not fit it.

A .npz holds `texts` (strings [n]) and `values` (float [n,d]); a .safetensors `values`, and the texts as a JSON list in
its metadata under `texts`.
"""

import json
import os
from pathlib import Path

import numpy as np
import torch
from safetensors import safe_open

import distil_text
import tokenizer as wordpiece
from clip_tower import embed
from data import REGIONS, Split, described
from lessons import taught, wordings
from paraphrases import Paraphrases

EMBEDDED = 384  # width of the embedded tower's text_embeds


def features(tower, tokens, texts: list[str]) -> torch.Tensor:
    """The tower's text_embeds [n,384]."""
    return embed(tower, wordpiece.encode(tokens, texts))[1]


def prompts(part: str) -> list[list[str]]:
    """Wordings of each region; for training also the requests of counterfactuals with one attribute."""
    found = {entry["region"]: list(entry[part]) for entry in described()["wordings"]}
    if part == "train":
        held = set(wordings("heldOut"))
        asked = [(row["region"], row["target_caption"]) for row in Split("pairs").rows]
        asked += [(edit["regions"][0], edit["caption"])
                  for row in Split("edits").rows for edit in row["edits"] if len(edit["regions"]) == 1]
        for region, text in asked:
            if text not in held and text.rstrip(".") not in held:
                found[region].append(text)
    return [list(dict.fromkeys(found[region])) for region in REGIONS]


class Plain:
    """Texts as they are, one drawn for each mask, as in the paper: vectors [n_r,d] of each region."""

    def __init__(self, vectors: list[torch.Tensor]):
        self.vectors = vectors

    def draw(self, images: int, each: int) -> torch.Tensor:
        """[images, regions·each, d], a region's texts side by side."""
        return torch.cat([v[torch.randint(len(v), (images, each))] for v in self.vectors], 1)


class Tower:
    """The embedded tower."""

    width = EMBEDDED

    def __init__(self):
        self.tower, self.tokens = distil_text.load()

    def __call__(self, texts: list[str]) -> torch.Tensor:
        return features(self.tower, self.tokens, texts)

    def lessons(self) -> Paraphrases:
        """What training draws from: varied, so that words nobody trained land near."""
        known = prompts("train")
        teacher = taught([text for texts in known for text in texts]).float() * distil_text.SCALE
        return Paraphrases([self(texts) for texts in known], list(teacher.split([len(texts) for texts in known])))


class VectorFile:
    """The vectors of a file."""

    def __init__(self, path: Path):
        self.path = path
        if path.suffix == ".npz":
            saved = np.load(path)
            texts, values = saved["texts"].tolist(), torch.from_numpy(saved["values"])
        elif path.suffix == ".safetensors":
            with safe_open(path, "pt") as saved:
                texts, values = json.loads((saved.metadata() or {}).get("texts", "[]")), saved.get_tensor("values")
        else:
            raise ValueError(f"{path}: text vectors must be .npz or .safetensors")
        if values.ndim != 2 or len(texts) != len(values):
            raise ValueError(f"{path}: {len(texts)} texts, values {list(values.shape)}")
        if (values.float().norm(dim=1) - 1).abs().max() < 1e-2:
            raise ValueError(f"{path}: its vectors are normalised; PASL needs text_embeds as the encoder returns them")
        self.values, self.width = values.float(), values.shape[1]
        self.rows = {text: row for row, text in enumerate(texts)}

    def __call__(self, texts: list[str]) -> torch.Tensor:
        missing = [text for text in texts if text not in self.rows]
        if missing:
            raise ValueError(f"{self.path} lacks {len(missing)} texts, such as {missing[0]!r}: python prompt_vectors.py")
        return self.values[[self.rows[text] for text in texts]]

    def lessons(self) -> Plain:
        return Plain([self(texts) for texts in prompts("train")])


def source() -> Tower | VectorFile:
    """Where this run's vectors come from: the file that PASL_TEXTS names, or else the embedded tower."""
    path = os.environ.get("PASL_TEXTS")
    return VectorFile(Path(path)) if path else Tower()


if __name__ == "__main__":
    every = [text for part in ("train", "heldOut") for texts in prompts(part) for text in texts]
    print(json.dumps(list(dict.fromkeys(every))))
