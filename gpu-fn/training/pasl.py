"""PASL (docs/algorithm.md §6): where in a portrait a prompt's attribute is, or would be."""

import torch
import torch.nn.functional as F
from torch import nn

SLOPE = 0.01


class Encoder(nn.Module):
    """`dilations` are 1 as in Table 4 unless given: wider ones see more of the picture with the same weights."""

    def __init__(self, channels: list[int], strides: list[int], dilations: list[int] | None = None):
        super().__init__()
        wide = dilations or [1] * len(channels)
        for index, (inside, outside, stride, apart) in enumerate(zip([3, *channels], channels, strides, wide), 1):
            layer = nn.Conv2d(inside, outside, 3, stride, apart, apart)
            nn.init.kaiming_normal_(layer.weight, SLOPE)
            nn.init.zeros_(layer.bias)
            self.add_module(f"conv{index}", layer)

    def forward(self, x):
        for layer in self.children():
            x = F.leaky_relu(layer(x), SLOPE)
        return x


class Projector(nn.Module):
    def __init__(self, text: int, hidden: int, out: int):
        super().__init__()
        self.linear1, self.linear2 = nn.Linear(text, hidden), nn.Linear(hidden, out)

    def forward(self, text):
        return self.linear2(F.relu(self.linear1(text)))


class Pasl(nn.Module):
    """Images [b,3,s,s] in [-1,1] and text_embeds [b,k,d] (k prompts an image) → logits [b,k,h,w]."""

    def __init__(self, channels: list[int], strides: list[int], text: int, hidden: int,
                 dilations: list[int] | None = None):
        super().__init__()
        self.encoder, self.projector = Encoder(channels, strides, dilations), Projector(text, hidden, channels[-1])
        nn.init.normal_(self.projector.linear2.weight, std=0.02 / channels[-1] ** 0.5)

    def forward(self, images, text):
        return torch.einsum("bchw,bkc->bkhw", self.encoder(images), self.projector(text))


def dice(mask: torch.Tensor, truth: torch.Tensor) -> torch.Tensor:
    """2Σpm / (Σp+Σm) of each mask [...,h,w]; the epsilon only matters when both are empty."""
    return (2 * (mask * truth).sum((-2, -1)) + 1e-6) / (mask.sum((-2, -1)) + truth.sum((-2, -1)) + 1e-6)


def loss_of(logits: torch.Tensor, truth: torch.Tensor, inside: torch.Tensor | None = None) -> torch.Tensor:
    """Binary cross entropy (mean over pixels) + Dice loss, from logits; where `inside` is 0 nothing is judged."""
    if inside is None:
        return F.binary_cross_entropy_with_logits(logits, truth) + (1 - dice(logits.sigmoid(), truth)).mean()
    inside = inside.expand_as(logits)
    entropy = F.binary_cross_entropy_with_logits(logits, truth, inside, reduction="sum") / inside.sum()
    return entropy + (1 - dice(logits.sigmoid() * inside, truth * inside)).mean()
