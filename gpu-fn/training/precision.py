"""In which numbers networks compute: bfloat16 where the processor multiplies in it, else fp32.

A processor without AVX-512 BF16 emulates bfloat16, eight times slower than fp32 (an AVX2 core, the autoencoder's step).
"""

import torch


def multiplies_bfloat16(device: str = "cpu") -> bool:
    return device != "cpu" or torch.cpu._is_avx512_bf16_supported()


def autocast(device: str = "cpu") -> torch.autocast:
    return torch.autocast(device, torch.bfloat16, enabled=multiplies_bfloat16(device))
