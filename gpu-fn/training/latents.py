"""Everything the flow reads, computed once: latents, captions as tokens and vectors, loss weights.

torchrun --nproc-per-node 2 latents.py [shards] — resumable shard by shard; later shards are taken up by running it again.
"""

import hashlib
import sys

import numpy as np
import torch
from tqdm import tqdm

import distil_text
import tokenizer as wordpiece
from autoencoder import AutoEncoder
from clip_tower import embed
from data import REGIONS, Shard, Split, normalised
from parallel import RANK, WORLD, agreed, start
from precision import autocast, placed, use_accelerator
from presets import SCRATCH

FOLDER = SCRATCH / "latents"
PHOTOS = ("photo-held", "photo-edits")  # of photos/filters/build.py, where they are there
# Where the error counts more: the face, and most where the target attributes are small.
WEIGHTS = {"skin": 1.0, "lips": 2.0, "mouth": 1.0, "eyes": 0.7, "eyeglasses": 0.7, "beard": 0.7, "hairline": 0.5, "hair": 0.3}


def autoencoder() -> AutoEncoder:
    """The trained autoencoder: averaged weights and the latents' statistics."""
    model = AutoEncoder().to(memory_format=torch.channels_last).eval().requires_grad_(False)
    model.load_state_dict(torch.load(SCRATCH / "ckpt/ae.pt", weights_only=True, map_location="cpu"))
    return model


@torch.no_grad()
def finish(model: AutoEncoder, count: int = 512) -> None:
    """Writes the averaged autoencoder to ckpt/ae.pt with its latents' mean and deviation: measured once, and kept when
    the autoencoder is trained on, for a flow that knows them."""
    model.load_state_dict(torch.load(SCRATCH / "ckpt/autoencoder.pt", weights_only=False, map_location="cpu")["average"]["values"])
    if (model.latent_std == 1).all():
        seen = [split.images(np.arange(min(count, len(split)))) for split in map(Split, ("train", "photo-edits")) if len(split)]
        portraits = torch.cat([images.flatten(0, -4) for images in seen])
        means = torch.cat([model.moments(normalised(placed(x)))[0] for x in portraits.split(32)])
        model.latent_mean.copy_(means.mean((0, 2, 3)))
        model.latent_std.copy_(means.std((0, 2, 3)))
    torch.save(model.state_dict(), SCRATCH / "ckpt/ae.pt")


@torch.no_grad()
def encoded(model: AutoEncoder, shard: Shard) -> np.ndarray:
    """Normalised latents float16 [n,c,h,w] (pairs: [n,2,c,h,w], edits: [n,1+k,c,h,w])."""
    images = torch.from_numpy(shard.images[:]).flatten(0, -4)  # pairs and edits have several portraits a row
    with autocast():
        found = torch.cat([model.encode(normalised(placed(x))).float().cpu() for x in images.split(32)])
    return found.half().numpy().reshape(*shard.images.shape[:-3], *found.shape[1:])


def weights(shard: Shard) -> np.ndarray:
    """Loss weight of each latent pixel, float16 [n,h,w], mean 1."""
    covered = shard.masks[:].astype(np.float32) / 255
    found = 1 + sum(w * covered[:, REGIONS.index(name)] for name, w in WEIGHTS.items())
    return (found / found.mean((1, 2), keepdims=True)).astype(np.float16)


def prepare(name: str, limit: int = 10**9) -> None:
    model, data = autoencoder(), Split(name)
    FOLDER.mkdir(exist_ok=True)
    for index, shard in enumerate(tqdm(data.shards[:limit], desc=name)):
        path = FOLDER / f"{name}-{shard.number:06d}"
        if index % WORLD == RANK and not path.with_suffix(".npy").exists():
            np.save(path.with_suffix(".weights.npy"), weights(shard))
            found = encoded(model, shard)
            draft = path.with_suffix(".draft.npy")
            np.save(draft, found)
            draft.replace(path.with_suffix(".npy"))


class Captions:
    """Unique captions as token ids int64 [n,length] and frozen CLIP vectors [n,width]; "" is number 0."""

    def __init__(self, texts: list[str]):
        unique = list(dict.fromkeys(["", *texts]))
        self.numbers = {text: i for i, text in enumerate(unique)}
        path = FOLDER / f"captions-{hashlib.sha256(chr(10).join(unique).encode()).hexdigest()[:12]}.pt"
        if not RANK and not path.exists():
            tower, tokens = distil_text.load()
            ids = wordpiece.encode(tokens, unique)
            with autocast():
                torch.save((ids.cpu(), embed(tower, ids)[0].half().cpu()), path)
        start()
        agreed(0)
        self.ids, self.pooled = map(placed, torch.load(path))


if __name__ == "__main__":
    start()
    use_accelerator()
    if not RANK and not (SCRATCH / "ckpt/ae.pt").exists():
        finish(AutoEncoder().to(memory_format=torch.channels_last).eval())
    if WORLD > 1:
        torch.distributed.barrier()
    limit = int(sys.argv[1]) if len(sys.argv) > 1 else 10**9
    for part, shards in (("val", 1), ("pairs", limit // 4), *((name, limit) for name in ("edits", "train", *PHOTOS))):
        prepare(part, shards)
