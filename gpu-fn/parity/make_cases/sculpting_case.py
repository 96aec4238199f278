"""`s2dec`: the inversion, the V cache, each step of the edit, and every variant of the ablation."""

import torch

from case_files import write_case
from edit_runs import Edit
from flux_model import FLUX


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
