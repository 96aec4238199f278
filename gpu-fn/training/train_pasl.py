"""Trains PASL on rendered portraits and every region's wordings: torchrun --nproc-per-node 2 train_pasl.py

The text tower stays frozen, as AlphaCLIP's does in the paper; all regions of an image are learnt in one step,
each from several wordings.
"""

import numpy as np
import torch
import torch.nn.functional as F

import distil_text
import tokenizer as wordpiece
from clip_tower import embed
from data import REGIONS, Split, described, normalised
from lessons import taught, wordings
from parallel import RANK, average_gradients, start
from paraphrases import Paraphrases
from pasl import Pasl, dice, loss_of
from presets import preset
from run import Run

EACH = 3  # wordings of a region in a step: the image is encoded once for all of them


def features(tower, tokens, texts: list[str]) -> torch.Tensor:
    return embed(tower, wordpiece.encode(tokens, texts))[1]


def prompts(part: str) -> list[list[str]]:
    """Wordings of each region; in training also the target captions of the counterfactual pairs."""
    found = {entry["region"]: list(entry[part]) for entry in described()["wordings"]}
    if part == "train":
        held = set(wordings("heldOut"))
        for row in Split("pairs").rows:
            text = row["target_caption"]
            if text not in held and text.rstrip(".") not in held:
                found[row["region"]].append(text)
    return [list(dict.fromkeys(found[region])) for region in REGIONS]


def build() -> Pasl:
    shape = preset()["pasl"]
    return Pasl(shape["channels"], shape["strides"], 384, shape["text_hidden"])


def truth_of(masks: torch.Tensor, side: int) -> torch.Tensor:
    """Coverage 0..1 at the model's resolution."""
    return F.adaptive_avg_pool2d(masks.float() / 255, side)


@torch.no_grad()
def table(model: Pasl, texts: list[torch.Tensor], count: int = 200) -> dict[str, float]:
    """Mean Dice of each region over validation portraits that show it (masks at 0.5 against coverage at 0.5)."""
    data, generator = Split("val"), torch.Generator().manual_seed(0)
    scores: list[list[float]] = [[] for _ in REGIONS]
    for indices in np.arange(count).reshape(-1, 20):
        text = torch.stack([t[torch.randint(len(t), (len(indices),), generator=generator)] for t in texts], 1)
        logits = model(normalised(data.images(indices)), text)
        truth = (truth_of(data.masks(indices), logits.shape[-1]) > 0.5).float()
        found = dice((logits > 0).float(), truth)
        for region in range(len(REGIONS)):
            scores[region] += found[truth[:, region].sum((1, 2)) > 0, region].tolist()
    return {region: round(float(np.mean(s)), 3) if s else float("nan") for region, s in zip(REGIONS, scores)}


def tables(model: Pasl, tower, tokens) -> dict[str, dict[str, float]]:
    model.eval()
    return {part: table(model, [features(tower, tokens, t) for t in prompts(part)]) for part in ("train", "heldOut")}


def main(name: str = "pasl") -> None:
    start()
    torch.manual_seed(0)
    shape, (tower, tokens) = preset()["pasl"], distil_text.load()
    known = prompts("train")
    teacher = taught([text for texts in known for text in texts]).float() * distil_text.SCALE
    texts = Paraphrases([features(tower, tokens, t) for t in known], list(teacher.split([len(t) for t in known])))
    data, model = Split("train"), build().to(memory_format=torch.channels_last)
    optimizer = torch.optim.AdamW(model.parameters(), lr=shape["lr"], weight_decay=2e-2, fused=True)
    run = Run(name, shape["minutes"], shape["batch"])
    run.track(model=model, optimizer=optimizer)
    for _ in run:
        indices = np.random.randint(len(data), size=run.share)
        text = texts.draw(len(indices), EACH)
        for group in optimizer.param_groups:
            group["lr"] = run.rate(shape["lr"])
        with torch.autocast("cpu", torch.bfloat16):
            logits = model(normalised(data.images(indices)), text).float()
        truth = truth_of(data.masks(indices), logits.shape[-1]).repeat_interleave(EACH, 1)
        loss = loss_of(logits, truth)
        optimizer.zero_grad()
        loss.backward()
        average_gradients(model)
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        run.report(loss=loss, dice=dice(logits.detach().sigmoid(), truth).mean())
    if RANK:
        return
    found = tables(model, tower, tokens)
    run.flush(**{f"dice_{part}": {**t, "mean": round(float(np.nanmean(list(t.values()))), 3)} for part, t in found.items()})


if __name__ == "__main__":
    main()
