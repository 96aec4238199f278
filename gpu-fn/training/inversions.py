"""The noise that each portrait of the `edits` splits comes from: torchrun --nproc-per-node 2 inversions.py

RF-Solver inversion (docs/algorithm.md §5) at guidance 1 under the portrait's plain prompt, by the averaged flow. The flow
is trained on these couplings afterwards (reflow.py). Resumable shard by shard.
"""

import numpy as np
import torch
from tqdm import tqdm

import distil_text
import tokenizer as wordpiece
from clip_tower import embed
from data import Shard, Split
from editing import invert
from flux import packed, unpacked
from guidance import averaged, newest
from latents import FOLDER
from parallel import RANK, WORLD, start
from precision import autocast, placed, use_accelerator
from presets import preset

BATCH = 50


EDITS = ("edits", "photo-edits", "photo-held")


def source_prompt(row: dict) -> str:
    """What is there, as an edit's source prompt says it; of drawn portraits who it is."""
    return row["source_prompt"] if "source_prompt" in row else f"a {row['attributes']['gender']}"


@torch.no_grad()
def noise_of(flow, texts: dict, shard: Shard, latents: np.ndarray, steps: int) -> np.ndarray:
    """Z_N float16 [n,c,h,w] of the rows' first portraits."""
    found = []
    for first in range(0, len(latents), BATCH):
        z0 = packed(placed(torch.from_numpy(latents[first:first + BATCH, 0])).float())
        rows = [texts[source_prompt(row)] for row in shard.rows[first:first + BATCH]]
        text = tuple(torch.stack(part) for part in zip(*rows))
        with autocast():
            z = invert(flow.flux, z0, text, steps)
        found.append(unpacked(z.float(), latents.shape[-1] // 2).half().cpu().numpy())
    return np.concatenate(found)


def main() -> None:
    start()
    use_accelerator()
    steps, splits = preset()["reflow"]["inversion_steps"], {name: Split(name) for name in EDITS}
    flow = averaged(newest("guidance", "flow")).eval().requires_grad_(False)
    tower, tokens = distil_text.load()
    prompts = sorted({source_prompt(row) for data in splits.values() for row in data.rows})
    ids = wordpiece.encode(tokens, prompts)
    texts = dict(zip(prompts, zip(flow.t5(ids), embed(tower, ids)[0])))
    flow.flux = torch.compile(flow.flux) if preset()["reflow"].get("compile") else flow.flux
    todo = [(name, index, shard) for name, data in splits.items() for index, shard in enumerate(data.shards)]
    for name, index, shard in tqdm(todo, desc="inversions", disable=RANK > 0):
        path = FOLDER / f"{name}-{shard.number:06d}.noise.npy"
        encoded = path.with_suffix("").with_suffix(".npy")
        if index % WORLD != RANK or path.exists() or not encoded.exists():
            continue
        draft = path.with_suffix(".draft.npy")
        np.save(draft, noise_of(flow, texts, shard, np.load(encoded, mmap_mode="r"), steps))
        draft.replace(path)


if __name__ == "__main__":
    main()
