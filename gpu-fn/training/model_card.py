"""Writes gpu-fn/models/mini/MODEL_CARD.md: python model_card.py [--record]

The runs that trained the weights are in training.json beside them, one line for each. `--record` adds the runs whose
logs are here (`.training/logs`): once the weights that they gave are exported.
"""

import argparse
import json

from export import put
from presets import MODELS, ROOT, SCRATCH, preset

HISTORY = MODELS / "training.json"
PARTS = {
    "clip": "CLIP-architecture tower", "autoencoder": "autoencoder", "flow": "flow and T5", "guidance": "guidance distillation",
    "pasl": "PASL", "reflow": "reflow on counterfactuals", "decoder": "decoder", "classifier-drawings": "the judge of drawings",
    "classifier-photos": "the judge of photographs",
}
# Tables of a run of PASL, and what its log calls them.
DICE = {"drawn, known wordings": "dice_train", "drawn, held-out": "dice_heldOut", "photos, aligned": "dice_photos_train",
        "photos, moved": "dice_moved_train", "photos, moved, held-out": "dice_moved_heldOut"}
# What the last line of a run's log says, in words.
RESULTS = {
    "clip": "centred cosine to the teacher {known:.3f} (known), {held_out:.3f} (held-out wordings)",
    "autoencoder": "{val_psnr:.1f} dB on whole validation portraits",
    "flow": "velocity error {val:.3f} with captions, {val_without_text:.3f} without",
    "guidance": "error to the teacher {loss:.3g}, at guidance 1 {error_plain:.3g}",
    "pasl": "mean Dice on drawn portraits {dice_train[mean]:.3f} on known wordings, {dice_heldOut[mean]:.3f} on held-out ones; on "
            "photographs {dice_photos_train[mean]:.3f} aligned, {dice_moved_train[mean]:.3f} moved",
    "reflow": "velocity error on held couplings {val_changed:.3f} where the request changes something, {val_edits:.3f} elsewhere, "
              "{val_kept:.3f} under the source's prompt",
    "decoder": "{val_psnr:.2f} dB on whole validation portraits",
    "classifier-drawings": "accuracies below", "classifier-photos": "accuracies below",
}


def logged(part: str) -> dict | None:
    """One run as its log has it, each figure from the last line that carries it."""
    path = SCRATCH / f"logs/{part}.jsonl"
    if not path.exists():
        return None
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    merged = {name: value for line in lines for name, value in line.items()}
    run = {"part": part, "minutes": max(line["minutes"] for line in lines), "samples": max(line["samples"] for line in lines),
           "result": RESULTS[part].format(**merged)}
    if part == "pasl":
        run["dice"] = {title: merged[name] for title, name in DICE.items()}
    return run


def record() -> None:
    runs = json.loads(HISTORY.read_text())
    runs += [run for run in map(logged, PARTS) if run and run not in runs]
    put(HISTORY, "[\n" + ",\n".join("  " + json.dumps(run, ensure_ascii=False) for run in runs) + "\n]\n")


# Photographs that PASL learnt from: how many of each source.
PHOTOS = {"faker": 180, "sfhq-sdxl": 112, "sfhq-schnell": 59, "official": 660}
SOURCES = {
    "faker": ("AI portraits (Stable Diffusion 3): faker-js assets-person-portrait", "CC0", "generated"),
    "sfhq-sdxl": ("AI portraits (SDXL): SFHQ-T2I", "MIT", "generated"),
    "sfhq-schnell": ("AI portraits (FLUX.1-schnell): SFHQ-T2I", "MIT", "generated"),
    "official": ("official portraits of members of the US Congress", "public domain", "real people"),
}


TAUGHT = {"autoencoder": {"faker": 122, "sfhq-sdxl": 85, "sfhq-schnell": 45}, "reflow": {"faker": 153, "sfhq-sdxl": 112, "sfhq-schnell": 59}}
# Validation photographs: dB to the true counterfactual inside of the exact mask. Autoencoder alone, the model before photographs, versions since.
EDITED = {"blond hair": (12.9, 15.6, 17.3, 19.7, 20.8, 21.0, 21.8), "pink hair": (12.1, 15.1, 16.7, 19.3, 20.3, 20.4, 21.3), "red lipstick": (22.8, 23.4, 24.3, 25.5, 26.1, 25.6, 25.4),
          "heavy makeup": (26.1, 24.0, 26.0, 27.3, 27.5, 27.6, 27.8), "eyeglasses": (20.7, 18.0, 18.5, 20.1, 20.2, 18.7, 18.0),
          "sunglasses": (13.2, 15.5, 16.2, 18.7, 19.7, 18.7, 18.1), "beard": (12.9, 17.0, 17.5, 20.2, 20.6, 21.4, 21.4), "bushy eyebrows": (21.0, 21.0, 21.6, 23.6, 24.5, 24.7, 24.9),
          "tan skin": (17.5, 20.0, 23.0, 25.7, 26.1, 26.6, 26.8), "smile": (25.9, 22.3, 23.3, 25.7, 26.7, 27.0, 27.3)}


