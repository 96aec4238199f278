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


def summed(tensors: list[torch.Tensor]) -> None:
    """Each tensor becomes its sum over the processes."""
    if WORLD > 1:
        flat = torch.cat([t.flatten() for t in tensors])
        dist.all_reduce(flat)
        for t, part in zip(tensors, flat.split([t.numel() for t in tensors])):
            t.copy_(part.view_as(t))


def average_gradients(module: torch.nn.Module) -> None:
    gradients = [p.grad for p in module.parameters() if p.grad is not None]
    summed(gradients)
    if WORLD > 1:
        torch._foreach_div_(gradients, WORLD)


def agreed(value: float) -> float:
    """The first process's value, in all of them."""
    if WORLD == 1:
        return value
    shared = torch.tensor([value], dtype=torch.float64)
    dist.broadcast(shared, 0)
    return shared.item()
