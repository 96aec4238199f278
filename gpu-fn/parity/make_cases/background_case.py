"""`background`: an edit that computes only some of the tokens."""

import torch

from case_files import write_case
from edit_runs import Edit
from flux_model import FLUX


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
