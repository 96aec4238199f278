"""Distils MiniLM's sentence embeddings into the CLIP-architecture tower: python distil_text.py

Writes tokenizer.json, token_features.npy (each token as MiniLM understands it) and ckpt/clip.pt.
"""

import json

import numpy as np
import torch
import torch.nn.functional as F

import tokenizer as wordpiece
from clip_tower import ClipTextTower, embed
from presets import SCRATCH, preset
from run import Run
from teacher import Teacher, files
from vocabulary import phrases

SCALE = 384 ** 0.5  # text_embeds have about unit variance per channel: fit for PASL's projector


def wordings(part: str) -> list[str]:
    described = json.loads((SCRATCH / "wordings.json").read_text())
    return [text for entry in described["wordings"] for text in entry[part]]


def captions() -> list[str]:
    path = SCRATCH / "captions.txt"
    return list(dict.fromkeys(path.read_text().splitlines())) if path.exists() else []


def lessons(count: int) -> list[str]:
    """Facial descriptions without the held-out wordings."""
    held = set(wordings("heldOut"))
    return [text for text in dict.fromkeys(wordings("train") + phrases(count)) if text not in held]


def vocabulary(size: int, length: int):
    """The pruned tokenizer and each token's MiniLM embedding, made once."""
    path, features = SCRATCH / "tokenizer.json", SCRATCH / "token_features.npy"
    if not features.exists():
        described, full_ids = wordpiece.prune(
            files()[1], lessons(20000) + wordings("heldOut") + captions(), size, length)
        path.write_text(json.dumps(described))
        np.save(features, Teacher().embed_tokens(full_ids).astype(np.float32))
    return wordpiece.load(path), np.load(features)


def principal(features: np.ndarray, width: int) -> torch.Tensor:
    """The first `width` principal components, unit variance in all."""
    centred = torch.from_numpy(features) - torch.from_numpy(features).mean(0)
    u, s, _ = torch.linalg.svd(centred, full_matrices=False)
    reduced = u[:, :width] * s[:width]
    return reduced / reduced.std()


def taught(texts: list[str]) -> torch.Tensor:
    """The teacher's embeddings, remembered in teacher.npz between runs."""
    path = SCRATCH / "teacher.npz"
    known = {}
    if path.exists():
        saved = np.load(path)
        known = dict(zip(saved["texts"].tolist(), saved["values"]))
    missing = [text for text in texts if text not in known]
    if missing:
        known.update(zip(missing, Teacher().embed(missing)))
        np.savez(path, texts=np.array(list(known)), values=np.stack(list(known.values())))
    return torch.from_numpy(np.stack([known[text] for text in texts]))


def build(tokens: int) -> ClipTextTower:
    shape = preset()["clip"]
    return ClipTextTower(tokens, preset()["text"]["length"], shape["width"], shape["layers"], shape["heads"])


def load() -> tuple[ClipTextTower, object]:
    """(the frozen tower, its tokenizer)."""
    tokens = wordpiece.load(SCRATCH / "tokenizer.json")
    tower = build(tokens.get_vocab_size()).eval().requires_grad_(False)
    tower.load_state_dict(torch.load(SCRATCH / "ckpt/clip.pt", weights_only=False)["tower"])
    return tower, tokens


def agreement(tower: ClipTextTower, tokens, texts: list[str], target: torch.Tensor) -> float:
    """Mean cosine to the teacher after removing the texts' common mean: 1 is the teacher itself."""
    tower.eval()
    found = embed(tower, wordpiece.encode(tokens, texts))[1]
    target = target.float()
    score = F.cosine_similarity(found - found.mean(0), target - target.mean(0)).mean().item()
    tower.train()
    return score


def main() -> None:
    torch.manual_seed(0)
    size, shape = preset()["text"], preset()["clip"]
    tokens, features = vocabulary(size["vocabulary"], size["length"])
    tower = build(tokens.get_vocab_size())
    with torch.no_grad():
        tower.text_model.embeddings.token_embedding.weight.copy_(principal(features, shape["width"]))
    words = [word for word in tokens.get_vocab() if word.isalpha() and len(word) > 2]
    texts = list(dict.fromkeys(lessons(60000 if shape["minutes"] > 1 else 3000) + captions()[:60000] + words))
    target, held = taught(texts), wordings("heldOut")
    held_target = taught(held)
    ids = wordpiece.encode(tokens, texts)
    lengths = (ids != wordpiece.PAD).sum(1)
    run = Run("clip", shape["minutes"], shape["batch"])
    optimizer = torch.optim.AdamW(tower.parameters(), lr=shape["lr"], weight_decay=0.01, betas=(0.9, 0.98), fused=True)
    run.track(tower=tower, optimizer=optimizer)
    pool: list[torch.Tensor] = []
    for step in run:
        if not pool:  # batches of similar length waste no padding
            drawn = torch.randperm(len(ids))[: 32 * shape["batch"]]
            pool = list(drawn[lengths[drawn].argsort()].split(shape["batch"]))
            pool = [pool[i] for i in torch.randperm(len(pool))]
        rows = pool.pop()
        for group in optimizer.param_groups:
            group["lr"] = run.rate(shape["lr"])
        with torch.autocast("cpu", torch.bfloat16):
            found = tower(ids[rows, : lengths[rows].max()])[1]
        loss = F.mse_loss(found.float(), target[rows].float() * SCALE)
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(tower.parameters(), 1.0)
        optimizer.step()
        run.report(loss=loss)
        if step % 500 == 499:
            run.flush(held_out=agreement(tower, tokens, held, held_target))
    run.flush(held_out=agreement(tower, tokens, held, held_target),
              known=agreement(tower, tokens, texts[:2000], target[:2000]))


if __name__ == "__main__":
    main()
