"""In which numbers networks compute, and where: bfloat16 where the processor multiplies in it, else fp32; a GPU if there is one.

A processor without AVX-512 BF16 emulates bfloat16, eight times slower than fp32 (an AVX2 core, the autoencoder's step).
"""

import torch


def multiplies_bfloat16(device: str = "cpu") -> bool:
    return device != "cpu" or torch.cpu._is_avx512_bf16_supported()


def autocast(device: str | None = None) -> torch.autocast:
    device = device or torch.get_default_device().type
    return torch.autocast(device, torch.bfloat16, enabled=multiplies_bfloat16(device))


def use_accelerator() -> None:
    """What is made from here on is made on the GPU, if there is one; numpy's arrays need `placed`."""
    if torch.cuda.is_available():
        torch.set_default_device("cuda")


def placed(values: torch.Tensor) -> torch.Tensor:
    return values.to(torch.get_default_device())
