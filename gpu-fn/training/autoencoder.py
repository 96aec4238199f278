"""FLUX's autoencoder (docs/algorithm.md §2), BFL tensor names, at any width and number of levels."""

import torch
import torch.nn.functional as F
from torch import nn

from presets import preset


def norm(channels: int, groups: int) -> nn.GroupNorm:
    return nn.GroupNorm(groups, channels, eps=1e-6)


def conv(inside: int, outside: int, size: int = 3, stride: int = 1) -> nn.Conv2d:
    return nn.Conv2d(inside, outside, size, stride, padding=size // 2 if stride == 1 else 0)


class ResnetBlock(nn.Module):
    def __init__(self, inside: int, outside: int, groups: int):
        super().__init__()
        self.norm1, self.conv1 = norm(inside, groups), conv(inside, outside)
        self.norm2, self.conv2 = norm(outside, groups), conv(outside, outside)
        if inside != outside:
            self.nin_shortcut = conv(inside, outside, 1)

    def forward(self, x):
        h = self.conv2(F.silu(self.norm2(self.conv1(F.silu(self.norm1(x))))))
        return h + (self.nin_shortcut(x) if hasattr(self, "nin_shortcut") else x)


class AttnBlock(nn.Module):
    def __init__(self, channels: int, groups: int):
        super().__init__()
        self.norm = norm(channels, groups)
        self.q, self.k, self.v, self.proj_out = (conv(channels, channels, 1) for _ in range(4))

    def forward(self, x):
        h = self.norm(x)
        q, k, v = (layer(h).flatten(2).transpose(1, 2).unsqueeze(1) for layer in (self.q, self.k, self.v))
        h = F.scaled_dot_product_attention(q, k, v).squeeze(1).transpose(1, 2).reshape(x.shape)
        return x + self.proj_out(h)


class Middle(nn.Module):
    def __init__(self, channels: int, groups: int):
        super().__init__()
        self.block_1, self.attn_1, self.block_2 = (
            ResnetBlock(channels, channels, groups), AttnBlock(channels, groups), ResnetBlock(channels, channels, groups))

    def forward(self, x):
        return self.block_2(self.attn_1(self.block_1(x)))


class Level(nn.Module):
    def __init__(self, widths: list[int], groups: int, resample: str = ""):
        super().__init__()
        self.block = nn.ModuleList(ResnetBlock(a, b, groups) for a, b in zip(widths, widths[1:]))
        if resample:
            self.add_module(resample, nn.Module())
            getattr(self, resample).conv = conv(widths[-1], widths[-1], stride=2 if resample == "downsample" else 1)

    def forward(self, x):
        for block in self.block:
            x = block(x)
        if hasattr(self, "downsample"):
            x = self.downsample.conv(F.pad(x, (0, 1, 0, 1)))
        if hasattr(self, "upsample"):
            x = self.upsample.conv(F.interpolate(x, scale_factor=2.0, mode="nearest"))
        return x


class Encoder(nn.Module):
    def __init__(self, widths: list[int], blocks: int, z: int, groups: int):
        super().__init__()
        last = len(widths) - 1
        self.conv_in = conv(3, widths[0])
        self.down = nn.ModuleList(
            Level([widths[max(i - 1, 0)]] + [w] * blocks, groups, "downsample" if i < last else "")
            for i, w in enumerate(widths))
        self.mid = Middle(widths[-1], groups)
        self.norm_out, self.conv_out = norm(widths[-1], groups), conv(widths[-1], 2 * z)

    def forward(self, x):
        x = self.conv_in(x)
        for level in self.down:
            x = level(x)
        return self.conv_out(F.silu(self.norm_out(self.mid(x))))


class Decoder(nn.Module):
    def __init__(self, widths: list[int], blocks: int, z: int, groups: int):
        super().__init__()
        self.conv_in, self.mid = conv(z, widths[-1]), Middle(widths[-1], groups)
        self.up = nn.ModuleList(
            Level([widths[min(i + 1, len(widths) - 1)]] + [w] * (blocks + 1), groups, "upsample" if i else "")
            for i, w in enumerate(widths))
        self.norm_out, self.conv_out = norm(widths[0], groups), conv(widths[0], 3)

    def forward(self, z):
        x = self.mid(self.conv_in(z))
        for level in reversed(self.up):
            x = level(x)
        return self.conv_out(F.silu(self.norm_out(x)))


class AutoEncoder(nn.Module):
    """Images [n,3,H,W] in [-1,1] ↔ latents [n,z,H/4,W/4]; `latent_mean`, `latent_std` normalise per channel."""

    def __init__(self):
        super().__init__()
        shape = preset()["autoencoder"]
        widths, groups, z = [shape["ch"] * m for m in shape["ch_mult"]], shape["gn_groups"], shape["z_channels"]
        self.encoder = Encoder(widths, shape["num_res_blocks"], z, groups)
        self.decoder = Decoder(widths, shape["num_res_blocks"], z, groups)
        self.register_buffer("latent_mean", torch.zeros(z))
        self.register_buffer("latent_std", torch.ones(z))

    def moments(self, x):
        return self.encoder(x).chunk(2, 1)

    def encode(self, x):
        """The mean, normalised: what the flow sees."""
        return (self.moments(x)[0] - self.latent_mean[:, None, None]) / self.latent_std[:, None, None]

    def decode(self, z):
        return self.decoder(z * self.latent_std[:, None, None] + self.latent_mean[:, None, None])
