"""`ae_bfl`: moments, mean, latent, decoded latent and reconstruction."""

import math

import torch.nn.functional as F

from case_files import write_case
from parameters import Draw

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
