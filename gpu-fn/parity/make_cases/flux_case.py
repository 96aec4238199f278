"""`flux_bfl`: velocities, V of single blocks, and V fused by a mask."""

import torch

from case_files import write_case
from diffusers_names import flux_in_diffusers_names
from flux_model import FLUX, flux, flux_params, grid_ids
from parameters import Draw


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
