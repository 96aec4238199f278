"""Parameters and inputs of small models, drawn from seeds."""

import math

import torch
import torch.nn.functional as F


class Draw:
    """Seeded parameters and inputs."""

    def __init__(self, seed):
        self.generator = torch.Generator().manual_seed(seed)

    def normal(self, *shape, scale=1.0):
        return torch.randn(*shape, generator=self.generator) * scale

    def layer(self, params, name, *shape, bias=True):
        params[f"{name}.weight"] = self.normal(*shape, scale=1 / math.sqrt(math.prod(shape[1:])))
        if bias:
            params[f"{name}.bias"] = self.normal(shape[0], scale=0.1)

    def gain(self, params, name, size):
        params[name] = 1 + self.normal(size, scale=0.1)

    def norm(self, params, name, size):
        self.gain(params, f"{name}.weight", size)
        params[f"{name}.bias"] = self.normal(size, scale=0.1)


def linear(p, name, x):
    return F.linear(x, p[f"{name}.weight"], p.get(f"{name}.bias"))
