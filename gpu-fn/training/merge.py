"""Weights between those before and after a part was trained on: python merge.py 0.45 [pasl]

A share of the new weights keeps what the old ones knew and most of what is new (Wortsman et al., arXiv 2109.01903): edits
of drawings while photographs are learnt. Of the flow it reads ckpt/flow.pt (restore.py) and ckpt/reflow.pt and writes
ckpt/merged.pt; of PASL it reads the committed weights and ckpt/pasl.pt and writes ckpt/merged-pasl.pt.
"""

import argparse

import torch
from safetensors.torch import load_file

from guidance import averaged
from presets import MODELS, SCRATCH


def merged(before: dict[str, torch.Tensor], after: dict[str, torch.Tensor], share: float) -> dict[str, torch.Tensor]:
    """before + share · (after − before); whole numbers stay."""
    return {name: torch.lerp(before[name], value, share) if value.is_floating_point() else value for name, value in after.items()}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python merge.py", description="Weights between those before and after a run")
    parser.add_argument("share", type=float, help="share of the new weights, 0 to 1")
    parser.add_argument("part", nargs="?", choices=("flow", "pasl"), default="flow", help="what was trained (%(default)s)")
    options = parser.parse_args()
    if not 0 <= options.share <= 1:
        parser.error("the share must be between 0 and 1")
    folder = SCRATCH / "ckpt"
    if options.part == "pasl":
        before = load_file(MODELS / "pasl.safetensors")
        after = torch.load(folder / "pasl.pt", weights_only=False, map_location="cpu")["model"]
        torch.save({"model": merged({name: value.float() for name, value in before.items()}, after, options.share)}, folder / "merged-pasl.pt")
    else:
        values = merged(averaged("flow").state_dict(), averaged("reflow").state_dict(), options.share)
        torch.save({"average": {"values": values, "updates": 0}}, folder / "merged.pt")


if __name__ == "__main__":
    main()
