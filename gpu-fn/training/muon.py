"""Muon for matrices (momentum, orthogonalised by Newton–Schulz), AdamW for everything else."""

import torch

from parallel import RANK, WORLD, summed
from precision import multiplies_bfloat16


def orthogonalised(update: torch.Tensor, steps: int = 5) -> torch.Tensor:
    """Approximates U·Vᵀ of a matrix's singular value decomposition; a rough value suffices, so bfloat16 is used if it is fast."""
    a, b, c = 3.4445, -4.7750, 2.0315
    x = update.bfloat16() if multiplies_bfloat16(update.device.type) else update
    tall = x.shape[-2] > x.shape[-1]
    x = x.mT if tall else x
    x = x / (x.norm() + 1e-7)
    for _ in range(steps):
        gram = x @ x.mT
        x = a * x + (b * gram + c * gram @ gram) @ x
    return (x.mT if tall else x).to(update.dtype)


class Muon(torch.optim.Optimizer):
    """Matrices [out,in] and convolution kernels seen as [out,in·k·k]; updates of unit spectral norm · √max(1,out/in)."""

    def __init__(self, params, lr: float, momentum: float = 0.95, weight_decay: float = 0.0):
        super().__init__(params, {"lr": lr, "momentum": momentum, "weight_decay": weight_decay})

    @torch.no_grad()
    def step(self) -> None:
        for group in self.param_groups:
            params = [p for p in group["params"] if p.grad is not None]
            updates = [torch.zeros_like(p) for p in params]
            for index, (p, found) in enumerate(zip(params, updates)):
                state = self.state[p]
                if not state:
                    state["momentum"] = torch.zeros_like(p)
                state["momentum"].lerp_(p.grad, 1 - group["momentum"])
                if index % WORLD == RANK:  # each process orthogonalises its share
                    update = orthogonalised(p.grad.lerp(state["momentum"], group["momentum"]).flatten(1))
                    found.copy_((update * max(1, update.shape[0] / update.shape[1]) ** 0.5).view_as(p))
            summed(updates)
            for p, update in zip(params, updates):
                p.mul_(1 - group["lr"] * group["weight_decay"]).add_(update, alpha=-group["lr"])


class Optimizers:
    """Muon over `matrices`, AdamW over `rest`; one learning rate each, set together."""

    def __init__(self, matrices: list, rest: list, muon_lr: float, lr: float, weight_decay: float = 0.01):
        self.muon = Muon(matrices, muon_lr, weight_decay=weight_decay)
        self.adam = torch.optim.AdamW(rest, lr, betas=(0.9, 0.98), weight_decay=0.0, fused=True)
        self.peaks = (muon_lr, lr)

    def step(self, share: float) -> None:
        """One step at `share` of the peak learning rates; clears the gradients."""
        for optimizer, peak in zip((self.muon, self.adam), self.peaks):
            for group in optimizer.param_groups:
                group["lr"] = peak * share
            optimizer.step()
            optimizer.zero_grad()

    def state_dict(self) -> dict:
        return {"muon": self.muon.state_dict(), "adam": self.adam.state_dict()}

    def load_state_dict(self, saved: dict) -> None:
        self.muon.load_state_dict(saved["muon"])
        self.adam.load_state_dict(saved["adam"])


def split(module: torch.nn.Module, adam: tuple[str, ...]) -> tuple[list, list]:
    """(matrices for Muon, everything else): a parameter whose name contains one of `adam` is no matrix."""
    named = [(n, p) for n, p in module.named_parameters() if p.requires_grad]
    matrices = [p for n, p in named if p.ndim >= 2 and not any(part in n for part in adam)]
    chosen = {id(p) for p in matrices}
    return matrices, [p for _, p in named if id(p) not in chosen]
