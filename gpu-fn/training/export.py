"""Writes the embedded model: fp16 safetensors in the original tensor names, tokenizer and manifest.

python export.py — takes whatever is trained so far; every file appears under its name only when complete.
python export.py clip pasl — takes these parts alone (clip, autoencoder, pasl, flux) and leaves the others as they are.
"""

import json
import sys
from pathlib import Path

import torch
from safetensors.torch import save_file

import distil_text
from data import Split
from guidance import averaged, newest
from latents import autoencoder
from pasl import SLOPE
from presets import MODELS, SCRATCH, preset
from train_pasl import wide

STATISTICS = ("latent_mean", "latent_std")


def write(name: str, tensors: dict) -> None:
    draft = MODELS / f".{name}.draft"
    save_file({key: value.detach().half().contiguous() for key, value in tensors.items()}, draft)
    draft.replace(MODELS / name)


def put(path: Path, text: str) -> None:
    draft = path.with_name(f".{path.name}.draft")
    draft.write_text(text)
    draft.replace(path)


def main() -> None:
    MODELS.mkdir(parents=True, exist_ok=True)
    chosen = set(sys.argv[1:])
    size, length = preset(), preset()["text"]["length"]
    tower, tokens = distil_text.load()
    if not chosen or "clip" in chosen:
        write("clip.safetensors", tower.state_dict())
        put(MODELS / "tokenizer.json", (SCRATCH / "tokenizer.json").read_text())
    manifest = json.loads((MODELS / "manifest.json").read_text()) if chosen else {}
    manifest |= {
        "id": "mini", "version": "0.11.0", "licence": "as the project; the text tower is distilled from all-MiniLM-L6-v2 (Apache-2.0)",
        "resolution": size["size"], "renderer": json.loads((Split("train").folder / "dataset.json").read_text())["renderer"],
        "vocabulary": "vocabulary.json",
        "clip": {"files": ["clip.safetensors"], "tokenizer": "tokenizer.json", "length": length, "config": tower.config},
    }
    if (SCRATCH / "ckpt/ae.pt").exists() and (not chosen or "autoencoder" in chosen):
        ae, shape = autoencoder(), size["autoencoder"]
        write("ae.safetensors", {k: v for k, v in ae.state_dict().items() if k not in STATISTICS})
        manifest["autoencoder"] = {"files": ["ae.safetensors"], "config": {
            **{key: shape[key] for key in ("ch", "ch_mult", "num_res_blocks", "z_channels", "gn_groups")},
            "in_channels": 3, "out_ch": 3, "gn_eps": 1e-6,
            **{key: [round(v, 6) for v in getattr(ae, key).tolist()] for key in STATISTICS}}}
    if (SCRATCH / "ckpt/pasl.pt").exists() and (not chosen or "pasl" in chosen):
        stage = newest("merged-pasl", "pasl")
        saved, shape = torch.load(SCRATCH / f"ckpt/{stage}.pt", weights_only=False), size["pasl"]
        write("pasl.safetensors", saved["model"])
        manifest["pasl"] = {"files": ["pasl.safetensors"], "config": {
            "channels": shape["channels"], "strides": shape["strides"], **wide(shape), "leaky_slope": SLOPE, "text_dim": 384,
            "text_hidden": shape["text_hidden"], "size": size["size"]}}
    stages = ("merged", "reflow", "guidance", "flow")
    if any((SCRATCH / f"ckpt/{name}.pt").exists() for name in stages) and (not chosen or "flux" in chosen):
        stage = newest(*stages)
        flow = averaged(stage)
        write("flux.safetensors", flow.flux.state_dict())
        write("t5.safetensors", flow.t5.state_dict())
        manifest["flux"] = {"files": ["flux.safetensors"], "config": flow.flux.config}
        manifest["t5"] = {"files": ["t5.safetensors"], "tokenizer": "tokenizer.json", "length": length, "config": flow.t5.config}
        manifest["stage"] = "reflow" if stage == "merged" else stage  # "flow": guidance is not distilled yet and has no effect
    manifest["schedule"] = {"fast_steps": 5}  # reflow straightened its paths (gpu-fn/bench/README.md)
    manifest["defaults"] = {"value_blocks": size["flow"]["value_blocks"], "guidance": {"inversion": 1, "edit": 3, "method": "distilled"},
                            "structuring_steps": 3, "steps": 30}
    put(MODELS / "manifest.json", json.dumps(manifest, indent=2) + "\n")
    print({path.name: path.stat().st_size for path in sorted(MODELS.iterdir())})


if __name__ == "__main__":
    main()
