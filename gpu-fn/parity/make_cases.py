"""Writes the small parity cases beside this file (`cases/<kind>/`), in the layout of `npm run parity`.

An implementation of its own, in plain PyTorch, of what `docs/algorithm.md` says: the TypeScript engine is checked against
it in `npm test` without any other reference at hand. Everything is drawn from seeds, so a second run writes the same
bytes. Run: `python gpu-fn/parity/make_cases.py`
"""

import json
import math
import struct
from pathlib import Path

import torch
import torch.nn.functional as F

CASES = Path(__file__).parent / "cases"
DTYPES = {torch.float32: "F32", torch.int32: "I32"}


def write_tensors(path, tensors):
    header, chunks, offset = {}, [], 0
    for name, tensor in sorted(tensors.items()):
        data = tensor.detach().contiguous().numpy().tobytes()
        span = [offset, offset + len(data)]
        header[name] = {"dtype": DTYPES[tensor.dtype], "shape": list(tensor.shape), "data_offsets": span}
        chunks.append(data)
        offset += len(data)
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    path.write_bytes(struct.pack("<Q", len(text)) + text + b"".join(chunks))


def write_case(name, config, io=None, **weights):
    folder = CASES / name
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config.json").write_text(json.dumps(config, indent=1) + "\n")
    if io:
        write_tensors(folder / "io.safetensors", io)
    for file, tensors in weights.items():
        write_tensors(folder / f"{file}.safetensors", tensors)


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


# --- FLUX -------------------------------------------------------------------------------------------------------

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


def flux_in_diffusers_names(p, c):
    """The same weights under diffusers' names: fused layers cut, the final shift and scale swapped."""
    out, width = {}, c["hidden_size"]
    mlp = int(width * c["mlp_ratio"])

    def move(name, to, part=None):
        for kind in ("weight", "bias"):
            tensor = p[f"{name}.{kind}"]
            out[f"{to}.{kind}"] = tensor if part is None else tensor[part[0]:part[1]]

    move("img_in", "x_embedder")
    move("txt_in", "context_embedder")
    for name, to in [("time_in", "timestep"), ("guidance_in", "guidance"), ("vector_in", "text")]:
        move(f"{name}.in_layer", f"time_text_embed.{to}_embedder.linear_1")
        move(f"{name}.out_layer", f"time_text_embed.{to}_embedder.linear_2")
    streams = {
        "img": ("norm1", "to_q", "to_k", "to_v", "norm", "to_out.0", "ff"),
        "txt": ("norm1_context", "add_q_proj", "add_k_proj", "add_v_proj", "norm_added", "to_add_out", "ff_context"),
    }
    for i in range(c["depth"]):
        for side, (mod, q, k, v, norm, proj, feed) in streams.items():
            old, new = f"double_blocks.{i}.{side}", f"transformer_blocks.{i}"
            move(f"{old}_mod.lin", f"{new}.{mod}.linear")
            for row, part in enumerate((q, k, v)):
                move(f"{old}_attn.qkv", f"{new}.attn.{part}", (row * width, (row + 1) * width))
            out[f"{new}.attn.{norm}_q.weight"] = p[f"{old}_attn.norm.query_norm.scale"]
            out[f"{new}.attn.{norm}_k.weight"] = p[f"{old}_attn.norm.key_norm.scale"]
            move(f"{old}_attn.proj", f"{new}.attn.{proj}")
            move(f"{old}_mlp.0", f"{new}.{feed}.net.0.proj")
            move(f"{old}_mlp.2", f"{new}.{feed}.net.2")
    for i in range(c["depth_single_blocks"]):
        old, new = f"single_blocks.{i}", f"single_transformer_blocks.{i}"
        move(f"{old}.modulation.lin", f"{new}.norm.linear")
        for row, part in enumerate(("attn.to_q", "attn.to_k", "attn.to_v")):
            move(f"{old}.linear1", f"{new}.{part}", (row * width, (row + 1) * width))
        move(f"{old}.linear1", f"{new}.proj_mlp", (3 * width, 3 * width + mlp))
        out[f"{new}.attn.norm_q.weight"] = p[f"{old}.norm.query_norm.scale"]
        out[f"{new}.attn.norm_k.weight"] = p[f"{old}.norm.key_norm.scale"]
        move(f"{old}.linear2", f"{new}.proj_out")
    for kind in ("weight", "bias"):
        shift, scale = p[f"final_layer.adaLN_modulation.1.{kind}"].chunk(2)
        out[f"norm_out.linear.{kind}"] = torch.cat([scale, shift])
    move("final_layer.linear", "proj_out")
    return out


