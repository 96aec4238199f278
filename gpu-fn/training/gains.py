"""By how many dB edits of held photos come nearer to what is asked for, evaluation by evaluation: python gains.py reflow

In latents, where the request changes something, from the stored noise, without a mask. "told" is what one evaluation makes of a
point of the true line, which tells what is asked for; "alone" what the flow sees at that time of an edit of its own.
"""

import argparse

import torch

from couplings import Batch, Couplings
from editing import rf_solver_step, schedule
from flow import Flow, token_weights
from flux import packed
from guidance import averaged

FAMILIES = {"hair": ("black_hair", "brown_hair", "blond_hair", "gray_hair", "red_hair", "pink_hair"), "beards": ("beard", "goatee", "mustache"),
            "lips": ("red_lipstick", "pink_lipstick", "dark_lipstick"), "make-up": ("heavy_makeup",), "smile": ("smile",)}
GUIDANCE, STEPS = 3.0, 10


def gain(found: torch.Tensor, edits: Batch) -> torch.Tensor:
    """dB by which found latents [n,tokens,c] are nearer to what is asked for than the source is; of each row that changes."""
    changed = token_weights(edits.weights).repeat(1, 1, found.shape[-1] // 4) > 1
    missing, nothing = (((x - packed(edits.asked)).square() * changed).sum((1, 2)) for x in (found, packed(edits.source)))
    return 10 * (nothing / missing)[nothing > 0].log10()


@torch.no_grad()
def table(flow: Flow, edits: Batch) -> list[tuple[float, float, float]]:
    """(time, told, alone) of every step's first evaluation, and of the end, where nothing is told."""
    text, count = (edits.ids, edits.pooled), len(edits.noise)
    asked, noise = packed(edits.asked), packed(edits.noise)

    def velocity(x, ids, pooled, t, w, _=None):
        return flow(x, ids, pooled, t, w).float()

    def result(x, t: float):
        return x - t * velocity(x, *text, torch.full((count,), t), torch.full((count,), GUIDANCE))

    times, z, rows = schedule(STEPS, asked.shape[1]), noise, []
    for start, stop in zip(times, times[1:]):
        told, alone = (gain(result(x, start), edits).mean().item() for x in (torch.lerp(asked, noise, start), z))
        rows.append((start, told, alone))
        z = rf_solver_step(velocity, z, text, start, stop, GUIDANCE)
    return rows + [(0.0, float("nan"), gain(z, edits).mean().item())]


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
