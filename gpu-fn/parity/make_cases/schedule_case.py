"""`schedules`: mu and timesteps."""

import math

import torch

from case_files import write_case


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
