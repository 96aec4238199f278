"""Parts that several transformers share: heads, RMS norm, rotary embeddings."""

import torch


def by_head(x, heads):
    return x.unflatten(-1, (heads, -1)).transpose(1, 2)


def rms(x, gain, eps=1e-6):
    return x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + eps) * gain


def angles_of(ids, axes, theta):
    parts = []
    for axis, size in enumerate(axes):
        omega = theta ** (-torch.arange(0, size, 2, dtype=torch.float64) / size)
        parts.append(ids[:, axis].double()[:, None] * omega)
    return torch.cat(parts, dim=-1)


def rotate(x, angles):
    """Turns adjacent pairs (a, b) of [B, heads, tokens, size] by [tokens, size / 2]."""
    cos, sin = angles.cos().float(), angles.sin().float()
    a, b = x[..., 0::2], x[..., 1::2]
    return torch.stack([a * cos - b * sin, a * sin + b * cos], dim=-1).flatten(-2)
