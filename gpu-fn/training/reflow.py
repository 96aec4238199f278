"""Teaches the flow to edit: torchrun --nproc-per-node 2 reflow.py

Reflow (Liu et al., arXiv 2209.03003) trains a flow on straight lines between data and the noise that it itself inverts
that data to. Here the data's end of a line is either the portrait, under its own prompt at guidance 1, where inversion
happens, or one of its true counterfactuals, under the request at the guidance of edits. The line outside of the
changed region is the interpolation that structuring fuses (Eq. 10). A share of each batch distils true guidance from
the weights before, on fresh noise, so that the flow still makes portraits from noise.

Points of true lines tell what is asked for, the more the nearer they are to it, and the flow reads it there: an edit ends where its
first evaluation said (gains.py). So the velocity error says little of edits: judge by the gain.
"""

import torch

from couplings import Couplings
from flow import ADAM, Flow, noised, token_weights, weighted
from flow_data import Batches
from flux import packed
from gains import final
from guidance import averaged, newest, strengths
from muon import Optimizers, split
from parallel import RANK, average_gradients, start
from precision import autocast, use_accelerator
from presets import preset
from run import Average, Run

EDITS, KEPT = 0.76, 0.16  # shares of a batch; the rest is distilled
WEAKEST, STRONGEST = 2.0, 6.0  # guidance of edits


def times(count: int) -> torch.Tensor:
    """Times [n]: three in ten uniform, as many shifted to noise as the schedule is (median 0.62), four in ten near noise
    (median 0.92), where the request alone decides what changes."""
    kind, normal = torch.rand(count), torch.randn(count)
    return torch.where(kind < 0.3, torch.rand(count), (normal + torch.where(kind < 0.7, 2.5, 0.5)).sigmoid())


def lines(asked: torch.Tensor, noise: torch.Tensor, t: torch.Tensor):
    """(points of the lines at t, their velocity), packed."""
    mix = t[:, None, None, None]
    return packed((1 - mix) * asked + mix * noise), packed(noise - asked)


class Validation:
    """On held couplings, of drawings (val) and photos: velocity error where requests change something, elsewhere, and of
    keeping; dB by which edits come nearer to what is asked for (gains.py)."""

    def __init__(self, couplings: Couplings):
        self.groups = {}
        for name, rows in couplings.held().items():
            t = (torch.arange(len(rows)) + 0.5) / len(rows)
            columns = 1 + rows % couplings.weights.shape[1]
            self.groups[name] = (couplings.take(rows, columns), couplings.take(rows, torch.zeros_like(rows)), t)

    @torch.no_grad()
    def errors(self, values: dict) -> dict[str, float]:
        flow, found = Flow().eval(), {}
        flow.load_state_dict(values)
        for group, (edits, kept, t) in self.groups.items():
            for name, batch, w in (("edits", edits, 3.0), ("kept", kept, 1.0)):
                x, v = lines(batch.asked, batch.noise, t)
                with autocast():
                    error = torch.cat([(flow(*part, torch.full((len(truth),), w)).float() - truth).square() for *part, truth in zip(
                        *(whole.split(40) for whole in (x, batch.ids, batch.pooled, t, v)))])
                error = error.unflatten(2, (-1, 4)).mean(2)  # per latent pixel, as the weights are
                changed = token_weights(batch.weights) > 1
                if name == "edits":
                    found[f"{group}_changed"] = round(error[changed].mean().item(), 5)
                found[f"{group}_{name}"] = round(error[~changed].mean().item(), 5)
            found[f"{group}_gain"] = round(final(flow, edits.rows(torch.arange(min(80, len(t))))), 3)
        return found


def main() -> None:
    start()
    use_accelerator()
    torch.manual_seed(2)
    shape = preset()["reflow"]
    before = newest("guidance", "flow")
    teacher, student = averaged(before).eval().requires_grad_(False), averaged(before)
    student.t5.shared.weight.requires_grad_(False)
    couplings, portraits = Couplings(), Batches(drop=0.1)
    empty = portraits.captions.ids[:1], portraits.captions.pooled[:1].float()
    optimizers = Optimizers(*split(student, ADAM), shape["muon_lr"], shape["lr"])
    average, validation = Average(student, 0.997), Validation(couplings)
    run = Run("reflow", shape["minutes"], shape["batch"])
    run.track(student=student, optimizers=optimizers, average=average)
    guide, learn = (torch.compile(m) if shape.get("compile") else m for m in (teacher, student))
    edits, kept = round(run.share * EDITS), max(1, round(run.share * KEPT))
    fresh = run.share - edits - kept
    for step in run:
        batch, t = couplings.draw(edits, kept), times(run.share)
        w = torch.cat([WEAKEST + (STRONGEST - WEAKEST) * torch.rand(edits), torch.ones(kept), strengths(fresh)])
        again = torch.arange(edits, edits + kept)[torch.rand(kept) < 0.2]  # kept under the guidance of edits, too
        w[again] = WEAKEST + (STRONGEST - WEAKEST) * torch.rand(len(again))
        latents, _, ids, pooled = portraits.draw(fresh)
        x, velocity = lines(batch.asked, batch.noise, t[: edits + kept])
        plain, _ = noised(latents, t[edits + kept:])
        with autocast():
            with torch.no_grad():
                with_text, without = guide(
                    plain.repeat(2, 1, 1), torch.cat([ids, empty[0].expand(fresh, -1)]),
                    torch.cat([pooled, empty[1].expand(fresh, -1)]), t[edits + kept:].repeat(2),
                    torch.ones(2 * fresh)).float().chunk(2)
            guided = without + w[edits + kept:, None, None] * (with_text - without)
            found = learn(torch.cat([x, plain]), torch.cat([batch.ids, ids]), torch.cat([batch.pooled, pooled]), t, w).float()
        coupled = weighted(found[: edits + kept] - velocity, token_weights(batch.weights))
        distilled = ((found[edits + kept:] - guided).square().mean((1, 2)) / w[edits + kept:]).mean()
        loss = (coupled * (edits + kept) + distilled * fresh) / run.share
        loss.backward()
        average_gradients(student)
        torch.nn.utils.clip_grad_norm_(student.parameters(), 1.0)
        optimizers.step(run.rate(1.0, warmup=50))
        average.update()
        run.report(loss=loss, coupled=coupled, distilled=distilled)
        if step % 300 == 299 and RANK == 0:
            run.flush(**validation.errors(average.values))
    if RANK == 0:
        run.flush(**validation.errors(average.values))


if __name__ == "__main__":
    main()
