"""`packing`: packed latents, ids, rotary angles, timestep features, resized masks."""

import torch
import torch.nn.functional as F

from attention import angles_of
from case_files import write_case
from flux_model import grid_ids, sinusoids
from parameters import Draw


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
