"""Edits of validation portraits, judged against the true counterfactual: python evaluate.py --run guidance

The `check` set: seeds from 99000, never trained on (the benchmark's own seeds, 8000–8099, are not touched here); or
`--check photo-check`, photos of the validation split (photos/filters/build.py), with their exact masks.
For each attribute and guidance: PSNR inside the region, do nothing → edited, and of drawings how many show the attribute.
"""

import argparse
import json

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image

import classifier
import distil_text
import tokenizer as wordpiece
import train_pasl
from attribute_labels import BINARY, HAIR
from clip_tower import embed
from data import REGIONS, Split, normalised, psnr
from editing import edit, sample
from flux import packed, unpacked
from guidance import averaged
from latents import autoencoder
from precision import autocast
from presets import SCRATCH

ATTRIBUTES = ["beard", "hair_color", "bangs", "lipstick", "eyeglasses", "smile"]


class Guided:
    """True guidance around a flow that has none distilled: v_u + w·(v_c − v_u)."""

    def __init__(self, flow, empty):
        self.flow, self.config, self.empty = flow, flow.config, empty

    def __call__(self, x, txt, pooled, t, guidance, values=None):
        found = self.flow(x, txt, pooled, t, torch.ones_like(guidance), values)
        if guidance[0] == 1:
            return found
        txt, pooled = (part.expand(len(x), *part.shape[1:]) for part in self.empty)
        without = self.flow(x, txt, pooled, t, torch.ones_like(guidance), values)
        return without + guidance[:, None, None] * (found - without)


class Editor:
    """The trained models of a run (`flow` with true guidance, `guidance` with the distilled one)."""

    def __init__(self, run: str):
        self.tower, self.tokens = distil_text.load()
        self.ae, self.flow = autoencoder(), averaged(run).eval().requires_grad_(False)
        self.model = self.flow.flux if run != "flow" else Guided(self.flow.flux, self.text([""]))

    def text(self, captions: list[str]):
        ids = wordpiece.encode(self.tokens, captions)
        return self.flow.t5(ids), embed(self.tower, ids)[0]

    def decode(self, tokens: torch.Tensor) -> torch.Tensor:
        return self.ae.decode(unpacked(tokens, int(tokens.shape[1] ** 0.5))).clamp(-1, 1)

    def located(self, images: torch.Tensor, prompts: list[str]) -> torch.Tensor:
        """PASL's coverage [n,1,s,s]."""
        model = train_pasl.build().eval()
        model.load_state_dict(torch.load(SCRATCH / "ckpt/pasl.pt", weights_only=False)["model"])
        return model(images, train_pasl.features(self.tower, self.tokens, prompts)[:, None]).sigmoid()


def hits(judge, images: torch.Tensor, rows: list[dict]) -> list[bool]:
    """Whether each image shows the attribute its row asks for."""
    logits, names = judge(images), list(BINARY)
    found = []
    for row, values in zip(rows, logits):
        if row["attribute"] == "hair_color":
            asked = {"dark brown": "brown"}.get(row["target_attributes"]["hairColor"], row["target_attributes"]["hairColor"])
            found.append(HAIR[values[len(names):].argmax()] == asked)
        else:
            found.append(bool(values[names.index(row["attribute"])] > 0))
    return found


def sheet(columns: list[torch.Tensor], path) -> None:
    """Rows of portraits side by side."""
    rows = torch.stack(columns, 1).permute(0, 3, 1, 4, 2)
    picture = rows.reshape(rows.shape[0] * rows.shape[1], -1, 3)
    Image.fromarray(((picture.clamp(-1, 1) + 1) * 127.5).round().byte().numpy()).save(path)


def grown(masks: torch.Tensor) -> torch.Tensor:
    """Exact masks [n,1,h,w] with the rim that a locator would give them: a token's width more on each side."""
    return F.avg_pool2d(F.pad(F.max_pool2d((masks > 0.03).float(), 3, 1, 1), (1, 1, 1, 1), mode="replicate"), 3, 1)


