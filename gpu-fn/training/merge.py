"""Weights between the flow before and after it was trained on: python merge.py 0.45

A share of the new weights keeps what the old ones knew and most of what is new (Wortsman et al., arXiv 2109.01903): here,
edits of drawings while photographs are learnt. Reads ckpt/flow.pt (restore.py) and ckpt/reflow.pt, writes ckpt/merged.pt.
"""

import argparse

import torch

from guidance import averaged
from presets import SCRATCH


def merged(before: dict[str, torch.Tensor], after: dict[str, torch.Tensor], share: float) -> dict[str, torch.Tensor]:
    """before + share · (after − before); whole numbers stay."""
    return {name: torch.lerp(before[name], value, share) if value.is_floating_point() else value for name, value in after.items()}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python merge.py", description="Weights between ckpt/flow.pt and ckpt/reflow.pt")
    parser.add_argument("share", type=float, help="share of the new weights, 0 to 1")
    share = parser.parse_args().share
    if not 0 <= share <= 1:
        parser.error("the share must be between 0 and 1")
    values = merged(averaged("flow").state_dict(), averaged("reflow").state_dict(), share)
    torch.save({"average": {"values": values, "updates": 0}}, SCRATCH / "ckpt/merged.pt")


if __name__ == "__main__":
    main()
