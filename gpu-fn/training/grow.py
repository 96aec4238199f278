"""Lays single blocks that change nothing between those of a flow that has fewer than the preset: python grow.py [run]

After restore.py, for weights that were trained with a smaller preset. A new block is the one before it with an output of
zero, so that the flow stays the same function and the new block learns from the first step on (as Net2Net's deeper layers,
Chen et al., arXiv 1511.05641). The last block stays the last.
"""

import sys

import torch

from presets import SCRATCH, preset

PREFIX, OUTPUT = "flux.single_blocks.", "linear2."  # names: flux.single_blocks.<number>.<tensor>


def order(have: int, want: int) -> list[tuple[int, bool]]:
    """(number of an old block, whether it is a copy) for each of `want` blocks: copies as evenly as they go, none at the end."""
    if not have <= want <= 2 * have - 1:
        raise ValueError(f"{have} single blocks cannot become {want}: one more for each but the last is the most")
    followed = {(i * (have - 1)) // (want - have) for i in range(want - have)} if want > have else set()
    return [entry for i in range(have) for entry in ((i, False), (i, True))[: 1 + (i in followed)]]


def blocks(values: dict[str, torch.Tensor]) -> int:
    return 1 + max(int(name.removeprefix(PREFIX).split(".")[0]) for name in values if name.startswith(PREFIX))


def grown(values: dict[str, torch.Tensor], want: int) -> dict[str, torch.Tensor]:
    """The same function with `want` single blocks."""
    found = {name: value for name, value in values.items() if not name.startswith(PREFIX)}
    for number, (old, copied) in enumerate(order(blocks(values), want)):
        for name, value in values.items():
            if name.startswith(f"{PREFIX}{old}."):
                tensor = name.removeprefix(f"{PREFIX}{old}.")
                silent = copied and tensor.startswith(OUTPUT)
                found[f"{PREFIX}{number}.{tensor}"] = torch.zeros_like(value) if silent else value.clone()
    return found


def main() -> None:
    path, want = SCRATCH / f"ckpt/{(sys.argv[1:] or ['flow'])[0]}.pt", preset()["flux"]["depth_single_blocks"]
    if not path.exists():
        sys.exit(f"{path} is missing: python restore.py brings flow.pt back")
    saved = torch.load(path, weights_only=False, map_location="cpu")
    if blocks(saved["average"]["values"]) == want:
        print(f"{path} has {want} single blocks: left as it is")
        return
    weights = {name: grown(saved[name], want) for name in ("flow", "student") if name in saved}
    average = {**saved["average"], "values": grown(saved["average"]["values"], want)}
    draft = path.with_suffix(".draft")
    torch.save({**weights, "average": average}, draft)  # without steps and optimisers: the schedule starts anew
    draft.replace(path)


if __name__ == "__main__":
    main()