def photo_rows() -> list[list]:
    return [[title, PHOTOS[name], licence, faces] for name, (title, licence, faces) in SOURCES.items()]


def table(head: list[str], rows: list[list]) -> str:
    return "\n".join("| " + " | ".join(map(str, row)) + " |" for row in [head, ["---"] * len(head), *rows])


def dice_table(runs: list[dict]) -> str:
    found = next(run["dice"] for run in reversed(runs) if "dice" in run)
    regions = next(iter(found.values()))
    return table(["region", *found], [[name, *(column[name] for column in found.values())] for name in regions])


def classifier_table() -> str:
    def balanced(kind: str, portraits: str) -> dict[str, float]:
        return json.loads((ROOT / f"gpu-fn/bench/edits/classifier/{kind}.json").read_text())["balanced_accuracy"][portraits]

    drawn, photos = balanced("drawings", "through_autoencoder"), balanced("photos", "test_through_autoencoder")
    return table(["attribute", "drawings", "photos"], [[name, drawn[name], photos.get(name, "—")] for name in drawn])


def report() -> dict:
    """The benchmark's figures on held-out portraits."""
    return json.loads((ROOT / "gpu-fn/bench/results/edits.json").read_text())


def edit_table() -> str:
    figures = report()
    same = figures["rows"]["autoencoder_only"]

    def untouched(name: str) -> dict:
        return same["all"] if name == "all" else same["attributes"][name]

    rows = [[name, f["n"], f"{f['attr_edit']:.0%}", f"{untouched(name)['attr_edit']:.0%}", f"{f['attr_preserve']:.1%}",
             f"{untouched(name)['psnr_inside_db']:.1f} → {f['psnr_inside_db']:.1f} dB", f"{f['psnr_outside_db']:.1f} dB",
             f"{f['ssim_outside']:.3f}", f"{f['mask_dice']:.2f}"] for name, f in {**figures["attributes"], "all": figures["all"]}.items()]
    return table(["attribute", "n", "edited", "autoencoder only", "preserved", "inside: autoencoder only → edited", "outside", "SSIM",
                  "mask Dice"], rows)


