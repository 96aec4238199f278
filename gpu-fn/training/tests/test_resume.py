"""A run that is started again goes on as if nothing had happened: same numbers drawn, same weights, same clock."""

import json
import random
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from torch import nn

import run as module
from run import Average, Run

SECONDS = 3.0  # of a step, on the clock of these tests


@pytest.fixture
def clock(scratch, monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """run.py's clock, which stands still but for what the tests let pass."""
    now = SimpleNamespace(seconds=1e9)
    monkeypatch.setattr(module, "time", SimpleNamespace(time=lambda: now.seconds))
    return now


class Training:
    """AdamW with the run's own rate, on data from all three generators."""

    def __init__(self, minutes: float = 5, every: float = 15):
        torch.manual_seed(0)
        np.random.seed(0)
        random.seed(0)
        self.model = nn.Sequential(nn.Linear(6, 8), nn.Tanh(), nn.Linear(8, 1))
        self.optimizer = torch.optim.AdamW(self.model.parameters(), lr=1e-2, weight_decay=2e-2)
        self.average, self.run = Average(self.model), Run("toy", minutes, 4, every)
        self.run.track(model=self.model, optimizer=self.optimizer, average=self.average)
        self.seen: list[int] = []

    def go(self, clock: SimpleNamespace, until: int | None = None) -> "Training":
        """Trains up to step `until`, then ends abruptly, as by a kill."""
        for step in self.run:
            if step == until:
                break
            self.seen.append(step)
            for group in self.optimizer.param_groups:
                group["lr"] = self.run.rate(1e-2, warmup=5)
            x = torch.randn(4, 6) + np.random.rand() + random.random()
            loss = self.model(x).square().mean()
            self.optimizer.zero_grad()
            loss.backward()
            self.optimizer.step()
            self.average.update()
            self.run.report(loss=loss)
            clock.seconds += SECONDS
        return self


def flat(state) -> list[torch.Tensor]:
    """Every tensor and number of nested states, in order."""
    if isinstance(state, dict):
        return [tensor for key in sorted(state, key=str) for tensor in flat(state[key])]
    if isinstance(state, (list, tuple)):
        return [tensor for part in state for tensor in flat(part)]
    return [torch.as_tensor(state)] if isinstance(state, (torch.Tensor, int, float)) else []


def same(one: Training, other: Training) -> bool:
    pairs = [(flat(getattr(one, name).state_dict()), flat(getattr(other, name).state_dict()))
             for name in ("model", "optimizer", "average")]
    return all(len(a) == len(b) and all(map(torch.equal, a, b)) for a, b in pairs)


def test_continues_from_the_last_checkpoint_with_step_clock_and_optimizer(clock):
    ended = Training().go(clock, until=20)  # a checkpoint falls due after steps 5, 11, 17 …
    again = Training()
    assert 0 < again.run.step <= ended.run.step
    assert again.run.elapsed == again.run.step * SECONDS
    assert {int(state["step"]) for state in again.optimizer.state_dict()["state"].values()} == {again.run.step}


def test_two_interruptions_give_the_same_weights_as_an_uninterrupted_run(clock, scratch):
    whole = Training().go(clock)
    (scratch / "ckpt/toy.pt").unlink()
    Training().go(clock, until=23)
    Training().go(clock, until=61)
    pieces = Training().go(clock)
    assert pieces.seen[0] > 0 and pieces.seen[-1] == whole.seen[-1] == 99
    assert same(whole, pieces)


def test_random_generators_continue_from_the_checkpoint(clock):
    def drawn(training: Training) -> list[float]:
        found = []
        for step in training.run:
            if step == 28:  # between two checkpoints
                break
            found.append((step, torch.rand(1).item(), np.random.rand(), random.random()))
            clock.seconds += SECONDS
        return found

    first, again = drawn(Training()), drawn(Training())
    assert again and again == first[-len(again):]


def test_a_finished_run_trains_no_further(clock):
    Training().go(clock)
    finished = Training()
    assert finished.run.fraction == 1
    assert finished.go(clock).seen == []


def test_the_learning_rate_does_not_jump_at_a_restart(clock):
    Training().go(clock, until=40)
    again = Training()
    part = again.run.step * SECONDS / 300
    assert again.run.fraction == pytest.approx(part)
    assert again.run.rate(1.0, warmup=1) == pytest.approx(0.02 + 0.98 * 0.5 * (1 + np.cos(np.pi * part)))


def test_a_stopped_process_loses_no_more_than_a_minute_of_its_training(clock):
    training = Training()
    for step in training.run:
        if step == 1:
            break
        clock.seconds += 3600
    assert training.run.elapsed == module.LONGEST


def test_an_interrupted_save_keeps_the_previous_checkpoint(clock, scratch, monkeypatch):
    Training().go(clock, until=20)
    before = Training().run.step

    def half(saved, path):
        path.write_bytes(b"PK half of a checkpoint")
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(torch, "save", half)
        with pytest.raises(KeyboardInterrupt):
            Training().go(clock, until=40)
    assert (scratch / "ckpt/toy.draft").exists()
    assert Training().run.step == before


def test_weights_alone_start_a_new_schedule(clock, scratch):
    weights = Training().model.state_dict()
    (scratch / "ckpt").mkdir(exist_ok=True)
    torch.save({"model": {name: value + 1 for name, value in weights.items()}}, scratch / "ckpt/toy.pt")
    restored = Training()
    assert (restored.run.step, restored.run.elapsed) == (0, 0)
    assert torch.equal(restored.model[0].weight, weights["0.weight"] + 1)


def test_the_log_has_one_line_for_each_checkpoint(clock, scratch):
    Training().go(clock)
    lines = [json.loads(line) for line in (scratch / "logs/toy.jsonl").read_text().splitlines()]
    minutes = [line["minutes"] for line in lines]
    assert minutes == sorted(minutes) and minutes[-1] == 5
    assert all(line["samples"] == 4 * line["step"] and line["loss"] > 0 for line in lines)
