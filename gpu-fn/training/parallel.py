"""Several processes of one thread share each step: torchrun --nproc-per-node 2 flow.py

On busy cores this is many times faster than one process of two threads, whose threads wait for
each other at every operation; here processes meet once a step, to average their gradients.
"""

import os

import torch
import torch.distributed as dist

WORLD, RANK = int(os.environ.get("WORLD_SIZE", "1")), int(os.environ.get("RANK", "0"))


def start() -> None:
    if WORLD > 1 and not dist.is_initialized():
        torch.set_num_threads(1)
        dist.init_process_group("gloo")


def average_gradients(module: torch.nn.Module) -> None:
    if WORLD > 1:
        gradients = [p.grad for p in module.parameters() if p.grad is not None]
        flat = torch.cat([g.flatten() for g in gradients])
        dist.all_reduce(flat)
        for g, part in zip(gradients, (flat / WORLD).split([g.numel() for g in gradients])):
            g.copy_(part.view_as(g))


def agreed(value: float) -> float:
    """The first process's value, in all of them."""
    if WORLD == 1:
        return value
    shared = torch.tensor([value], dtype=torch.float64)
    dist.broadcast(shared, 0)
    return shared.item()