def card() -> str:
    size = sum(path.stat().st_size for path in MODELS.glob("*.safetensors")) / 1e6
    manifest, runs = json.loads((MODELS / "manifest.json").read_text()), json.loads(HISTORY.read_text())
    return f"""# {manifest["id"]} {manifest["version"]}

The embedded model: FLUX's transformer and autoencoder, CLIP's and T5's text encoders and PASL at a small size ({size:.1f} MB fp16),
trained from nothing on rendered portraits, then on photographs of faces that do not exist. It edits at {preset()["size"]} px.

## Data
Portraits by `gpu-fn/training/text2mask`, renderer `{manifest["renderer"]}`, captions and masks by the same. Seeds from 100000 train,
99000–99999 validate, 8000–9999 were never rendered for either. Reflow saw 4,000 portraits from seed 140000 with four true
counterfactuals each, over 31 attributes, two at once and removals among them. The text tower is distilled from all-MiniLM-L6-v2 (Apache-2.0)
on 120,000 facial descriptions, then with PASL's training wordings and each of its tokenizer's words in context; held-out wordings are never
among them.

Photographs came later. The autoencoder and reflow learn from the first three sources alone, whose faces are generated:
{sum(TAUGHT["autoencoder"].values())} and {sum(TAUGHT["reflow"].values())} photos of their training part. What a request makes of such a photo is drawn by classical graphics
(`photos/filters/`), with an exact mask. No photo of a real person taught what the model paints. PASL learns from {sum(PHOTOS.values()):,} photos.
None is in this repository:

{table(["source", "photos", "licence", "faces"], photo_rows())}

Its truth there is MediaPipe's face mesh (Apache-2.0) for the regions' outlines, MediaPipe's hair segmenter (Apache-2.0) for hair, and
the face's own colours for skin (`photos/teachers.py`): so it inherits what these do not see, such as braids and dyed short hair. Of real
people it learns where things are in a face, and nothing that tells one from another.

## Training
Two CPU cores (AMD EPYC, bf16), shared with other work; wall-clock minutes; a part that stands twice was trained on. Commands:
`gpu-fn/training/README.md`; sizes and rates: `presets.py`, preset `cpu`.

{table(["part", "minutes", "samples", "result"], [[PARTS[run["part"]], f"{run['minutes']:g}", f"{run['samples']:,}", run["result"]] for run in runs])}

The autoencoder's last run and the first reflow on photographs were on an AVX2 core in fp32 that other work shared. That reflow was ended after 266
steps, and its weights were taken for 0.45 of the way (`merge.py`): whole, drawings lost 12 % of the judge's score, so 1 % (48 edits). The next
saw as many drawings as photographs and went 23 times as far; the one after it saw each photograph drawn on twice, three for two drawings, from inversions
of its own. The fourth (Intel Xeon, fp32 but for its first seven minutes) saw seven photographs for three drawings and one pair of glasses for requests that name no style
(many under the same words had taught their mean, as with drawings before). These weights are taken for 0.9 of the way. Two more (fp32) drew hair colours, lipsticks, beards,
make-up, smiles and glasses more often; between them the transformer got three single blocks more, which changed nothing at first (`grow.py`): it erred on what it was taught no less than
on what it was not, so it was too small, not overtaught. They were taken for 0.75 of the way. The next had twelve single blocks and drew what validation found weak more often: brown and red hair, goatees, stubble, make-up, smiles.
It is taken for half of the way, where beards keep what they had, and V is held in the last eight single blocks: held in three, the surroundings lose 0.9 dB. Halfway, drawings
had lost the bags under their eyes; the last run went on from there, drew them more often, and is taken for half of the way, where hair and lipsticks on photographs keep more. PASL's last run is taken for 0.75 of the way, as the
table below judges it: whole, hair on photographs lost 0.014.

![curves of the runs on drawings](curves.svg)

The first flow was interrupted twice: its first 27.6 minutes had times centred on 0.5 and only the renderer's captions, then times shifted to
noise and captions worded as requests. Reflow changed three times on the way to what `reflow.py` and `couplings.py` say now: more times near
noise from minute 21, small changes weighed as much as large ones from minute 31, from minute 66 glasses taught in one frame where no word
describes it (every frame for the same words had taught their blurred mean) and at three times the learning rate of that moment. **Reflow** is what makes it edit: straight lines from the noise that a portrait inverts to, to the
portrait (guidance 1, its own prompt) and to its true counterfactuals (guidance 2 to 6, the request). So this model was taught editing by
example, which FLUX.1-dev was not: figures of the embedded model say how well engine, masks and fusions work, not what FLUX.1-dev will do.

## Samples
Portraits from noise for captions of validation portraits, distilled guidance 3, 20 steps: `python evaluate.py --run reflow --guidance 3 --samples`.

![samples](samples.jpg)

## The benchmark's classifier
`gpu-fn/bench/edits/classifier`, one for drawings and one for photographs, trained on renders and on photographs with what filters drew on
them; accuracy balanced over yes and no, on validation renders and on the test photographs and their counterfactuals, through the autoencoder. On
photographs it judges what it reads at .95 or better; shapes of noses, lips and brows, a smile and the like are small there, and nobody else's
face says what this one was:

{classifier_table()}

## PASL: Dice on validation portraits
Drawn: renders. Photographs: 20 that were not learnt from, against the teachers; moved: turned by up to 25°, at 0.7 to 1.4 times their size and
off-centre. `npm run bench:regions` judges test photographs as the product locates in them.

{dice_table(runs)}

## Edits of held-out portraits
`npm run bench:edits -- --seed 9000 --per-attribute {report()["per_attribute"]}` (masks by PASL, 30 steps, 3 of them structuring, before pasting back),
measured with {report()["model"]["version"]}. 0.3.0, before photographs, had 92.4 % edited, 99.3 % preserved, 24.2 dB inside, 34.3 dB outside, SSIM 0.959.

{edit_table()}

## Edits of photographs
Four generated faces of the validation split an attribute, true masks, 8 steps, one of them structuring, guidance 3, dB inside of the mask:
`python evaluate.py --run merged --check photo-check --steps 8 --structuring 1 --count 4` (2 cores, 2026-11-29; 0.5.0 and before and from 0.8.0 on in fp32;
0.9.0 with `--blocks 3`).

{table(["attribute", "autoencoder only", "0.4.0", "0.5.0", "0.6.0", "0.7.0", "0.8.0", "0.9.0"], [[name, *values] for name, values in EDITED.items()])}

Outside 29.5 to 32.2 dB to the photo before it is pasted back (0.5.0: 28.5 to 31.2). The autoencoder gives test photos back at 33.0 dB (0.4.0: 32.2),
drawings at 34.5 dB as before. Hair is recoloured, skin tones and lipstick are right, beards and brows are drawn, sunglasses have lenses and a bridge.
Truths show glasses of many styles, the model draws one since 0.8.0: dark square frames, which the judge sees on all four test photographs that were asked for
them, and which the table above counts as wrong where the truth has another; parts of a rim may be missing. Make-up shows on the lips more than on the eyes, a smile hardly.

## Limits
Faces are frontal and centred. One truth is known for a request that allows many, so PSNR understates free attributes (frames, mouths).
Guidance above 2 changes little: edits were taught at one strength. Words outside facial descriptions mean little to it. It is there to
show and test the method; a deployment runs FLUX.1-dev.
"""


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--record", action="store_true")
    if options.parse_args().record:
        record()
    put(MODELS / "MODEL_CARD.md", card())


if __name__ == "__main__":
    main()