def sinusoids(t, channels=256):
    frequencies = torch.exp(-math.log(10000) * torch.arange(channels // 2, dtype=torch.float32) / (channels // 2))
    angles = (1000 * t.float())[:, None] * frequencies
    return torch.cat([angles.cos(), angles.sin()], dim=-1)


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


def by_head(x, heads):
    return x.unflatten(-1, (heads, -1)).transpose(1, 2)


def rms(x, gain, eps=1e-6):
    return x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + eps) * gain


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


def grid_ids(h, w):
    rows, columns = torch.meshgrid(torch.arange(h), torch.arange(w), indexing="ij")
    return torch.stack([torch.zeros(h, w), rows, columns], dim=-1).reshape(-1, 3).float()


def make_flux():
    draw, c, m = Draw(1), FLUX, 2
    p, io, cases = flux_params(draw, c), {}, [(1, 3, 4, 6), (2, 2, 3, 4)]
    for number, (batch, h, w, texts) in enumerate(cases):
        image_ids, text_ids, tokens = grid_ids(h, w), torch.zeros(texts, 3), h * w
        mask = torch.rand(tokens, generator=draw.generator)
        mask[0], mask[-1] = 0, 1
        io[f"case{number}.in.mask"] = mask
        seen = {}
        for side, t in (("src", 0.85), ("tgt", 0.4)):
            given = dict(img=draw.normal(batch, tokens, c["in_channels"]), vec=draw.normal(batch, c["vec_in_dim"]),
                         txt=draw.normal(batch, texts, c["context_in_dim"]), timestep=torch.full((batch,), t),
                         guidance=torch.full((batch,), 2.0), img_ids=image_ids, txt_ids=text_ids)
            io |= {f"case{number}.in.{side}.{name}": value for name, value in given.items()}
            model = [p, c] + [given[n] for n in ("img", "txt", "vec", "timestep", "guidance")]
            model.append(torch.cat([text_ids, image_ids]))
            seen[side] = {}

            def keep(block, v, side=side):
                seen[side][block] = v
                return v

            io[f"case{number}.out.{side}.velocity"] = flux(*model, keep)
            io |= {f"case{number}.out.{side}.v.{block}": v for block, v in seen[side].items()}

        def fuse(block, v):
            if block < c["depth_single_blocks"] - m:
                return v
            share = mask[None, :, None]
            image = share * v[:, texts:] + (1 - share) * seen["src"][block][:, texts:]
            io[f"case{number}.out.tgt.v_img_fused.{block}"] = image
            return torch.cat([v[:, :texts], image], dim=1)

        io[f"case{number}.out.tgt.velocity_fused"] = flux(*model, fuse)
    config = {"kind": "flux_bfl", **c, "m_last": m}
    write_case("flux_bfl", config, io, weights=p, weights_diffusers=flux_in_diffusers_names(p, c))


# --- Autoencoder ------------------------------------------------------------------------------------------------

AE = dict(in_channels=3, out_ch=3, ch=8, ch_mult=[1, 2], num_res_blocks=1, z_channels=4, gn_groups=4, gn_eps=1e-6,
          scale_factor=0.3611, shift_factor=0.1159)


def make_autoencoder():
    draw, c, p = Draw(2), AE, {}
    widths = [c["ch"] * m for m in c["ch_mult"]]

    def block(name, a, b):
        draw.norm(p, f"{name}.norm1", a)
        draw.layer(p, f"{name}.conv1", b, a, 3, 3)
        draw.norm(p, f"{name}.norm2", b)
        draw.layer(p, f"{name}.conv2", b, b, 3, 3)
        if a != b:
            draw.layer(p, f"{name}.nin_shortcut", b, a, 1, 1)

    for side, first, last, extra in (("encoder", 3, 2 * c["z_channels"], 0), ("decoder", c["z_channels"], 3, 1)):
        levels = range(len(widths)) if side == "encoder" else reversed(range(len(widths)))
        width = widths[0] if side == "encoder" else widths[-1]
        draw.layer(p, f"{side}.conv_in", width, first, 3, 3)
        for name in ("block_1", "block_2"):
            block(f"{side}.mid.{name}", widths[-1], widths[-1])
        draw.norm(p, f"{side}.mid.attn_1.norm", widths[-1])
        for name in ("q", "k", "v", "proj_out"):
            draw.layer(p, f"{side}.mid.attn_1.{name}", widths[-1], widths[-1], 1, 1)
        way, again = ("down", "downsample") if side == "encoder" else ("up", "upsample")
        for level in levels:
            for i in range(c["num_res_blocks"] + extra):
                block(f"{side}.{way}.{level}.block.{i}", width, widths[level])
                width = widths[level]
            if level != (len(widths) - 1 if side == "encoder" else 0):
                draw.layer(p, f"{side}.{way}.{level}.{again}.conv", width, width, 3, 3)
        draw.norm(p, f"{side}.norm_out", width)
        draw.layer(p, f"{side}.conv_out", last, width, 3, 3)

    def norm(name, x):
        return F.group_norm(x, c["gn_groups"], p[f"{name}.weight"], p[f"{name}.bias"], c["gn_eps"])

    def conv(name, x, **how):
        weight = p[f"{name}.weight"]
        return F.conv2d(x, weight, p[f"{name}.bias"], **{"padding": weight.shape[-1] // 2, **how})

    def residual(name, x):
        y = conv(f"{name}.conv2", F.silu(norm(f"{name}.norm2", conv(f"{name}.conv1", F.silu(norm(f"{name}.norm1", x))))))
        return y + (conv(f"{name}.nin_shortcut", x) if f"{name}.nin_shortcut.weight" in p else x)

    def middle(side, x):
        x = residual(f"{side}.mid.block_1", x)
        y = norm(f"{side}.mid.attn_1.norm", x)
        q, k, v = (conv(f"{side}.mid.attn_1.{n}", y).flatten(2).transpose(1, 2) for n in "qkv")
        a = (q @ k.transpose(1, 2) / math.sqrt(q.shape[-1])).softmax(-1) @ v
        x = x + conv(f"{side}.mid.attn_1.proj_out", a.transpose(1, 2).reshape(x.shape))
        return residual(f"{side}.mid.block_2", x)

    def encode(x):
        x = conv("encoder.conv_in", x)
        for level in range(len(widths)):
            for i in range(c["num_res_blocks"]):
                x = residual(f"encoder.down.{level}.block.{i}", x)
            if level < len(widths) - 1:
                x = conv(f"encoder.down.{level}.downsample.conv", F.pad(x, (0, 1, 0, 1)), stride=2, padding=0)
        return conv("encoder.conv_out", F.silu(norm("encoder.norm_out", middle("encoder", x))))

    def decode(latent):
        x = middle("decoder", conv("decoder.conv_in", latent / c["scale_factor"] + c["shift_factor"]))
        for level in reversed(range(len(widths))):
            for i in range(c["num_res_blocks"] + 1):
                x = residual(f"decoder.up.{level}.block.{i}", x)
            if level > 0:
                x = conv(f"decoder.up.{level}.upsample.conv", F.interpolate(x, scale_factor=2.0, mode="nearest"))
        return conv("decoder.conv_out", F.silu(norm("decoder.norm_out", x)))

    image, z = draw.normal(2, 3, 6, 8).clamp(-1, 1), draw.normal(1, c["z_channels"], 3, 2)
    moments = encode(image)
    mean = moments.chunk(2, dim=1)[0]
    latent = c["scale_factor"] * (mean - c["shift_factor"])
    io = {"in.image": image, "in.z": z, "out.moments": moments, "out.mean": mean, "out.latent": latent,
          "out.decoded": decode(z), "out.recon": decode(latent)}
    write_case("ae_bfl", {"kind": "ae_bfl", **c}, {f"case0.{name}": value for name, value in io.items()}, weights=p)


# --- Text encoders ----------------------------------------------------------------------------------------------


def make_clip():
    c = dict(vocab_size=40, hidden_size=24, intermediate_size=48, num_hidden_layers=2, num_attention_heads=3,
             max_position_embeddings=9, layer_norm_eps=1e-5, hidden_act="quick_gelu", projection_dim=10, eos_token_id=39)
    draw, p, width = Draw(3), {}, 24
    p["text_model.embeddings.token_embedding.weight"] = draw.normal(c["vocab_size"], width)
    p["text_model.embeddings.position_embedding.weight"] = draw.normal(c["max_position_embeddings"], width)
    for i in range(c["num_hidden_layers"]):
        at = f"text_model.encoder.layers.{i}"
        for name in "qkv":
            draw.layer(p, f"{at}.self_attn.{name}_proj", width, width)
        draw.layer(p, f"{at}.self_attn.out_proj", width, width)
        draw.layer(p, f"{at}.mlp.fc1", c["intermediate_size"], width)
        draw.layer(p, f"{at}.mlp.fc2", width, c["intermediate_size"])
        draw.norm(p, f"{at}.layer_norm1", width)
        draw.norm(p, f"{at}.layer_norm2", width)
    draw.norm(p, "text_model.final_layer_norm", width)
    draw.layer(p, "text_projection", c["projection_dim"], width, bias=False)

    def norm(name, x):
        return F.layer_norm(x, (width,), p[f"{name}.weight"], p[f"{name}.bias"], c["layer_norm_eps"])

    ids = torch.tensor([[38, 4, 9, 39, 39, 39, 39, 39], [38, 1, 2, 3, 30, 6, 7, 39]], dtype=torch.int32)
    length, heads = ids.shape[1], c["num_attention_heads"]
    x = p["text_model.embeddings.token_embedding.weight"][ids.long()]
    x = x + p["text_model.embeddings.position_embedding.weight"][:length]
    future = torch.full((length, length), float("-inf")).triu(1)
    for i in range(c["num_hidden_layers"]):
        at = f"text_model.encoder.layers.{i}"
        y = norm(f"{at}.layer_norm1", x)
        q, k, v = (by_head(linear(p, f"{at}.self_attn.{n}_proj", y), heads) for n in "qkv")
        scores = q @ k.transpose(-1, -2) / math.sqrt(width // heads) + future
        x = x + linear(p, f"{at}.self_attn.out_proj", (scores.softmax(-1) @ v).transpose(1, 2).flatten(2))
        hidden = linear(p, f"{at}.mlp.fc1", norm(f"{at}.layer_norm2", x))
        x = x + linear(p, f"{at}.mlp.fc2", hidden * torch.sigmoid(1.702 * hidden))
    last = norm("text_model.final_layer_norm", x)
    pooled = last[torch.arange(2), torch.tensor([3, 7])]
    io = {"in.input_ids": ids, "out.last_hidden_state": last, "out.pooled": pooled,
          "out.text_embeds": linear(p, "text_projection", pooled)}
    write_case("clip_text", {"kind": "clip_text", **c}, {f"case0.{n}": v for n, v in io.items()}, weights=p)


def t5_bucket(distance, buckets=32, far=128):
    """By counting: how many bucket borders the distance has passed."""
    half, exact = buckets // 2, buckets // 4
    borders = list(range(1, exact + 1))
    borders += [math.ceil(exact * (far / exact) ** (n / (half - exact)) - 1e-6) for n in range(1, half - exact)]
    return (half if distance > 0 else 0) + sum(abs(distance) >= border for border in borders)


def make_t5():
    c = dict(vocab_size=30, d_model=16, d_kv=6, d_ff=20, num_layers=2, num_heads=2, relative_attention_num_buckets=32,
             relative_attention_max_distance=128, layer_norm_epsilon=1e-6, feed_forward_proj="gated-gelu")
    draw, p, inner = Draw(4), {}, c["num_heads"] * c["d_kv"]
    p["shared.weight"] = draw.normal(c["vocab_size"], c["d_model"])
    first = "encoder.block.0.layer.0.SelfAttention.relative_attention_bias.weight"
    p[first] = draw.normal(32, c["num_heads"])
    for i in range(c["num_layers"]):
        at, dense = f"encoder.block.{i}.layer.0", f"encoder.block.{i}.layer.1"
        for name in "qkv":
            draw.layer(p, f"{at}.SelfAttention.{name}", inner, c["d_model"], bias=False)
        draw.layer(p, f"{at}.SelfAttention.o", c["d_model"], inner, bias=False)
        for name in ("wi_0", "wi_1"):
            draw.layer(p, f"{dense}.DenseReluDense.{name}", c["d_ff"], c["d_model"], bias=False)
        draw.layer(p, f"{dense}.DenseReluDense.wo", c["d_model"], c["d_ff"], bias=False)
        draw.gain(p, f"{at}.layer_norm.weight", c["d_model"])
        draw.gain(p, f"{dense}.layer_norm.weight", c["d_model"])
    draw.gain(p, "encoder.final_layer_norm.weight", c["d_model"])

    ids = torch.randint(0, c["vocab_size"], (2, 40), generator=draw.generator, dtype=torch.int32)
    length = ids.shape[1]
    table = torch.tensor([[t5_bucket(key - query) for key in range(length)] for query in range(length)])
    bias = p[first][table].permute(2, 0, 1)
    x = p["shared.weight"][ids.long()]
    for i in range(c["num_layers"]):
        at, dense = f"encoder.block.{i}.layer.0", f"encoder.block.{i}.layer.1"
        y = rms(x, p[f"{at}.layer_norm.weight"])
        q, k, v = (by_head(linear(p, f"{at}.SelfAttention.{n}", y), c["num_heads"]) for n in "qkv")
        a = (q @ k.transpose(-1, -2) + bias).softmax(-1) @ v
        x = x + linear(p, f"{at}.SelfAttention.o", a.transpose(1, 2).flatten(2))
        y = rms(x, p[f"{dense}.layer_norm.weight"])
        gate = F.gelu(linear(p, f"{dense}.DenseReluDense.wi_0", y), approximate="tanh")
        x = x + linear(p, f"{dense}.DenseReluDense.wo", gate * linear(p, f"{dense}.DenseReluDense.wi_1", y))
    distances = list(range(-140, 141))
    io = {"case0.in.input_ids": ids, "case0.out.last_hidden_state": rms(x, p["encoder.final_layer_norm.weight"]),
          "buckets.in.rel": torch.tensor(distances, dtype=torch.int32),
          "buckets.out.bucket": torch.tensor([t5_bucket(d) for d in distances], dtype=torch.int32)}
    write_case("t5_encoder", {"kind": "t5_encoder", **c}, io, weights=p)


# --- Schedule, packing ------------------------------------------------------------------------------------------


def shift_of(tokens):
    return 0.5 + (tokens - 256) * (1.15 - 0.5) / (4096 - 256)


def timesteps_of(steps, tokens, shift=True):
    u = torch.linspace(1, 0, steps + 1)
    if shift:
        e = math.exp(shift_of(tokens))
        u = e / (e + (1 / u - 1))
    return u.tolist()


def make_schedules():
    items = [dict(num_steps=n, image_seq_len=tokens, shift=shift, mu=shift_of(tokens),
                  timesteps=timesteps_of(n, tokens, shift))
             for n, tokens, shift in [(1, 256, True), (7, 256, True), (30, 4096, True), (28, 1024, True), (9, 64, False)]]
    write_case("schedules", {"kind": "schedules", "items": items})


def make_packing():
    draw = Draw(5)
    latent = draw.normal(2, 4, 4, 6)
    packed = latent.unflatten(2, (2, 2)).unflatten(4, (3, 2)).permute(0, 2, 4, 1, 3, 5).flatten(3).flatten(1, 2)
    io = {"in.latent": latent, "out.packed": packed, "out.img_ids": grid_ids(2, 3)}
    ids = torch.cat([torch.zeros(2, 3), grid_ids(3, 4)])
    for name, axes in (("dev", [16, 56, 56]), ("tiny", [4, 6, 6])):
        angles = angles_of(ids, axes, 10000)
        rows = [angles.cos(), -angles.sin(), angles.sin(), angles.cos()]
        io |= {f"rope.{name}.in": ids, f"rope.{name}.out": torch.stack(rows, dim=-1).unflatten(-1, (2, 2)).float()}
    times = torch.tensor([0, 0.125, 0.5, 0.93, 1, 2.5])
    io |= {"temb.in": times, "temb.out": sinusoids(times)}
    for number, (size, to) in enumerate([((8, 8), (4, 4)), ((6, 10), (4, 7)), ((4, 4), (6, 8))]):
        mask = torch.rand(1, 1, *size, generator=draw.generator)
        io[f"mask{number}.in"] = mask[0, 0]
        for mode, name in (("area", "area"), ("bilinear", "bilinear"), ("nearest-exact", "nearest_exact")):
            io[f"mask{number}.out.{name}"] = F.interpolate(mask, size=to, mode=mode)[0, 0]
    write_case("packing", {"kind": "packing"}, io)


# --- Solver, S2D-EC ---------------------------------------------------------------------------------------------


class Edit:
    """A tiny FLUX, a clean latent and two prompts; runs of the solver over it."""

    def __init__(self, seed, h, w, steps, texts, config=FLUX):
        draw = Draw(seed)
        self.c, self.h, self.w, self.steps = config, h, w, steps
        self.p = flux_params(draw, config)
        self.z0 = draw.normal(1, h * w, config["in_channels"])
        self.prompts = {side: (draw.normal(1, count, config["context_in_dim"]), draw.normal(1, config["vec_in_dim"]))
                        for side, count in zip(("src", "tgt"), texts)}
        self.times = timesteps_of(steps, h * w)[::-1]

    def inputs(self):
        io = {"in.z0": self.z0, "in.img_ids": grid_ids(self.h, self.w)}
        for side, (txt, vec) in self.prompts.items():
            io |= {f"in.{side}.txt": txt, f"in.{side}.vec": vec}
        return io

    def velocity(self, side, guidance, z, t, *changes):
        txt, vec = self.prompts[side]
        ids = torch.cat([torch.zeros(txt.shape[1], 3), grid_ids(self.h, self.w)])
        return flux(self.p, self.c, z, txt, vec, torch.tensor([t]), torch.tensor([guidance]), ids, *changes)

    def run(self, z, up, velocity, after=lambda j, z: z):
        """`velocity(z, t, j, half)`; intervals j = 1..N upwards or downwards."""
        log = []
        for j in range(1, self.steps + 1) if up else range(self.steps, 0, -1):
            a, b = (self.times[j - 1], self.times[j]) if up else (self.times[j], self.times[j - 1])
            h = b - a
            v = velocity(z, a, j, "first")
            mid = z + h / 2 * v
            vm = velocity(mid, a + h / 2, j, "mid")
            slope = (vm - v) / (h / 2)
            before = z + h * v + h * h / 2 * slope
            log.append(dict(j=j, z=z, v=v, mid=mid, vm=vm, before=before))
            z = after(j, before)
        return z, log


def make_solver():
    config = {**FLUX, "depth_single_blocks": 2}
    inject, steps, blocks = 2, 4, [1]
    edit = Edit(6, 2, 3, steps, (4, 4), config)
    stored = {}

    def keep(j, half):
        def change(block, v):
            if block in blocks and j > steps - inject:
                stored[j, half, block] = v
            return v
        return change

    def replace(j, half):
        return lambda block, v: stored.get((j, half, block), v)

    def evaluations(log):
        both = [(step[z][0], step[v][0]) for step in log for z, v in (("z", "v"), ("mid", "vm"))]
        return torch.stack([z for z, _ in both]), torch.stack([v for _, v in both])

    io = edit.inputs()
    runs = {
        "inv": lambda: edit.run(edit.z0, True, lambda z, t, j, half: edit.velocity("src", 1.0, z, t, keep(j, half))),
        "recon": lambda: edit.run(noise, False, lambda z, t, j, half: edit.velocity("src", 1.0, z, t)),
        "edit": lambda: edit.run(noise, False, lambda z, t, j, half: edit.velocity("tgt", 2.0, z, t, replace(j, half))),
    }
    for name, run in runs.items():
        final, log = run()
        if name == "inv":
            noise = final
        io[f"out.{name}.final"] = final
        io[f"out.{name}.eval_z"], io[f"out.{name}.eval_v"] = evaluations(log)
    keys = [f"{edit.times[j]}_{half == 'mid'}_{block}_single_V" for j, half, block in sorted(stored)]
    write_case("rf_solver", {"kind": "rf_solver", **config, "N": steps, "h": 2, "w": 3, "inject_step": inject,
                             "guidance_inv": 1.0, "guidance_edit": 2.0, "feature_keys": keys,
                             "timesteps": edit.times[::-1]}, io, weights=edit.p)


def make_sculpting():
    config = {**FLUX, "depth_single_blocks": 2}
    steps, structuring, m, tokens = 5, 2, 1, 6
    edit = Edit(7, 2, 3, steps, (4, 4), config)
    fused = range(config["depth_single_blocks"] - m, config["depth_single_blocks"])
    soft = torch.rand(tokens, generator=torch.Generator().manual_seed(8))
    soft[0], soft[1] = 1, 0
    hard = (soft > 0.5).float()
    cache = {}

    def keep(j, half):
        def change(block, v):
            cache[j, half, block] = v[:, -tokens:]
            return v
        return change

    noise, inversion = edit.run(edit.z0, True, lambda z, t, j, half: edit.velocity("src", 1.0, z, t, keep(j, half)))

    def sculpt(mask, T=structuring, latent=True, attn=True, pairing="interval"):
        share, posts = mask[None, :, None], []

        def velocity(z, t, j, half):
            source = j + 1 if pairing == "time" and half == "first" else j

            def change(block, v):
                if not attn or j > steps - T or block not in fused:
                    return v
                image = share * v[:, -tokens:] + (1 - share) * cache[source, half, block]
                return torch.cat([v[:, :-tokens], image], dim=1)

            return edit.velocity("tgt", 3.0, z, t, change)

        def after(j, z):
            if latent and j > steps - T:
                t = edit.times[j - 1]
                z = share * z + (1 - share) * ((1 - t) * edit.z0 + t * noise)
            posts.append(z[0])
            return z

        final, log = edit.run(noise, False, velocity, after)
        return final, torch.stack([step["before"][0] for step in log]), torch.stack(posts)

    variants = {"attn_all_T0": dict(T=0), "attn_only": dict(latent=False), "latent_only": dict(attn=False),
                "latent_all_TN": dict(T=steps), "hard_mask": dict(mask="hard"), "no_mask": dict(mask="none"),
                "pairing_time": dict(pairing="time")}
    masks = {"soft": soft, "hard": hard, "none": torch.zeros(tokens)}
    final, before, after = sculpt(soft)
    io = edit.inputs() | {"in.mask_soft": soft, "in.mask_hard": hard, "out.final": final, "out.edit.pre": before,
                          "out.edit.post": after}
    io["out.inv.z"] = torch.stack([step["z"][0] for step in inversion] + [noise[0]])
    io["out.inv.zmid"] = torch.stack([step["mid"][0] for step in inversion])
    for (j, half, block), v in cache.items():
        if block in fused and j <= steps - structuring:
            io[f"out.cache.step{j}.{half}.block{block}"] = v
    io["out.variant.plain_edit"] = sculpt(soft, latent=False, attn=False)[0]
    for name, options in variants.items():
        options = dict(options)
        io[f"out.variant.{name}"] = sculpt(masks[options.pop("mask", "soft")], **options)[0]
    listed = {name: {"T": structuring, "mask": "soft", **options} for name, options in variants.items()}
    write_case("s2dec", {"kind": "s2dec", **config, "N": steps, "T": structuring, "h": 2, "w": 3, "m_last": m,
                         "guidance_inv": 1.0, "guidance_edit": 3.0, "pairing_default": "interval",
                         "timesteps_ascending": edit.times, "variants": listed}, io, weights=edit.p)


def make_background():
    """
    The edit of `make_sculpting` in which tokens outside of `computed` are the source's. Here all of them run through the
    model, and what attention sees of those outside is replaced: their own results are then seen by nobody.
    """
    config = {**FLUX, "depth_single_blocks": 2}
    steps, structuring, m, h, w, texts = 4, 1, 1, 3, 3, 4
    edit = Edit(10, h, w, steps, (texts, texts), config)
    fused = config["depth_single_blocks"] - m
    outside = torch.tensor([0, 2, 3, 6, 8])
    inside = torch.tensor([token for token in range(h * w) if token not in outside])
    mask = torch.rand(h * w, generator=torch.Generator().manual_seed(11))
    mask[outside], mask[inside[0]], mask[inside[1]] = 0, 1, 0
    share, kept = mask[None, :, None], {}

    def keep(j, half):
        def look(block, k, v):
            kept[j, half, block] = k[:, :, texts:], v[:, :, texts:]
            return k, v
        return lambda block, v: v, look

    noise, _ = edit.run(edit.z0, True, lambda z, t, j, half: edit.velocity("src", 1.0, z, t, *keep(j, half)))

    def around(j, half):
        def mix(block, v):
            if j > steps - structuring or block < fused:
                return v
            source = kept[j, half, config["depth"] + block][1].transpose(1, 2).flatten(2)
            return torch.cat([v[:, :texts], share * v[:, texts:] + (1 - share) * source], dim=1)

        def look(block, k, v):
            k, v = k.clone(), v.clone()
            for own, source in zip((k, v), kept[j, half, block]):
                own[:, :, texts + outside] = source[:, :, outside]
            return k, v
        return mix, look

    def after(j, z):
        t = edit.times[j - 1]
        line = (1 - t) * edit.z0 + t * noise
        if j > steps - structuring:
            z = share * z + (1 - share) * line
        z = z.clone()
        z[:, outside] = line[:, outside]
        return z

    final, log = edit.run(noise, False, lambda z, t, j, half: edit.velocity("tgt", 3.0, z, t, *around(j, half)), after)
    evaluations = [step[name][0, inside] for step in log for name in ("v", "vm")]
    io = edit.inputs() | {"in.mask": mask, "in.rows": inside.int(), "out.velocities": torch.stack(evaluations),
                          "out.final": final}
    write_case("background", {"kind": "background", **config, "N": steps, "T": structuring, "h": h, "w": w, "m_last": m,
                              "guidance_inv": 1.0, "guidance_edit": 3.0}, io, weights=edit.p)


# --- PASL -------------------------------------------------------------------------------------------------------


def make_pasl():
    c = dict(channels=[4, 6, 6, 8, 8, 8], strides=[1, 2, 2, 2, 1, 1], leaky_slope=0.01, text_dim=10, text_hidden=12)
    draw, p, width = Draw(9), {}, 3
    for i, to in enumerate(c["channels"]):
        draw.layer(p, f"encoder.conv{i + 1}", to, width, 3, 3)
        width = to
    draw.layer(p, "projector.linear1", c["text_hidden"], c["text_dim"])
    draw.layer(p, "projector.linear2", width, c["text_hidden"])
    image, text = draw.normal(2, 3, 16, 24).clamp(-1, 1), draw.normal(2, c["text_dim"])
    x = image
    for i, stride in enumerate(c["strides"]):
        x = F.conv2d(x, p[f"encoder.conv{i + 1}.weight"], p[f"encoder.conv{i + 1}.bias"], stride=stride, padding=1)
        x = F.leaky_relu(x, c["leaky_slope"])
    feature = linear(p, "projector.linear2", F.relu(linear(p, "projector.linear1", text)))
    logits = torch.einsum("bchw,bc->bhw", x, feature)
    mask = logits.sigmoid()
    truth = (torch.rand(mask.shape, generator=draw.generator) > 0.6).float()
    bce = -(truth * F.logsigmoid(logits) + (1 - truth) * F.logsigmoid(-logits)).mean((1, 2))
    dice = 1 - 2 * (mask * truth).sum((1, 2)) / (mask.sum((1, 2)) + truth.sum((1, 2)))
    io = {"in.image": image, "in.text": text, "in.gt": truth, "out.f_img": x, "out.f_text": feature,
          "out.logits": logits, "out.mask": mask, "out.bce": bce, "out.dice": dice, "out.loss": (bce + dice).mean()[None]}
    write_case("pasl", {"kind": "pasl", **c}, io, weights=p)


if __name__ == "__main__":
    torch.set_grad_enabled(False)
    torch.set_num_threads(1)
    for make in (make_flux, make_autoencoder, make_clip, make_t5, make_schedules, make_packing, make_solver,
                 make_sculpting, make_background, make_pasl):
        make()
