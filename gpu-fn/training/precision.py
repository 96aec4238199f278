"""In which numbers networks compute, and where: bfloat16 where the processor is faster in it, else fp32; a GPU if there is one.

A processor without AVX-512 BF16 emulates bfloat16, eight times slower than fp32 (an AVX2 core, the autoencoder's step). Of
those that have it, an EPYC gains, a Xeon whose AMX a virtual machine hides is 1.6 times slower: so both are timed.
"""

import time
from functools import cache

import torch

ROWS, WIDTH, TIMES = 4096, 256, 5  # of the products that are timed: about what a layer multiplies


def seconds(kind: torch.dtype) -> float:
    """Processor time of the fastest product in these numbers."""
    a, b = torch.ones(ROWS, WIDTH, dtype=kind, device="cpu"), torch.ones(WIDTH, WIDTH, dtype=kind, device="cpu")
    taken = []
    for _ in range(TIMES):
        before = time.thread_time()
        a @ b
        taken.append(time.thread_time() - before)
    return min(taken)


@cache
def multiplies_bfloat16(device: str = "cpu") -> bool:
    return device != "cpu" or torch.cpu._is_avx512_bf16_supported() and seconds(torch.bfloat16) < seconds(torch.float32)


def autocast(device: str | None = None) -> torch.autocast:
    device = device or torch.get_default_device().type
    return torch.autocast(device, torch.bfloat16, enabled=multiplies_bfloat16(device))


def use_accelerator() -> None:
    """What is made from here on is made on the GPU, if there is one; numpy's arrays need `placed`."""
    if torch.cuda.is_available():
        torch.set_default_device("cuda")


def placed(values: torch.Tensor) -> torch.Tensor:
    return values.to(torch.get_default_device())
