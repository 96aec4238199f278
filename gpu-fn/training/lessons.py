"""What the text tower learns from: facial descriptions with their teacher's vectors."""

import json

import numpy as np
import torch

import tokenizer as wordpiece
from parallel import RANK, agreed
from presets import SCRATCH
from teacher import Teacher
from vocabulary import phrases


def wordings(part: str) -> list[str]:
    described = json.loads((SCRATCH / "wordings.json").read_text())
    return [text for entry in described["wordings"] for text in entry[part]]


def captions() -> list[str]:
    path = SCRATCH / "captions.txt"
    return list(dict.fromkeys(path.read_text().splitlines())) if path.exists() else []


def attributes() -> list[str]:
    """What the training wordings say a person has: "rosy cheeks", "a beard"."""
    described = json.loads((SCRATCH / "wordings.json").read_text())["phrases"]
    texts = [text for region in described.values() for text in region["train"]]
    return [text.removeprefix("a person with ") for text in texts if text.startswith("a person with ")]


def lessons(count: int) -> list[str]:
    """Facial descriptions without the held-out wordings."""
    held = set(wordings("heldOut"))
    return [text for text in dict.fromkeys(wordings("train") + phrases(count, attributes())) if text not in held]


def in_context(tokens) -> list[str]:
    """Every whole word of the tokenizer, alone and said of a person."""
    words = [word for word in tokens.get_vocab() if word.isalpha() and len(word) > 2]
    return [form.format(word) for word in words for form in ("{}", "a person with {}", "a {} person")]


def taught(texts: list[str]) -> torch.Tensor:
    """The teacher's embeddings float16 [n,384], remembered in teacher.npz; the first process asks for all of them."""
    path, known = SCRATCH / "teacher.npz", {}
    if RANK:
        agreed(0)
    if path.exists():
        saved = np.load(path)
        known = dict(zip(saved["texts"].tolist(), saved["values"]))
    missing = [text for text in texts if text not in known]
    if missing:
        known.update(zip(missing, Teacher().embed(missing)))
        np.savez(path, texts=np.array(list(known)), values=np.stack(list(known.values())))
    if not RANK:
        agreed(0)
    return torch.from_numpy(np.stack([known[text] for text in texts]))


class Lessons:
    """Texts as token ids with their teacher's vectors; batches of similar length waste no padding."""

    def __init__(self, texts: list[str], target: torch.Tensor, tokens, batch: int):
        self.ids, self.target, self.batch = wordpiece.encode(tokens, texts), target, batch
        self.lengths = (self.ids != wordpiece.PAD).sum(1)
        self.pool: list[torch.Tensor] = []

    def draw(self) -> tuple[torch.Tensor, torch.Tensor]:
        """(ids [n,longest], vectors [n,d])"""
        if not self.pool:
            drawn = torch.randperm(len(self.ids))[: 32 * self.batch]
            pool = list(drawn[self.lengths[drawn].argsort()].split(self.batch))
            self.pool = [pool[i] for i in torch.randperm(len(pool))]
        rows = self.pool.pop()
        return self.ids[rows, : self.lengths[rows].max()], self.target[rows].float()
