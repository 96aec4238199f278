"""The FLUX transformer (docs/algorithm.md §1), BFL tensor names, at any size."""

import math

import torch
import torch.nn.functional as F
from torch import nn

THETA = 10_000


def packed(z: torch.Tensor) -> torch.Tensor:
    """Latents [b,c,h,w] → tokens [b,(h/2)(w/2),4c], channel = 4c+2ph+pw."""
    b, c, h, w = z.shape
    return z.view(b, c, h // 2, 2, w // 2, 2).permute(0, 2, 4, 1, 3, 5).reshape(b, h * w // 4, 4 * c)


def unpacked(x: torch.Tensor, side: int) -> torch.Tensor:
    """Tokens [b,side²,4c] → latents [b,c,2·side,2·side]."""
    b, _, channels = x.shape
    x = x.view(b, side, side, channels // 4, 2, 2).permute(0, 3, 1, 4, 2, 5)
    return x.reshape(b, channels // 4, 2 * side, 2 * side)


def rotary(text: int, side: int, axes_dim: list[int]) -> tuple[torch.Tensor, torch.Tensor]:
    """cos and sin [1,1,text+side²,head/2]: text ids are 0, image ids (0,row,column)."""
    grid = torch.arange(side, dtype=torch.float64)
    image = torch.stack([torch.zeros(side * side, dtype=torch.float64), grid.repeat_interleave(side), grid.repeat(side)], 1)
    ids = torch.cat([torch.zeros(text, 3, dtype=torch.float64), image])
    angles = torch.cat([ids[:, axis, None] / THETA ** (torch.arange(0, size, 2, dtype=torch.float64) / size)
                        for axis, size in enumerate(axes_dim)], 1)
    return angles.cos().float()[None, None], angles.sin().float()[None, None]


def rotate(x: torch.Tensor, cos: torch.Tensor, sin: torch.Tensor) -> torch.Tensor:
    a, b = x.float().unflatten(-1, (-1, 2)).unbind(-1)
    return torch.stack([a * cos - b * sin, a * sin + b * cos], -1).flatten(-2).to(x.dtype)


def attention(q, k, v, rope) -> torch.Tensor:
    """q, k, v [b,heads,tokens,head] → [b,tokens,heads·head]."""
    q, k = rotate(q, *rope), rotate(k, *rope)
    if q.device.type == "cpu" and (torch.is_grad_enabled() or torch.compiler.is_compiling()):
        # Plain products, compiled: forward and backward take 40 % of the CPU flash kernel's time at this size.
        scores = (q * q.shape[-1] ** -0.5) @ k.transpose(-1, -2)
        shares = torch.exp(scores - scores.amax(-1, keepdim=True).detach())
        found = (shares @ v) / shares.sum(-1, keepdim=True)
    else:
        found = F.scaled_dot_product_attention(q, k, v)
    return found.transpose(1, 2).flatten(2)


def timestep_embedding(t: torch.Tensor) -> torch.Tensor:
    frequencies = torch.exp(-math.log(10_000) * torch.arange(128, dtype=torch.float32, device=t.device) / 128)
    angles = 1000 * t.float()[:, None] * frequencies
    return torch.cat([angles.cos(), angles.sin()], -1)


class MLPEmbedder(nn.Module):
    def __init__(self, inside: int, width: int):
        super().__init__()
        self.in_layer, self.out_layer = nn.Linear(inside, width), nn.Linear(width, width)

    def forward(self, x):
        return self.out_layer(F.silu(self.in_layer(x)))


class RMSNorm(nn.Module):
    def __init__(self, size: int):
        super().__init__()
        self.scale = nn.Parameter(torch.ones(size))

    def forward(self, x):
        wide = x.float()
        return (wide * torch.rsqrt(wide.square().mean(-1, keepdim=True) + 1e-6) * self.scale).to(x.dtype)


class QKNorm(nn.Module):
    def __init__(self, size: int):
        super().__init__()
        self.query_norm, self.key_norm = RMSNorm(size), RMSNorm(size)


class SelfAttention(nn.Module):
    def __init__(self, width: int, heads: int):
        super().__init__()
        self.heads = heads
        self.qkv, self.norm, self.proj = nn.Linear(width, 3 * width), QKNorm(width // heads), nn.Linear(width, width)

    def project(self, x):
        q, k, v = self.qkv(x).unflatten(-1, (3, self.heads, -1)).permute(2, 0, 3, 1, 4)
        return self.norm.query_norm(q), self.norm.key_norm(k), v


class Modulation(nn.Module):
    def __init__(self, width: int, chunks: int):
        super().__init__()
        self.chunks, self.lin = chunks, nn.Linear(width, chunks * width)

    def forward(self, vec):
        return self.lin(F.silu(vec))[:, None].chunk(self.chunks, -1)


def modulated(x, shift, scale):
    return (1 + scale) * F.layer_norm(x, x.shape[-1:], eps=1e-6) + shift


def mlp(width: int, ratio: float) -> nn.Sequential:
    inner = int(width * ratio)
    return nn.Sequential(nn.Linear(width, inner), nn.GELU("tanh"), nn.Linear(inner, width))


class DoubleStreamBlock(nn.Module):
    def __init__(self, width: int, heads: int, ratio: float):
        super().__init__()
        for stream in ("img", "txt"):
            self.add_module(f"{stream}_mod", Modulation(width, 6))
            self.add_module(f"{stream}_attn", SelfAttention(width, heads))
            self.add_module(f"{stream}_mlp", mlp(width, ratio))

    def forward(self, img, txt, vec, rope):
        i, t = self.img_mod(vec), self.txt_mod(vec)
        joined = [torch.cat(pair, 2) for pair in zip(self.txt_attn.project(modulated(txt, t[0], t[1])),
                                                     self.img_attn.project(modulated(img, i[0], i[1])))]
        found_txt, found_img = attention(*joined, rope).split([txt.shape[1], img.shape[1]], 1)
        img = img + i[2] * self.img_attn.proj(found_img)
        txt = txt + t[2] * self.txt_attn.proj(found_txt)
        img = img + i[5] * self.img_mlp(modulated(img, i[3], i[4]))
        return img, txt + t[5] * self.txt_mlp(modulated(txt, t[3], t[4]))


class SingleStreamBlock(nn.Module):
    def __init__(self, width: int, heads: int, ratio: float):
        super().__init__()
        self.heads, self.width, inner = heads, width, int(width * ratio)
        self.linear1, self.linear2 = nn.Linear(width, 3 * width + inner), nn.Linear(width + inner, width)
        self.norm, self.modulation = QKNorm(width // heads), Modulation(width, 3)

    def forward(self, x, vec, rope, values=None):
        """`values` maps this block's V [b,tokens,width] to the V that attention sees."""
        shift, scale, gate = self.modulation(vec)
        q, k, v, inner = self.linear1(modulated(x, shift, scale)).split(
            [self.width] * 3 + [self.linear2.in_features - self.width], -1)
        v = values(v) if values else v
        q, k, v = (part.unflatten(-1, (self.heads, -1)).transpose(1, 2) for part in (q, k, v))
        found = attention(self.norm.query_norm(q), self.norm.key_norm(k), v, rope)
        return x + gate * self.linear2(torch.cat([found, F.gelu(inner, approximate="tanh")], -1))


class LastLayer(nn.Module):
    def __init__(self, width: int, outside: int):
        super().__init__()
        self.linear, self.adaLN_modulation = nn.Linear(width, outside), nn.Sequential(nn.SiLU(), nn.Linear(width, 2 * width))

    def forward(self, x, vec):
        return self.linear(modulated(x, *self.adaLN_modulation(vec)[:, None].chunk(2, -1)))


class Flux(nn.Module):
    """Velocity [b,side²,channels] = noise − data at time t (1 is noise)."""

    def __init__(self, config: dict):
        super().__init__()
        self.config = config
        width, heads, ratio = config["hidden_size"], config["num_heads"], config["mlp_ratio"]
        if sum(config["axes_dim"]) * heads != width:
            raise ValueError(f"axes {config['axes_dim']} do not fill a head of {width // heads}")
        self.img_in, self.txt_in = nn.Linear(config["in_channels"], width), nn.Linear(config["context_in_dim"], width)
        self.time_in, self.guidance_in = MLPEmbedder(256, width), MLPEmbedder(256, width)
        self.vector_in = MLPEmbedder(config["vec_in_dim"], width)
        self.double_blocks = nn.ModuleList(DoubleStreamBlock(width, heads, ratio) for _ in range(config["depth"]))
        self.single_blocks = nn.ModuleList(
            SingleStreamBlock(width, heads, ratio) for _ in range(config["depth_single_blocks"]))
        self.final_layer = LastLayer(width, config["out_channels"])
        self.ropes: dict[tuple[int, int], tuple] = {}
        for name, parameter in self.named_parameters():
            if any(part in name for part in ("_mod.lin", "modulation", "final_layer.linear", "guidance_in.out_layer")):
                nn.init.zeros_(parameter)

    def rope(self, text: int, tokens: int):
        key = (text, tokens)
        if key not in self.ropes:
            self.ropes[key] = rotary(text, math.isqrt(tokens), self.config["axes_dim"])
        return self.ropes[key]

    def forward(self, img, txt, pooled, t, guidance=None, values=None):
        """img [b,L,in], txt [b,T,context], pooled [b,vec], t [b], guidance [b]; `values(i, v)` sees single block i's V."""
        vec = self.time_in(timestep_embedding(t)) + self.vector_in(pooled)
        if guidance is not None:
            vec = vec + self.guidance_in(timestep_embedding(guidance))
        rope = self.rope(txt.shape[1], img.shape[1])
        text, img, txt = txt.shape[1], self.img_in(img), self.txt_in(txt)
        for block in self.double_blocks:
            img, txt = block(img, txt, vec, rope)
        x = torch.cat([txt, img], 1)
        for index, block in enumerate(self.single_blocks):
            x = block(x, vec, rope, values and (lambda v, index=index: values(index, v)))
        return self.final_layer(x[:, text:], vec)
