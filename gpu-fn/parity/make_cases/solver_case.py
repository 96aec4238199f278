"""`rf_solver`: every evaluated state of inversion, reconstruction and edit, also with RF-Solver-Edit's V."""

import torch

from case_files import write_case
from edit_runs import Edit
from flux_model import FLUX


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
