"""Every test uses a separate training folder and the `tiny` preset; the project's .training/ is never touched."""

import json
import os
import re
import shutil
import sys
import tempfile
from pathlib import Path

import numpy as np
import pytest

TRAINING = Path(__file__).resolve().parents[1]
FOLDER = Path(tempfile.mkdtemp(prefix="training-tests-"))
# before any module of the training is imported: they read these once
os.environ |= {"TRAINING_DIR": str(FOLDER), "TRAINING_PRESET": "tiny", "OMP_NUM_THREADS": "1"}
for name in ("PASL_CONFIG", "PASL_TEXTS", "TRAINING_MINUTES", "TRAINING_RATE", "WORLD_SIZE", "RANK"):
    os.environ.pop(name, None)
sys.path[:0] = [str(TRAINING), str(TRAINING / "tests")]

REGIONS = re.findall(r'"(\w+)",', (TRAINING.parents[1] / "shared/regions.ts").read_text())


def wordings() -> dict:
    """wordings.json with two texts to learn and one to hold out for each region."""
    words = [{"region": r, "train": [f"a person with {r}", f"a big {r}"], "heldOut": [f"unknown {r}"]} for r in REGIONS]
    return {"regions": REGIONS, "wordings": words, "phrases": {}}


(FOLDER / "wordings.json").write_text(json.dumps(wordings()))


def pytest_sessionfinish() -> None:
    shutil.rmtree(FOLDER, ignore_errors=True)


@pytest.fixture
def scratch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A fresh training folder for one test, in this process and in those that it starts."""
    import data
    import lessons
    import plot
    import presets
    import run
    import train_pasl
    for module in (presets, data, lessons, run, plot, train_pasl):
        monkeypatch.setattr(module, "SCRATCH", tmp_path)
    monkeypatch.setenv("TRAINING_DIR", str(tmp_path))
    (tmp_path / "wordings.json").write_text(json.dumps(wordings()))
    return tmp_path


def write_vectors(path: Path, width: int = 16) -> Path:
    """A PASL_TEXTS file for those wordings."""
    texts = [text for entry in wordings()["wordings"] for text in (*entry["train"], *entry["heldOut"])]
    np.savez(path, texts=np.array(texts), values=np.random.default_rng(0).normal(size=(len(texts), width)).astype(np.float32))
    return path


def write_split(folder: Path, count: int, size: int, side: int) -> None:
    """A dataset of noise with random masks, in the shards' format."""
    from photos.portrait import Portrait
    from photos.shards import describe, write_shard
    drawn = np.random.default_rng(1)
    describe(folder, {"size": size, "mask_size": side, "regions": REGIONS})
    write_shard(folder, 0, [Portrait(drawn.integers(0, 256, (size, size, 3), np.uint8),
                                     drawn.integers(0, 256, (len(REGIONS), side, side), np.uint8),
                                     {"file": f"{i}.png"}) for i in range(count)])
