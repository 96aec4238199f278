"""Sizes and schedules of the three presets, and where things are kept.

`tiny` and `tiny-gpu` prove that every script runs (a minute in all), `cpu` is the embedded model at 128 px (f4, 8 channels),
`gpu` is what one H100 or H200 is to do in ten minutes at 256 px (f8, 16 channels: as many tokens). Not run so far.
Batch counts are samples; minutes are the wall-clock time that a run takes, and its learning rate's schedule.

PASL_CONFIG=paper puts the paper's PASL in the preset's place: Tables 4 and 5, §4.1 (AdamW 1e-4 with weight decay
2e-2, cosine, 32 epochs, frozen text encoder). The presets' own PASL keeps AdamW, the decay, the cosine and both losses
and differs in its rate: an epoch of the paper is 1.35 million pairs, a preset trains for minutes, about 29,000
portraits for `cpu`, so its peak is 1e-3 (3e-4 for `gpu`), after a warm-up of a hundred steps.
The paper does not state a batch.
"""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SCRATCH = Path(os.environ.get("TRAINING_DIR", ROOT / ".training"))
MODELS = Path(os.environ.get("MINI_DIR", ROOT / "gpu-fn/models/mini"))

CPU = {
    "size": 128,
    "text": {"vocabulary": 8000, "length": 32},
    "clip": {"width": 192, "layers": 4, "heads": 4, "minutes": 8, "batch": 256, "lr": 1.5e-3},
    "t5": {"d_model": 128, "d_kv": 32, "heads": 4, "d_ff": 256, "layers": 2},
    "autoencoder": {"ch": 32, "ch_mult": [1, 2, 3], "num_res_blocks": 1, "z_channels": 8, "gn_groups": 16,
                    "minutes": 20.5, "batch": 16, "crop": 64, "lr": 1e-3, "muon_lr": 0.01},
    "pasl": {"channels": [48, 96, 128, 128, 128, 128], "strides": [2, 2, 1, 1, 1, 1], "dilations": [1, 1, 1, 1, 2, 4],
             "text_hidden": 512, "minutes": 30, "batch": 16, "photos": 0.75, "lr": 1e-3, "muon_lr": 0.01},
    "flux": {"hidden_size": 128, "num_heads": 4, "axes_dim": [8, 12, 12], "depth": 2, "depth_single_blocks": 12},
    "flow": {"minutes": 56, "batch": 48, "compile": True, "lr": 1.5e-3, "muon_lr": 0.02, "value_blocks": 8},
    "guidance": {"minutes": 10, "batch": 32, "compile": True, "lr": 5e-4, "muon_lr": 0.004},
    "reflow": {"minutes": 75, "batch": 48, "compile": True, "lr": 8e-4, "muon_lr": 0.01, "inversion_steps": 8},
    "decoder": {"minutes": 10, "batch": 16, "crop": 64, "lr": 3e-4, "muon_lr": 0.002},
    "classifier": {"minutes": 7.5, "batch": 64, "lr": 2e-3},
}

# Text as `cpu` has it: the tower and T5 of the committed model are trained on. The transformer is 3.4 times as much work.
GPU = {
    "size": 256,
    "text": CPU["text"], "clip": CPU["clip"], "t5": CPU["t5"],
    "autoencoder": {"ch": 32, "ch_mult": [1, 2, 4, 4], "num_res_blocks": 1, "z_channels": 16, "gn_groups": 16,
                    "minutes": 2.5, "batch": 64, "crop": 128, "lr": 1e-3, "muon_lr": 0.01},
    "pasl": {"channels": [64, 128, 256, 512, 512, 512], "strides": [1, 2, 2, 2, 1, 1], "text_hidden": 1024,
             "minutes": 3, "batch": 64, "lr": 3e-4},
    "flux": {"hidden_size": 192, "num_heads": 4, "axes_dim": [12, 18, 18], "depth": 3, "depth_single_blocks": 6},
    "flow": {"minutes": 2, "batch": 256, "lr": 1e-3, "muon_lr": 0.02, "value_blocks": 3},
    "guidance": {"minutes": 0.5, "batch": 128, "lr": 5e-4, "muon_lr": 0.004},
    "reflow": {"minutes": 3, "batch": 256, "lr": 8e-4, "muon_lr": 0.01, "inversion_steps": 8},
    "decoder": {"minutes": 1, "batch": 64, "crop": 128, "lr": 3e-4, "muon_lr": 0.002},
    "classifier": {"minutes": 1, "batch": 256, "lr": 2e-3},
}


PASL_CONFIGS = {
    "paper": {"run": "pasl-paper", "size": 512, "channels": [64, 128, 256, 512, 512, 512], "strides": [1, 2, 2, 2, 1, 1],
              "text_hidden": 1024, "each": 1, "epochs": 32, "batch": 64, "lr": 1e-4},
}


def _hurried(preset: dict) -> dict:
    return {name: {**part, "minutes": 0.1, "batch": 8} if isinstance(part, dict) and "minutes" in part else part
            for name, part in preset.items()}


PRESETS = {"tiny": _hurried(CPU), "tiny-gpu": _hurried(GPU), "cpu": CPU, "gpu": GPU}


def preset() -> dict:
    """The preset named by TRAINING_PRESET (default `cpu`), its PASL the one named by PASL_CONFIG where that is set."""
    found, pasl = PRESETS[os.environ.get("TRAINING_PRESET", "cpu")], os.environ.get("PASL_CONFIG")
    return {**found, "pasl": PASL_CONFIGS[pasl]} if pasl else found
