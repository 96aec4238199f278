"""The same transformer evaluations in PyTorch, fp32, on the same weights: the yardstick of bench:speed.

    python time_torch.py MANIFEST THREADS

Prints {"torch": version, "compiled": whether torch.compile works here} when warm, then answers each line `eager N` or
`compiled N` on stdin with {"ms": milliseconds of N evaluations}.
"""

import json
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "training"))

import torch
from safetensors.torch import load_file

from flux import Flux


def main() -> None:
    manifest, threads = Path(sys.argv[1]), int(sys.argv[2])
    torch.set_num_threads(threads)
    torch.manual_seed(0)
    description = json.loads(manifest.read_text())
    config = description["flux"]["config"]
    model = Flux(config).eval()
    state = {}
    for name in description["flux"]["files"]:
        state |= {key: value.float() for key, value in load_file(manifest.parent / name).items()}
    model.load_state_dict(state)
    side = description["resolution"] // 2 ** len(description["autoencoder"]["config"]["ch_mult"])
    inputs = (
        torch.randn(1, side * side, config["in_channels"]),
        torch.randn(1, description["t5"]["length"], config["context_in_dim"]),
        torch.randn(1, config["vec_in_dim"]),
    )
    time_, guidance = torch.tensor([0.5]), torch.tensor([3.0])

    @torch.inference_mode()
    def evaluate(flux: torch.nn.Module, count: int) -> float:
        start = time.perf_counter()
        for _ in range(count):
            flux(*inputs, time_, guidance if config["guidance_embed"] else None)
        return 1000 * (time.perf_counter() - start)

    ways = {"eager": model, "compiled": torch.compile(model)}
    evaluate(model, 10)
    try:
        evaluate(ways["compiled"], 10)
    except torch._dynamo.exc.BackendCompilerFailed as error:  # no compiler for C++, or one that inductor cannot use
        print(f"torch.compile: {str(error).splitlines()[0]}", file=sys.stderr)
        del ways["compiled"]
    print(json.dumps({"torch": torch.__version__, "compiled": "compiled" in ways}), flush=True)
    for line in sys.stdin:
        way, count = line.split()
        print(json.dumps({"ms": evaluate(ways[way], int(count))}), flush=True)


if __name__ == "__main__":
    main()
