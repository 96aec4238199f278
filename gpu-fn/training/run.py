"""A training run on the clock: resumable, with a progress bar and a log of its numbers.

    run = Run("pasl", minutes=9, batch=16)
    run.track(model=model, optimizer=optimizer)
    for _ in run: ...; run.report(loss=loss)

Started twice, it continues from its last checkpoint; started after its end, it yields nothing.
TRAINING_MINUTES is its length in place of the preset's, TRAINING_RATE a factor on its learning rates: for training
on from weights that restore.py brought back.
"""

import json
import math
import os
import random
import time

import numpy as np
import torch
from tqdm import tqdm

import parallel
from presets import SCRATCH


LONGEST = 60  # seconds that one step can take of a run's minutes: a process that was stopped loses none


class Run:
    def __init__(self, name: str, minutes: float, batch: int, every: float = 150):
        parallel.start()
        minutes = float(os.environ.get("TRAINING_MINUTES", minutes))
        self.name, self.seconds, self.batch, self.every = name, minutes * 60, batch, every
        self.factor = float(os.environ.get("TRAINING_RATE", 1))
        self.share = batch // parallel.WORLD  # samples of this process in a step
        self.path = SCRATCH / "ckpt" / f"{name}.pt"
        self.log = SCRATCH / "logs" / f"{name}.jsonl"
        for folder in (self.path.parent, self.log.parent):
            folder.mkdir(parents=True, exist_ok=True)
        self.step, self.elapsed, self.tracked, self.sums, self.count = 0, 0.0, {}, {}, 0

    def track(self, **objects) -> None:
        """Everything with a state_dict that a checkpoint must hold; restored at once if there is one."""
        self.tracked = objects
        if self.path.exists():
            saved = torch.load(self.path, weights_only=False, map_location="cpu")
            for name in objects.keys() & saved.keys():
                objects[name].load_state_dict(saved[name])
            if "step" in saved:  # else weights alone (restore.py): the schedule starts anew
                self.step, self.elapsed = saved["step"], saved["elapsed"]
                torch.set_rng_state(saved["rng"])
                np.random.set_state(saved["numpy"])
                random.setstate(saved["python"])
        if parallel.WORLD > 1:  # each process draws its own samples
            torch.manual_seed(self.step * parallel.WORLD + parallel.RANK)
            np.random.seed(self.step * parallel.WORLD + parallel.RANK)

    def save(self) -> None:
        if parallel.RANK:
            return
        saved = {name: thing.state_dict() for name, thing in self.tracked.items()}
        saved |= {"step": self.step, "elapsed": self.elapsed, "rng": torch.get_rng_state(),
                  "numpy": np.random.get_state(), "python": random.getstate()}
        draft = self.path.with_suffix(".draft")
        torch.save(saved, draft)
        draft.replace(self.path)

    @property
    def fraction(self) -> float:
        return min(self.elapsed / self.seconds, 1.0)

    def rate(self, peak: float, warmup: int = 100, floor: float = 0.02) -> float:
        """Linear warm-up, then a cosine over the run's minutes."""
        return self.factor * peak * min(1, (self.step + 1) / warmup) * (floor + (1 - floor) * 0.5 * (1 + math.cos(math.pi * self.fraction)))

    def __iter__(self):
        saved = last = time.time()
        with tqdm(total=round(self.seconds), initial=round(self.elapsed), unit="s", desc=self.name, mininterval=10,
                  disable=parallel.RANK > 0) as bar:
            while self.elapsed < self.seconds:
                yield self.step
                now = time.time()
                self.step, self.elapsed, last = self.step + 1, parallel.agreed(self.elapsed + min(now - last, LONGEST)), now
                bar.n = round(self.elapsed)
                if now - saved > self.every:
                    self.flush(bar)
                    self.save()
                    saved = last = time.time()
            if self.count:
                self.flush(bar)
                self.save()

    def report(self, **numbers: torch.Tensor | float) -> None:
        """Numbers of one step; their means are logged at each checkpoint."""
        for name, value in numbers.items():
            value = value.detach() if isinstance(value, torch.Tensor) else value
            self.sums[name] = self.sums.get(name, 0) + value
        self.count += 1

    def flush(self, bar=None, **more) -> None:
        means = {name: round(float(value) / self.count, 6) for name, value in self.sums.items()} if self.count else {}
        line = {"step": self.step, "samples": self.step * self.batch, "minutes": round(self.elapsed / 60, 2), **means, **more}
        self.sums, self.count = {}, 0
        if parallel.RANK:
            return
        with self.log.open("a") as log:
            log.write(json.dumps(line) + "\n")
        (bar.write if bar else print)(json.dumps(line))


class Average:
    """Exponential moving average of a module's parameters, warmed up."""

    def __init__(self, module: torch.nn.Module, decay: float = 0.999):
        self.module, self.decay, self.updates = module, decay, 0
        self.values = {name: value.detach().clone() for name, value in module.state_dict().items()}
        self.floats = [name for name, value in self.values.items() if value.is_floating_point()]

    @torch.no_grad()
    def update(self) -> None:
        self.updates += 1
        weight = 1 - min(self.decay, (1 + self.updates) / (10 + self.updates))
        now = self.module.state_dict()
        torch._foreach_lerp_([self.values[n] for n in self.floats], [now[n] for n in self.floats], weight)

    def state_dict(self) -> dict:
        return {"values": self.values, "updates": self.updates}

    def load_state_dict(self, saved: dict) -> None:
        self.updates = saved["updates"]
        for name, value in saved["values"].items():
            self.values[name].copy_(value)
