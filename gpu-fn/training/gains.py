"""By how many dB edits of held photos come nearer to what is asked for, evaluation by evaluation: python gains.py reflow

In latents, where the request changes something, from the stored noise, without a mask. "told" is what one evaluation makes of a
point of the true line, which tells what is asked for; "alone" what the flow sees at that time of an edit of its own.
"""

import argparse
from functools import partial

import torch

from couplings import Batch, Couplings
from editing import rf_solver_step, schedule
from flow import Flow, token_weights
from flux import packed
from guidance import averaged
from precision import autocast

FAMILIES = {"hair": ("black_hair", "brown_hair", "blond_hair", "gray_hair", "red_hair", "pink_hair"), "beards": ("beard", "goatee", "mustache"),
            "lips": ("red_lipstick", "pink_lipstick", "dark_lipstick"), "make-up": ("heavy_makeup",), "smile": ("smile",)}
GUIDANCE, STEPS = 3.0, 10


def gain(found: torch.Tensor, edits: Batch) -> torch.Tensor:
    """dB by which found latents [n,tokens,c] are nearer to what is asked for than the source is; of each row that changes."""
    changed = token_weights(edits.weights).repeat(1, 1, found.shape[-1] // 4) > 1
    missing, nothing = (((x - packed(edits.asked)).square() * changed).sum((1, 2)) for x in (found, packed(edits.source)))
    return 10 * (nothing / missing)[nothing > 0].log10()


def velocity(flow: Flow, x, ids, pooled, t, w, _values=None) -> torch.Tensor:
    """As the solver asks for it; nothing is held, so no values are fused."""
    with autocast():
        return flow(x, ids, pooled, t, w).float()


def path(flow: Flow, edits: Batch):
    """(time, latents [n,tokens,c]) of an edit on its own, from noise at time 1 to its result at 0."""
    times, z = schedule(STEPS, packed(edits.asked).shape[1]), packed(edits.noise)
    yield times[0], z
    for start, stop in zip(times, times[1:]):
        z = rf_solver_step(partial(velocity, flow), z, (edits.ids, edits.pooled), start, stop, GUIDANCE)
        yield stop, z


@torch.no_grad()
def final(flow: Flow, edits: Batch) -> float:
    """Mean gain of results."""
    parts = [edits.rows(rows) for rows in torch.arange(len(edits.noise)).split(40)]
    return torch.cat([gain([z for _, z in path(flow, part)][-1], part) for part in parts]).mean().item()


@torch.no_grad()
def table(flow: Flow, edits: Batch) -> list[tuple[float, float, float]]:
    """(time, told, alone) of every step's first evaluation, and of the end, where nothing is told."""
    count, rows = len(edits.noise), []
    asked, noise = packed(edits.asked), packed(edits.noise)

    def made(x, t: float) -> float:
        v = velocity(flow, x, edits.ids, edits.pooled, torch.full((count,), t), torch.full((count,), GUIDANCE))
        return gain(x - t * v, edits).mean().item()

    *before, (_, result) = path(flow, edits)
    for t, z in before:
        rows.append((t, made(torch.lerp(asked, noise, t), t), made(z, t)))
    return rows + [(0.0, float("nan"), gain(result, edits).mean().item())]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python gains.py", description="What each evaluation adds to edits of held photos")
    parser.add_argument("run", help="whose checkpoint, such as reflow or merged")
    flow, couplings = averaged(parser.parse_args().run).eval(), Couplings()
    held = (couplings.held_rows & ~couplings.drawn).nonzero()[:, 0].tolist()
    for family, names in FAMILIES.items():
        pairs = [(row, 1 + k) for row in held for k, asked in enumerate(couplings.names[row]) if len(asked) == 1 and asked[0] in names]
        if not pairs:
            continue
        rows, columns = torch.tensor(pairs).unbind(1)
        print(f"{family}, {len(pairs)} edits: time, told, alone")
        for time, told, alone in table(flow, couplings.take(rows, columns)):
            print(f"  {time:.2f}  {told:5.1f}  {alone:5.1f}")


if __name__ == "__main__":
    main()
