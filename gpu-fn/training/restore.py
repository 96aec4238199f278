"""Starts again from the committed weights where the checkpoints are gone: python restore.py [text]

Writes the tokenizer and the checkpoints of every trained part from gpu-fn/models/mini, weights alone: a run
that is started after it begins its schedule anew, with a fresh optimiser. Files that are there stay. `text` brings back
the text encoders alone: for a preset whose pictures are of another size.
"""

import json
import sys

import torch
from safetensors.torch import load_file

from presets import MODELS, SCRATCH


def weights(manifest: dict, part: str) -> dict[str, torch.Tensor]:
    """The tensors of one part, in fp32."""
    found = {}
    for name in manifest[part]["files"]:
        found |= {key: value.float() for key, value in load_file(MODELS / name).items()}
    return found


def keep(path, saved) -> None:
    if path.exists():
        print(f"{path} is there: kept")
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    torch.save(saved, path)
    print(f"{path} written")


def main() -> None:
    manifest = json.loads((MODELS / "manifest.json").read_text())
    tokens = SCRATCH / "tokenizer.json"
    if not tokens.exists():
        SCRATCH.mkdir(parents=True, exist_ok=True)
        tokens.write_text((MODELS / manifest["clip"]["tokenizer"]).read_text())
    for name in ("clip", "clip_before"):  # the second stays: whose pooled vectors the flow knows
        keep(SCRATCH / f"ckpt/{name}.pt", {"tower": weights(manifest, "clip")})
    keep(SCRATCH / "ckpt/t5.pt", weights(manifest, "t5"))
    if sys.argv[1:] == ["text"]:
        return
    config = manifest["autoencoder"]["config"]
    statistics = {name: torch.tensor(config[name]) for name in ("latent_mean", "latent_std")}
    flow = {f"flux.{k}": v for k, v in weights(manifest, "flux").items()}
    flow |= {f"t5.{k}": v for k, v in weights(manifest, "t5").items()}
    averaged = {"values": flow, "updates": 10_000}
    autoencoder = weights(manifest, "autoencoder") | statistics
    keep(SCRATCH / "ckpt/ae.pt", autoencoder)
    keep(SCRATCH / "ckpt/autoencoder.pt", {"model": autoencoder, "average": {"values": autoencoder, "updates": 10_000}})
    keep(SCRATCH / "ckpt/pasl.pt", {"model": weights(manifest, "pasl")})
    keep(SCRATCH / "ckpt/flow.pt", {"flow": flow, "average": averaged})


if __name__ == "__main__":
    main()
