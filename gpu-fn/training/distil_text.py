"""Distils MiniLM's sentence embeddings into the CLIP-architecture tower: torchrun --nproc-per-node 2 distil_text.py

Writes tokenizer.json, token_features.npy (each token as MiniLM understands it) and ckpt/clip.pt. Where restore.py
brought back a tower (ckpt/clip_before.pt), it trains on from it under the same tokenizer and keeps its pooled vectors
of captions, so that a flow trained with them stays right.
"""

import json

import numpy as np
import torch
import torch.nn.functional as F

import tokenizer as wordpiece
from clip_tower import ClipTextTower, embed
from lessons import Lessons, captions, in_context, lessons, taught, wordings
from parallel import RANK, average_gradients, start
from precision import autocast
from presets import SCRATCH, preset
from run import Run
from teacher import Teacher, files

SCALE = 384 ** 0.5  # text_embeds have about unit variance per channel: fit for PASL's projector


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


def build(tokens: int) -> ClipTextTower:
    shape = preset()["clip"]
    return ClipTextTower(tokens, preset()["text"]["length"], shape["width"], shape["layers"], shape["heads"])


def load() -> tuple[ClipTextTower, object]:
    """(the frozen tower, its tokenizer)."""
    tokens = wordpiece.load(SCRATCH / "tokenizer.json")
    tower = build(tokens.get_vocab_size()).eval().requires_grad_(False)
    tower.load_state_dict(torch.load(SCRATCH / "ckpt/clip.pt", weights_only=False, map_location="cpu")["tower"])
    return tower, tokens


def agreement(tower: ClipTextTower, tokens, texts: list[str], target: torch.Tensor) -> float:
    """Mean cosine to the teacher after removing the texts' common mean: 1 is the teacher itself."""
    tower.eval()
    found = embed(tower, wordpiece.encode(tokens, texts))[1]
    target = target.float()
    score = F.cosine_similarity(found - found.mean(0), target - target.mean(0)).mean().item()
    tower.train()
    return score


def likeness(vectors: torch.Tensor) -> torch.Tensor:
    """Cosines between all pairs of a batch, around its mean: [n,d] → [n,n]."""
    unit = F.normalize(vectors - vectors.mean(0), dim=1)
    return unit @ unit.T


def kept(tokens, batch: int) -> Lessons | None:
    """Captions with the pooled vectors of the tower that came before."""
    path = SCRATCH / "ckpt/clip_before.pt"
    if not path.exists():
        return None
    before = build(tokens.get_vocab_size()).eval().requires_grad_(False)
    before.load_state_dict(torch.load(path, weights_only=False)["tower"])
    texts = captions()[:30000]
    return Lessons(texts, embed(before, wordpiece.encode(tokens, texts))[0], tokens, batch)


def main() -> None:
    start()
    torch.manual_seed(0)
    size, shape = preset()["text"], preset()["clip"]
    if (SCRATCH / "ckpt/clip_before.pt").exists():
        tokens = wordpiece.load(SCRATCH / "tokenizer.json")
        tower = build(tokens.get_vocab_size())
    else:
        tokens, features = vocabulary(size["vocabulary"], size["length"])
        tower = build(tokens.get_vocab_size())
        with torch.no_grad():
            tower.text_model.embeddings.token_embedding.weight.copy_(principal(features, shape["width"]))
    held = wordings("heldOut")
    texts = [text for text in dict.fromkeys(
        lessons(60000 if shape["minutes"] > 1 else 3000) + captions()[:20000] + in_context(tokens)) if text not in held]
    target, held_target = taught(texts), taught(held)
    run = Run("clip", shape["minutes"], shape["batch"])
    learnt, before = Lessons(texts, target, tokens, run.share), kept(tokens, run.share // 4)
    optimizer = torch.optim.AdamW(tower.parameters(), lr=shape["lr"], weight_decay=0.01, betas=(0.9, 0.98), fused=True)
    run.track(tower=tower, optimizer=optimizer)
    for step in run:
        for group in optimizer.param_groups:
            group["lr"] = run.rate(shape["lr"])
        ids, vectors = learnt.draw()
        with autocast():
            found = tower(ids)[1]
        error = F.mse_loss(found.float(), vectors * SCALE)
        structure = F.mse_loss(likeness(found.float()), likeness(vectors))
        loss = error + structure
        if before:
            ids, vectors = before.draw()
            with autocast():
                pooled = tower(ids)[0]
            loss = loss + F.mse_loss(pooled.float(), vectors)
        optimizer.zero_grad()
        loss.backward()
        average_gradients(tower)
        torch.nn.utils.clip_grad_norm_(tower.parameters(), 1.0)
        optimizer.step()
        run.report(loss=loss, error=error, structure=structure, drift=loss - error - structure)
        if step % 500 == 499 and RANK == 0:
            run.flush(held_out=agreement(tower, tokens, held, held_target))
    run.flush(held_out=agreement(tower, tokens, held, held_target),
              known=agreement(tower, tokens, texts[:2000], target[:2000]))


if __name__ == "__main__":
    main()
