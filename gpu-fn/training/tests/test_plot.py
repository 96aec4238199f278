"""Curves from logs: what a restart took back is not drawn, tables are their means, both formats are written."""

import json
import sys

import pytest

import plot


def log(folder, name: str, rows: list[dict], tail: str = "") -> None:
    (folder / "logs").mkdir(exist_ok=True)
    text = "".join(json.dumps({"samples": 8 * row["step"], **row}) + "\n" for row in rows)
    (folder / f"logs/{name}.jsonl").write_text(text + tail)


def test_a_restart_removes_lines(scratch):
    rows = [{"step": step, "minutes": step / 10, "loss": 1.0} for step in (10, 20, 30)]
    log(scratch, "toy", [*rows, {"step": 25, "minutes": 2.5, "loss": 0.5}, {"step": 25, "minutes": 2.5, "val": 1}], '{"step": 3')
    assert [line["step"] for line in plot.lines(scratch / "logs/toy.jsonl")] == [10, 20, 25, 25]


def test_reads_numbers_over_minutes_and_means_of_tables():
    found = plot.curves([{"step": 1, "samples": 8, "minutes": 0.5, "loss": 2.0, "name": "x"},
                         {"step": 2, "samples": 16, "minutes": 1.0, "dice_train": {"chin": 0.5, "mean": 0.7}, "raw": {"accuracy": {"a": 0.8, "b": 1.0}, "of": {"a": 9}}}])
    assert found == {"loss": [(0.5, 2.0)], "dice_train": [(1.0, 0.7)], "raw": [(1.0, pytest.approx(0.9))]}


@pytest.mark.parametrize("suffix", ["svg", "png"])
def test_draws_all_runs_in_one_picture(scratch, monkeypatch, suffix):
    log(scratch, "pasl", [{"step": s, "minutes": s, "loss": 1 / s, "dice": 1 - 1 / s} for s in (1, 2, 3)])
    log(scratch, "flow", [{"step": s, "minutes": s, "loss": 1 / s} for s in (1, 2, 3)])
    out = scratch / f"curves.{suffix}"
    monkeypatch.setattr(sys, "argv", ["plot.py", str(out)])
    plot.main()
    assert out.stat().st_size > 5000


def test_without_logs_it_fails_with_one_clear_line(scratch, monkeypatch):
    (scratch / "logs").mkdir(exist_ok=True)
    monkeypatch.setattr(sys, "argv", ["plot.py"])
    with pytest.raises(SystemExit, match="contains no log of a run"):
        plot.main()