def samples(editor: Editor, guidance: float, path) -> None:
    """Portraits from noise for captions of the validation set."""
    captions = [row["captions"][i % 8] for i, row in enumerate(Split("val").rows[:24])]
    noise = torch.randn(24, 256, editor.flow.flux.config["in_channels"], generator=torch.Generator().manual_seed(3))
    with torch.no_grad(), autocast():
        found = editor.decode(sample(editor.model, editor.text(captions), noise, guidance).float()).float()
    sheet([found[i::6] for i in range(6)], path)
    path.with_suffix(".txt").write_text("\n".join(captions))


@torch.no_grad()
def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--run", default="guidance")
    options.add_argument("--guidance", type=float, nargs="+", default=[3.0])
    options.add_argument("--count", type=int, default=12)
    options.add_argument("--steps", type=int, default=30)
    options.add_argument("--structuring", type=int, default=3)
    options.add_argument("--blocks", type=int, default=2)
    options.add_argument("--pasl", action="store_true")
    options.add_argument("--check", default="check", help="split to judge (%(default)s)")
    options.add_argument("--attributes", nargs="+", help="attributes to judge (default: the six of the paper's tables; all for photos)")
    options.add_argument("--samples", action="store_true", help="only a sheet of portraits from noise")
    chosen = options.parse_args()
    editor, folder = Editor(chosen.run), SCRATCH / "samples"
    folder.mkdir(parents=True, exist_ok=True)
    if chosen.samples:
        return samples(editor, chosen.guidance[0], folder / f"{chosen.run}-samples.png")
    check, drawn = Split(chosen.check), chosen.check == "check"
    judge = classifier.load() if drawn else None
    for attribute in chosen.attributes or (ATTRIBUTES if drawn else dict.fromkeys(row["attribute"] for row in check.rows)):
        indices = [i for i, row in enumerate(check.rows) if row["attribute"] == attribute][: chosen.count]
        rows = [check.rows[i] for i in indices]
        before, truth = (normalised(images) for images in check.images(np.array(indices)).unbind(1))
        covered = check.masks(np.array(indices))[:, [REGIONS.index(rows[0]["region"])]].float() / 255
        covered = covered if drawn else grown(covered)
        region = F.interpolate(covered, scale_factor=before.shape[-1] // covered.shape[-1])
        mask = editor.located(before, [row["target_caption"] for row in rows]) if chosen.pasl else covered
        z0 = packed(editor.ae.encode(before))
        token_mask = F.adaptive_avg_pool2d(mask, int(z0.shape[1] ** 0.5)).flatten(1)[..., None]
        source, target = (editor.text([row[f"{side}_caption"] for row in rows]) for side in ("source", "target"))
        nothing = editor.decode(z0)
        columns = [before, nothing, F.interpolate(mask, before.shape[-1]).expand(-1, 3, -1, -1) * 2 - 1]
        line = {"attribute": attribute, "n": len(rows), "nothing_db": round(psnr(nothing, truth, region).mean().item(), 2),
                "reconstructed_db": round(psnr(nothing, before, 1 - region).mean().item(), 2)}
        if judge:
            line |= {"hits_truth": sum(hits(judge, editor.decode(packed(editor.ae.encode(truth))), rows)),
                     "hits_nothing": sum(hits(judge, nothing, rows))}
        for guidance in chosen.guidance:
            with autocast():
                z, noise = edit(editor.model, z0, source, target, token_mask, chosen.steps, chosen.structuring, guidance, chosen.blocks)
            edited = editor.decode(z.float())
            line[f"g{guidance:g}"] = {"inside_db": round(psnr(edited, truth, region).mean().item(), 2),
                                      "outside_db": round(psnr(edited, before, 1 - region).mean().item(), 2), "noise_std": round(noise.std().item(), 3)}
            if judge:
                line[f"g{guidance:g}"]["hits"] = sum(hits(judge, edited, rows))
            columns.append(edited)
        print(json.dumps(line), flush=True)
        sheet([column[:8] for column in [*columns, truth]],
              folder / f"{chosen.run}-{'' if drawn else 'photo-'}{attribute}{'-pasl' if chosen.pasl else ''}.png")


if __name__ == "__main__":
    main()
