"""Writes gpu-fn/models/mini/MODEL_CARD.md from the logs: python model_card.py"""

import json

import numpy as np

from data import Split
from export import put
from latents import FOLDER
from presets import MODELS, SCRATCH, preset

LOGS = SCRATCH / "logs"


def lines(name: str) -> list[dict]:
    path = LOGS / f"{name}.jsonl"
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


def last(name: str, field: str):
    """The newest logged value of a field."""
    return next((line[field] for line in reversed(lines(name)) if field in line), "—")


def encoded(split: str) -> int:
    """Rows of a split that the flow was trained on."""
    return sum(len(np.load(path, mmap_mode="r")) for path in FOLDER.glob(f"{split}-??????.npy"))


def number(value) -> str:
    return f"{value:.3g}" if isinstance(value, float) else str(value)


def run_row(name: str, what: str, result: str) -> str:
    log = lines(name)
    if not log:
        return f"| {what} | — | — | not trained |"
    return f"| {what} | {max(line['minutes'] for line in log):g} | {max(line['samples'] for line in log):,} | {result} |"


def dice_table() -> str:
    known, held = last("pasl", "dice_train"), last("pasl", "dice_heldOut")
    if known == "—":
        return "PASL is not trained yet."
    rows = [f"| {region} | {value} | {held[region]} |" for region, value in known.items()]
    return "\n".join(["| region | known wordings | held-out wordings |", "|---|---|---|", *rows])


def edit_table() -> str:
    path = LOGS / "evaluation.jsonl"
    if not path.exists():
        return "Not judged yet."
    found = [json.loads(line) for line in path.read_text().splitlines()]
    strengths = [key for key in found[0] if key.startswith("g")]
    head = ["attribute", "n", "do nothing", *(f"guidance {s[1:]}" for s in strengths), "hits: do nothing", *(f"hits: {s[1:]}" for s in strengths), "hits: truth"]
    rows = [[r["attribute"], r["n"], f"{r['nothing_db']} dB", *(f"{r[s]['inside_db']} dB" for s in strengths), r["hits_nothing"],
             *(r[s]["hits"] for s in strengths), r["hits_truth"]] for r in found]
    return "\n".join("| " + " | ".join(map(str, row)) + " |" for row in [head, ["---"] * len(head), *rows])


def main() -> None:
    size = sum(path.stat().st_size for path in MODELS.glob("*.safetensors")) / 1e6
    scores = last("classifier", "through_autoencoder")
    put(MODELS / "MODEL_CARD.md", f"""# mini

The embedded model: FLUX's transformer and autoencoder, CLIP's and T5's text encoders and PASL at a small size ({size:.1f} MB fp16),
trained from nothing on rendered portraits. It edits rendered portraits at {preset()["size"]} px; photographs are outside of what it knows.

## Data
{len(Split("train").rows):,} portraits (from seed {Split("train").rows[0]["seed"]}; the flow saw the first {encoded("train"):,}), counterfactual pairs
(the flow saw both portraits of {encoded("pairs"):,}, from seed {Split("pairs").rows[0]["seed"]}) and {len(Split("val").rows):,} for validation (seeds 99000–99999), drawn by `gpu-fn/training/text2mask`, renderer `text2mask-1`. No photographs, no people.
Seeds 8000–9999 were never rendered for training or validation. The text tower is distilled from all-MiniLM-L6-v2 (Apache-2.0) on 120,000 facial descriptions.

## Training
Two CPU cores (AMD EPYC, bf16), shared with other work; wall-clock minutes. Commands: `gpu-fn/training/README.md`; sizes and rates: `presets.py`, preset `cpu`.

| part | minutes | samples | result |
|---|---|---|---|
{run_row("clip", "CLIP-architecture tower", f"centred cosine to the teacher {number(last('clip', 'known'))} (known), {number(last('clip', 'held_out'))} (held-out wordings)")}
{run_row("autoencoder", "autoencoder", f"{number(last('autoencoder', 'val_psnr'))} dB on whole validation portraits")}
{run_row("flow", "flow and T5", f"velocity error {number(last('flow', 'val'))} with captions, {number(last('flow', 'val_without_text'))} without")}
{run_row("guidance", "guidance distillation", f"error to the teacher {number(last('guidance', 'loss'))}, at guidance 1 {number(last('guidance', 'error_plain'))}")}
{run_row("pasl", "PASL", f"mean Dice {last('pasl', 'dice_train')['mean'] if lines('pasl') and last('pasl', 'dice_train') != '—' else '—'}")}

Classifier of the benchmark (`gpu-fn/bench/classifier`, trained on renders only), accuracy on validation renders seen through the autoencoder: {json.dumps(scores)}

## PASL: Dice on validation portraits
{dice_table()}

## Edits of validation seeds (PyTorch, masks located by PASL)
Mean PSNR to the true counterfactual inside the true region, and the classifier's finds. 30 steps, 3 of them structuring.

{edit_table()}

## Limits
Distilled guidance is weak where the caption contradicts the picture: this checkpoint was distilled only with captions that fit
their portrait, and hair colour changes in few edits. True guidance on the same weights (two evaluations at guidance 1,
v_u + w·(v_c − v_u)) does change it: 5 of 6 at w = 5, 12.2 → 17.9 dB (15 steps, masks by PASL). `guidance.py` now also draws
captions of other portraits; that version has not been trained to its end.
Faces are drawn, frontal and centred. One truth is known for a caption that allows many, so PSNR understates free attributes (frames, mouths).
Words outside facial descriptions mean little to it. It is there to show and test the method; a deployment runs FLUX.1-dev.
""")


if __name__ == "__main__":
    main()
