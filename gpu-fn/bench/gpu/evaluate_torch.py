"""The same shapes in PyTorch, bfloat16, eager: the yardstick of bench:gpu.

    python evaluate_torch.py DEVICE CONFIG

Prints {"torch": version} when the model is there, then answers each line `IMAGE_TOKENS TEXT_TOKENS ROUNDS` on stdin
with {"ms": median milliseconds of an evaluation}.
"""

import json
import statistics
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "training"))

import torch

from flux import Flux


def main() -> None:
    device, config = sys.argv[1], json.loads(sys.argv[2])
    if device == "cuda" and not torch.cuda.is_available():
        raise SystemExit("PyTorch finds no CUDA here")
    torch.manual_seed(0)
    torch.set_default_dtype(torch.bfloat16)
    with torch.device(device):
        model = Flux(config).eval()
    for parameter in model.parameters():
        torch.nn.init.normal_(parameter, std=0.01)
    for embedder in (model.time_in, model.guidance_in):
        embedder.register_forward_pre_hook(lambda _, inputs: (inputs[0].to(torch.bfloat16),))

    @torch.inference_mode()
    def evaluate(image: int, text: int, rounds: int) -> float:
        draw = lambda *shape: torch.randn(1, *shape, device=device)
        inputs = draw(image, config["in_channels"]), draw(text, config["context_in_dim"]), draw(config["vec_in_dim"])
        when, guidance = torch.full((1,), 0.5, device=device), torch.full((1,), 2.0, device=device)
        rope = model.rope(text, image)
        model.ropes[(text, image)] = tuple(table.to(device) for table in rope)
        times = []
        for _ in range(rounds + 1):
            start = time.perf_counter()
            model(*inputs, when, guidance if config["guidance_embed"] else None)
            if device == "cuda":
                torch.cuda.synchronize()
            times.append(1000 * (time.perf_counter() - start))
        return statistics.median(times[1:])

    print(json.dumps({"torch": torch.__version__}), flush=True)
    for line in sys.stdin:
        print(json.dumps({"ms": evaluate(*map(int, line.split()))}), flush=True)


if __name__ == "__main__":
    main()
