"""Distils guidance into the flow, as FLUX.1-dev has it: python guidance.py

The student at guidance w matches v_u + w·(v_c − v_u) of its own averaged weights; `guidance_in` starts at
zero. A share of the batch stays at w = 1 with and without text, where inversion happens.
"""

import torch

from flow import ADAM, Flow, noised, times
from flow_data import Batches
from muon import Optimizers, split
from parallel import average_gradients, start
from precision import autocast, use_accelerator
from presets import SCRATCH, preset
from run import Average, Run

HIGHEST = 8.0


def averaged(name: str) -> Flow:
    """The averaged weights of a run."""
    flow = Flow()
    flow.load_state_dict(torch.load(SCRATCH / f"ckpt/{name}.pt", weights_only=False, map_location="cpu")["average"]["values"])
    return flow


def newest(*names: str) -> str:
    """The first of these runs that has a checkpoint."""
    return next(name for name in names if (SCRATCH / f"ckpt/{name}.pt").exists())


def strengths(count: int) -> torch.Tensor:
    """w: a quarter at 1, the rest uniform to the highest."""
    return torch.where(torch.rand(count) < 0.25, 1.0, 1 + (HIGHEST - 1) * torch.rand(count))


def main() -> None:
    start()
    use_accelerator()
    torch.manual_seed(1)
    shape = preset()["guidance"]
    teacher, student = averaged("flow").eval().requires_grad_(False), averaged("flow")
    student.t5.requires_grad_(False)  # frozen from here on: the teacher's text serves both
    batches = Batches(drop=0.1)
    empty = batches.captions.ids[:1], batches.captions.pooled[:1].float()
    optimizers = Optimizers(*split(student.flux, ADAM), shape["muon_lr"], shape["lr"])
    average = Average(student, 0.997)
    run = Run("guidance", shape["minutes"], shape["batch"])
    run.track(student=student, optimizers=optimizers, average=average)
    guide, learn = (torch.compile(m.flux) if shape.get("compile") else m.flux for m in (teacher, student))
    for _ in run:
        latents, _, ids, pooled = batches.draw(run.share)
        count = len(latents)
        # Half of the captions belong to another portrait: an edit asks for what the image does not show.
        order = torch.where(torch.rand(count) < 0.5, torch.arange(count).roll(1), torch.arange(count))
        ids, pooled = ids[order], pooled[order]
        t, w = times(count), strengths(count)
        x, _ = noised(latents, t)
        with autocast():
            with torch.no_grad():
                text = teacher.t5(torch.cat([ids, empty[0].expand(count, -1)]))
                with_text, without = guide(
                    x.repeat(2, 1, 1), text, torch.cat([pooled, empty[1].expand(count, -1)]), t.repeat(2),
                    torch.ones(2 * count)).float().chunk(2)
                target = without + w[:, None, None] * (with_text - without)
            found = learn(x, text[:count], pooled, t, w).float()
        error = (found - target).square().mean((1, 2))
        loss = (error / w).mean()  # stronger guidance, larger targets: keep w = 1 accurate
        loss.backward()
        average_gradients(student)
        torch.nn.utils.clip_grad_norm_(student.flux.parameters(), 1.0)
        optimizers.step(run.rate(1.0, warmup=50))
        average.update()
        plain = w == 1
        run.report(loss=loss, error_plain=error[plain].mean() if plain.any() else 0.0)


if __name__ == "__main__":
    main()
