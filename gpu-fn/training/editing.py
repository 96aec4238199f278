"""The edit in PyTorch, to judge the models: RF-Solver inversion and S2D-EC (docs/algorithm.md §4–5), in batches.

The product's engine is TypeScript; this is the same method for evaluation during training.
"""

import math

import torch

from flux import Flux, packed, unpacked


def schedule(steps: int, tokens: int) -> list[float]:
    """Times from 1 (noise) to 0 (data), shifted for the number of tokens."""
    mu = 0.5 + (tokens - 256) * (1.15 - 0.5) / (4096 - 256)
    return [math.exp(mu) / (math.exp(mu) + 1 / u - 1) if u > 0 else 0.0
            for u in torch.linspace(1, 0, steps + 1).tolist()]


class Values:
    """Keeps V of the last `blocks` single blocks on the way up and fuses it outside the mask on the way down."""

    def __init__(self, model: Flux, blocks: int, text: int):
        self.first, self.text = model.config["depth_single_blocks"] - blocks, text
        self.kept: dict[tuple, torch.Tensor] = {}

    def keep(self, key):
        def values(index, v):
            if index >= self.first:
                self.kept[(*key, index)] = v[:, self.text:].clone()
            return v
        return values

    def fuse(self, key, mask):
        def values(index, v):
            if index < self.first:
                return v
            image = mask * v[:, self.text:] + (1 - mask) * self.kept[(*key, index)]
            return torch.cat([v[:, : self.text], image], 1)
        return values


def rf_solver_step(model, z, text, start: float, stop: float, guidance: float, first=None, middle=None):
    """One RF-Solver step (explicit midpoint) from time `start` to `stop`."""
    def velocity(x, t, values):
        count = len(x)
        return model(x, *text, torch.full((count,), t), torch.full((count,), guidance), values)
    h = stop - start
    v = velocity(z, start, first)
    return z + h * velocity(z + h / 2 * v, start + h / 2, middle)


@torch.no_grad()
def invert(model, z0, text, steps: int = 30, guidance: float = 1.0, values: Values | None = None, until: int = 0):
    """Z_N from Z_0; `values` keeps V of the first `until` steps (keyed by the upper time's index)."""
    times, z = schedule(steps, z0.shape[1])[::-1], z0
    for j in range(1, steps + 1):
        keep = [values.keep((j, part)) if values and j <= until else None for part in (0, 1)]
        z = rf_solver_step(model, z, text, times[j - 1], times[j], guidance, *keep)
    return z


@torch.no_grad()
def edit(model: Flux, z0, source, target, mask, steps: int = 30, structuring: int = 3, guidance: float = 3.0, blocks: int = 2):
    """Packed latents [n,L,c] edited where `mask` [n,L,1] is 1; `source`, `target` = (txt, pooled)."""
    values = Values(model, blocks, target[0].shape[1])
    noise = invert(model, z0, source, steps, 1.0, values, steps - structuring)
    times, z = schedule(steps, z0.shape[1])[::-1], noise
    for j in range(steps, 0, -1):
        if j > steps - structuring:
            z = rf_solver_step(model, z, target, times[j], times[j - 1], guidance)
            source_z = (1 - times[j - 1]) * z0 + times[j - 1] * noise
            z = mask * z + (1 - mask) * source_z
        else:
            fuse = [values.fuse((j, part), mask) for part in (0, 1)]
            z = rf_solver_step(model, z, target, times[j], times[j - 1], guidance, *fuse)
    return z, noise


@torch.no_grad()
def sample(model: Flux, text, noise, guidance: float = 3.0, steps: int = 20):
    """Portraits from noise [n,L,c]."""
    times, z = schedule(steps, noise.shape[1]), noise
    for start, stop in zip(times, times[1:]):
        z = rf_solver_step(model, z, text, start, stop, guidance)
    return z


__all__ = ["edit", "invert", "sample", "schedule", "packed", "unpacked"]
