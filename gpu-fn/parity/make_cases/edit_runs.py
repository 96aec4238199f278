"""Runs of the RF-Solver over a small FLUX."""

import torch

from flux_model import FLUX, flux, flux_params, grid_ids
from parameters import Draw
from schedule_case import timesteps_of


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
