"""A small training with run.py, for tests that kill it: python toy.py EVERY

Prints the first step, then after each step a line with the step and the seconds trained.
"""

import random
import sys

import numpy as np
import torch
from torch import nn

from run import Run

SIDE = 1400  # model and optimiser make a checkpoint of 24 MB: writing it takes long enough to be hit


def main() -> None:
    torch.manual_seed(0)
    model = nn.Linear(SIDE, SIDE)
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3)
    run = Run("toy", 10, 4, every=float(sys.argv[1]))
    run.track(model=model, optimizer=optimizer)
    print("start", run.step, run.elapsed, flush=True)
    for step in run:
        print("step", step, run.elapsed, flush=True)
        loss = model(torch.randn(4, SIDE)).square().mean() * (1 + random.random() + np.random.rand())
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        run.report(loss=loss)


if __name__ == "__main__":
    main()
