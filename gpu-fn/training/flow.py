"""Trains the flow: FLUX with its T5 encoder, as one rectified flow on latents: python flow.py

x_t = (1−t)·x0 + t·noise, the model predicts noise − x0.
Guidance is 1 throughout (stronger ones are distilled afterwards); the CLIP tower is frozen.
"""

import numpy as np
import torch
from torch import nn

import distil_text
from flow_data import Batches, Portraits
from flux import Flux, packed
from latents import Captions
from muon import Optimizers, split
from parallel import RANK, average_gradients, start
from precision import autocast, use_accelerator
from presets import SCRATCH, preset
from run import Average, Run
from t5_encoder import T5Encoder

ADAM = ("_in.", "_mod", "modulation", "final_layer", "shared", "bias", "norm", "scale")


class Flow(nn.Module):
    """The two networks trained together."""

    def __init__(self):
        super().__init__()
        size, z = preset(), preset()["autoencoder"]["z_channels"]
        self.t5 = T5Encoder(size["text"]["vocabulary"], size["t5"])
        self.flux = Flux({
            "in_channels": 4 * z, "out_channels": 4 * z, "vec_in_dim": size["clip"]["width"],
            "context_in_dim": size["t5"]["d_model"], "mlp_ratio": 4.0, "theta": 10_000, "qkv_bias": True,
            "guidance_embed": True, **size["flux"]})

    def forward(self, x, ids, pooled, t, guidance=None):
        """Velocity of packed tokens."""
        return self.flux(x, self.t5(ids), pooled, t, guidance)


def fresh() -> Flow:
    """New networks; T5 as it was restored, or its tokens as their teacher's principal components, if those are at hand."""
    flow, features, restored = Flow(), SCRATCH / "token_features.npy", SCRATCH / "ckpt/t5.pt"
    if restored.exists():
        flow.t5.load_state_dict(torch.load(restored, map_location="cpu"))
    elif features.exists():
        with torch.no_grad():
            flow.t5.shared.weight.copy_(distil_text.principal(np.load(features), preset()["t5"]["d_model"]))
    return flow


def times(count: int) -> torch.Tensor:
    """Times [n] of three kinds: half logit-normal, shifted to noise as the schedule is; a quarter uniform, as inversion
    needs both ends; a quarter near noise (median 0.92), where the caption alone decides colours and shapes."""
    kind, normal = torch.rand(count), torch.randn(count)
    return torch.where(kind < 0.25, torch.rand(count), (normal + torch.where(kind < 0.5, 2.5, 0.5)).sigmoid())


def noised(latents: torch.Tensor, t: torch.Tensor):
    """(x_t, velocity), packed."""
    noise = torch.randn_like(latents)
    mix = t[:, None, None, None]
    return packed((1 - mix) * latents + mix * noise), packed(noise - latents)


def token_weights(weights: torch.Tensor) -> torch.Tensor:
    """Per-pixel weights [n,h,w] → per packed channel [n,tokens,4], in the order (ph,pw)."""
    return packed(weights[:, None])


def weighted(error: torch.Tensor, weights: torch.Tensor) -> torch.Tensor:
    """Mean squared error [n,tokens,4c] under per-pixel weights."""
    return (error.square() * weights.repeat(1, 1, error.shape[-1] // 4)).mean()


class Validation:
    """Velocity error on fixed portraits, times and noise, with captions and without."""

    def __init__(self, count: int = 128):
        portraits = Portraits("val")
        count = min(count, len(portraits.latents))
        captions = Captions([row[0] for row in portraits.texts[:count]])
        numbers = torch.tensor([captions.numbers[row[0]] for row in portraits.texts[:count]])
        generator = torch.Generator(torch.get_default_device()).manual_seed(1)
        self.latents = portraits.latents[:count].float()
        self.noise = torch.randn(self.latents.shape, generator=generator)
        self.t = (torch.arange(count) + 0.5) / count
        self.texts = [(captions.ids[n], captions.pooled[n].float()) for n in (numbers, torch.zeros_like(numbers))]

    @torch.no_grad()
    def errors(self, values: dict) -> dict[str, float]:
        flow, mix = Flow().eval(), self.t[:, None, None, None]
        flow.load_state_dict(values)
        x, v = packed((1 - mix) * self.latents + mix * self.noise), packed(self.noise - self.latents)
        found = []
        with autocast():
            for ids, pooled in self.texts:
                error = [(flow(*part, torch.ones(len(truth))).float() - truth).square().mean().item()
                         for *part, truth in zip(x.split(32), ids.split(32), pooled.split(32), self.t.split(32), v.split(32))]
                found.append(sum(error) / len(error))
        return {"val": round(found[0], 5), "val_without_text": round(found[1], 5)}


def main() -> None:
    start()
    use_accelerator()
    torch.manual_seed(0)
    shape = preset()["flow"]
    batches, validation, flow = Batches(), Validation(), fresh()
    optimizers = Optimizers(*split(flow, ADAM), shape["muon_lr"], shape["lr"])
    average = Average(flow, 0.9985)
    run = Run("flow", shape["minutes"], shape["batch"])
    run.track(flow=flow, optimizers=optimizers, average=average)
    forward = torch.compile(flow) if shape.get("compile") else flow
    for step in run:
        latents, weights, ids, pooled = batches.draw(run.share)
        t = times(len(latents))
        x, velocity = noised(latents, t)
        with autocast():
            found = forward(x, ids, pooled, t, torch.ones_like(t))
        loss = weighted(found.float() - velocity, token_weights(weights))
        loss.backward()
        average_gradients(flow)
        torch.nn.utils.clip_grad_norm_(flow.parameters(), 1.0)
        optimizers.step(run.rate(1.0, warmup=100))
        average.update()
        run.report(loss=loss)
        if step % 600 == 599 and RANK == 0:
            run.flush(**validation.errors(average.values))
    if RANK == 0:
        run.flush(**validation.errors(average.values))


if __name__ == "__main__":
    main()
