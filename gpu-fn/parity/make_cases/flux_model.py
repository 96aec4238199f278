"""FLUX in plain PyTorch: weights, and the velocity of a latent."""

import math

import torch
import torch.nn.functional as F

from attention import angles_of, by_head, rms, rotate
from parameters import linear

FLUX = dict(in_channels=8, out_channels=8, vec_in_dim=12, context_in_dim=20, hidden_size=16, mlp_ratio=4.0,
            num_heads=2, depth=1, depth_single_blocks=3, axes_dim=[4, 2, 2], theta=10000, qkv_bias=True,
            guidance_embed=True)


def flux_params(draw, c):
    p, width = {}, c["hidden_size"]
    head, mlp = width // c["num_heads"], int(width * c["mlp_ratio"])
    draw.layer(p, "img_in", width, c["in_channels"])
    draw.layer(p, "txt_in", width, c["context_in_dim"])
    for name, inputs in [("time_in", 256), ("guidance_in", 256), ("vector_in", c["vec_in_dim"])]:
        draw.layer(p, f"{name}.in_layer", width, inputs)
        draw.layer(p, f"{name}.out_layer", width, width)
    for i in range(c["depth"]):
        for side in ("img", "txt"):
            at = f"double_blocks.{i}.{side}"
            draw.layer(p, f"{at}_mod.lin", 6 * width, width)
            draw.layer(p, f"{at}_attn.qkv", 3 * width, width)
            draw.gain(p, f"{at}_attn.norm.query_norm.scale", head)
            draw.gain(p, f"{at}_attn.norm.key_norm.scale", head)
            draw.layer(p, f"{at}_attn.proj", width, width)
            draw.layer(p, f"{at}_mlp.0", mlp, width)
            draw.layer(p, f"{at}_mlp.2", width, mlp)
    for i in range(c["depth_single_blocks"]):
        at = f"single_blocks.{i}"
        draw.layer(p, f"{at}.modulation.lin", 3 * width, width)
        draw.layer(p, f"{at}.linear1", 3 * width + mlp, width)
        draw.gain(p, f"{at}.norm.query_norm.scale", head)
        draw.gain(p, f"{at}.norm.key_norm.scale", head)
        draw.layer(p, f"{at}.linear2", width, width + mlp)
    draw.layer(p, "final_layer.adaLN_modulation.1", 2 * width, width)
    draw.layer(p, "final_layer.linear", c["out_channels"], width)
    return p


def sinusoids(t, channels=256):
    frequencies = torch.exp(-math.log(10000) * torch.arange(channels // 2, dtype=torch.float32) / (channels // 2))
    angles = (1000 * t.float())[:, None] * frequencies
    return torch.cat([angles.cos(), angles.sin()], dim=-1)


def grid_ids(h, w):
    rows, columns = torch.meshgrid(torch.arange(h), torch.arange(w), indexing="ij")
    return torch.stack([torch.zeros(h, w), rows, columns], dim=-1).reshape(-1, 3).float()


def flux(p, c, img, txt, vec, t, guidance, ids, change_v=lambda block, v: v, seen=lambda block, k, v: (k, v)):
    """
    Velocity [B, L, C]; `change_v` sees V [B, tokens, width] of each single block and may replace it. `seen` may then replace
    what attention sees in any block, rotated K and V [B, heads, tokens, size]; blocks are counted over both kinds.
    """
    heads, width, texts = c["num_heads"], c["hidden_size"], txt.shape[1]
    angles = angles_of(ids, c["axes_dim"], c["theta"])

    def embed(name, x):
        return linear(p, f"{name}.out_layer", F.silu(linear(p, f"{name}.in_layer", x)))

    def modulate(x, shift, scale):
        return (1 + scale) * F.layer_norm(x, (width,), eps=1e-6) + shift

    def attend(block, q, k, v):
        q, (k, v) = rotate(q, angles), seen(block, rotate(k, angles), by_head(v, heads))
        weights = (q @ k.transpose(-1, -2) / math.sqrt(width // heads)).softmax(-1)
        return (weights @ v).transpose(1, 2).flatten(2)

    condition = embed("time_in", sinusoids(t)) + embed("guidance_in", sinusoids(guidance)) + embed("vector_in", vec)
    active = F.silu(condition)[:, None]
    streams = {"txt": linear(p, "txt_in", txt), "img": linear(p, "img_in", img)}
    for i in range(c["depth"]):
        mods, parts = {}, {}
        for side, x in streams.items():
            at = f"double_blocks.{i}.{side}"
            mods[side] = linear(p, f"{at}_mod.lin", active).chunk(6, dim=-1)
            q, k, v = linear(p, f"{at}_attn.qkv", modulate(x, *mods[side][:2])).chunk(3, dim=-1)
            parts[side] = (rms(by_head(q, heads), p[f"{at}_attn.norm.query_norm.scale"]),
                           rms(by_head(k, heads), p[f"{at}_attn.norm.key_norm.scale"]), v)
        q, k = (torch.cat([parts["txt"][n], parts["img"][n]], dim=2) for n in (0, 1))
        a = attend(i, q, k, torch.cat([parts["txt"][2], parts["img"][2]], dim=1))
        for side, rows in (("txt", slice(0, texts)), ("img", slice(texts, None))):
            at, (_, _, gate1, shift2, scale2, gate2) = f"double_blocks.{i}.{side}", mods[side]
            x = streams[side] + gate1 * linear(p, f"{at}_attn.proj", a[:, rows])
            hidden = F.gelu(linear(p, f"{at}_mlp.0", modulate(x, shift2, scale2)), approximate="tanh")
            streams[side] = x + gate2 * linear(p, f"{at}_mlp.2", hidden)
    x = torch.cat([streams["txt"], streams["img"]], dim=1)
    for i in range(c["depth_single_blocks"]):
        at = f"single_blocks.{i}"
        shift, scale, gate = linear(p, f"{at}.modulation.lin", active).chunk(3, dim=-1)
        all_parts = linear(p, f"{at}.linear1", modulate(x, shift, scale))
        q, k, v, hidden = all_parts.split([width, width, width, all_parts.shape[-1] - 3 * width], dim=-1)
        q = rms(by_head(q, heads), p[f"{at}.norm.query_norm.scale"])
        k = rms(by_head(k, heads), p[f"{at}.norm.key_norm.scale"])
        a = attend(c["depth"] + i, q, k, change_v(i, v))
        x = x + gate * linear(p, f"{at}.linear2", torch.cat([a, F.gelu(hidden, approximate="tanh")], dim=-1))
    shift, scale = linear(p, "final_layer.adaLN_modulation.1", active).chunk(2, dim=-1)
    return linear(p, "final_layer.linear", modulate(x[:, texts:], shift, scale))
