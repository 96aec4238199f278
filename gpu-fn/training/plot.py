"""Draws the curves of every run's log: python plot.py [OUT.svg|OUT.png]

A row a run, over the minutes that it trained: errors on the left, on a logarithmic scale, and scores on the right.
Reads .training/logs/*.jsonl, writes .training/curves.svg.
"""

import json
import sys
from pathlib import Path

import matplotlib

matplotlib.use("Agg")  # no display is needed
import matplotlib.pyplot as plt

from presets import SCRATCH

plt.rcParams["svg.fonttype"] = "none"  # text instead of outlines keeps the file small

ABOUT = ("step", "samples", "minutes")
SCORES = {"psnr": "dB", "dice": "Dice", "raw": "accuracy", "autoencoder": "accuracy", "known": "cosine", "held_out": "cosine"}

Curves = dict[str, list[tuple[float, float]]]  # (minutes, value) of each number


def lines(path: Path) -> list[dict]:
    """A log's lines without those that a restart took back: a run that is ended after a line continues before it."""
    kept: list[dict] = []
    for text in path.read_text().splitlines():
        try:
            line = json.loads(text)
        except ValueError:
            continue  # half a line of a run that was killed
        while kept and kept[-1]["step"] > line["step"]:
            kept.pop()
        kept.append(line)
    return kept


def mean(table: dict) -> float | None:
    """Of a table by region or attribute; of several of them, of the one of accuracies."""
    table = table.get("accuracy", table)
    numbers = [value for value in table.values() if isinstance(value, (int, float)) and value == value]
    return table.get("mean", sum(numbers) / len(numbers) if numbers else None)


def curves(log: list[dict]) -> Curves:
    """Each logged number over the minutes; of a table (Dice by region, accuracy by attribute) its mean."""
    found: Curves = {}
    for line in log:
        for name, value in line.items():
            value = mean(value) if isinstance(value, dict) else value
            if name not in ABOUT and isinstance(value, (int, float)):
                found.setdefault(name, []).append((line["minutes"], value))
    return found


def score(name: str) -> str | None:
    """The unit of a number that is better the larger it is; None of an error."""
    return next((unit for part, unit in SCORES.items() if part in name), None)


def draw(axes, found: Curves, unit: str, scale: str) -> None:
    for name, points in found.items():
        minutes, values = zip(*points)
        marker = "o" if len(points) < 3 else None
        axes.plot(minutes, values, marker=marker, linewidth=1.6, label=f"{name.replace('_', ' ')} {values[-1]:.4g}")
    axes.set_yscale(scale)
    axes.set_ylabel(unit)
    axes.grid(alpha=0.3, which="both", linewidth=0.5)
    axes.legend(fontsize=8, framealpha=0.8, title="last value", title_fontsize=8)


def plot(logs: dict[str, list[dict]], out: Path) -> None:
    """One picture of all runs, by name."""
    figure, grid = plt.subplots(len(logs), 2, figsize=(12, 3.2 * len(logs)), squeeze=False, layout="constrained")
    for row, (name, log) in zip(grid, logs.items()):
        found = curves(log)
        errors = {key: points for key, points in found.items() if score(key) is None}
        scores = {key: points for key, points in found.items() if score(key)}
        scale = "log" if all(value > 0 for points in errors.values() for _, value in points) else "linear"
        units = " / ".join(dict.fromkeys(filter(None, map(score, scores))))
        for axes, part, unit, kind in ((row[0], errors, "error", scale), (row[1], scores, units, "linear")):
            axes.set_visible(bool(part))
            if part:
                draw(axes, part, unit, kind)
                axes.set_xlabel("minutes of training")
                axes.set_title(f"{name}: {log[-1]['step']:,} steps, {log[-1]['samples']:,} samples", fontsize=10, loc="left")
    figure.savefig(out, dpi=140)
    plt.close(figure)


def main() -> None:
    out = Path(sys.argv[1]) if len(sys.argv) > 1 else SCRATCH / "curves.svg"
    found = {path.stem: lines(path) for path in sorted((SCRATCH / "logs").glob("*.jsonl"))}
    logs = {name: log for name, log in found.items() if curves(log)}
    if not logs:
        sys.exit(f"{SCRATCH / 'logs'} contains no log of a run")
    plot(logs, out)
    print(out)


if __name__ == "__main__":
    main()
