"""From filtered photos to a flow that learnt from them, at 256 px as on a GPU: every script runs, and reads what the last wrote."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from conftest import REGIONS, TRAINING, wordings
from drawn_face import portrait

from attribute_labels import BINARY, HAIR, UNKNOWN, photo_labels

PLAIN = {"gender": "woman", "hairStyle": "short", "hat": "none", "hairColor": "red", "beard": "none", "bangs": "none",
         "lipstick": "none", "eyewear": "none", "expression": "smile"}


@pytest.fixture
def builder(scratch, monkeypatch):
    from photos.filters import build
    monkeypatch.setattr(build, "REGIONS", REGIONS)
    return lambda size: build.Builder(scratch / "data", size, 32)


def masks() -> np.ndarray:
    found = np.zeros((len(REGIONS), 64, 64), np.uint8)
    found[:, 20:50, 20:44] = 255
    return found


def test_trainers_read_what_the_builder_writes(builder, scratch):
    from data import Split
    made = builder(128)
    made.learn(7, "a.jpg", portrait(), masks())
    made.learn(3, "b.jpg", portrait(long=True), masks())
    made.judge(5, "c.jpg", portrait(), masks())
    edits, check = Split("photo-edits"), Split("photo-check")
    assert {shard.number for shard in edits.shards} == {3, 7} and edits.each == 6
    assert {row["file"] for row in edits.rows} == {"a.jpg", "b.jpg"} and all(len(row["edits"]) == 5 for row in edits.rows)
    before, after = check.images(np.arange(len(check))).unbind(1)
    for number, row in enumerate(check.rows):
        mask = check.masks(np.array([number]))[0, REGIONS.index(row["region"])]
        changed = (before[number] != after[number]).any(-1).unflatten(0, (32, 4)).unflatten(2, (32, 4)).any(3).any(1)
        assert changed.any() and not changed[mask == 0].any(), row["attribute"]


def test_a_shard_that_appears_between_others_is_used_once(builder):
    from data import Split
    made = builder(128)
    made.learn(9, "a.jpg", portrait(), masks())
    data = Split("photo-edits")
    made.learn(2, "b.jpg", portrait(), masks())
    assert [shard.number for shard in data.refresh().shards] == [9, 2]
    assert len(data) == sum(len(shard.rows) for shard in data.shards)


def test_a_further_round_draws_on_the_photos_to_train_on_as_other_shards():
    from photos.filters.build import turns
    train, val = {"split": "train"}, {"split": "val"}
    chosen = [(0, train), (3, val), (4, train)]
    assert turns(chosen, 1, 5) == chosen
    assert turns(chosen, 3, 5) == [*chosen, (5, train), (9, train), (10, train), (14, train)]


def test_a_packed_dataset_unpacks_to_nearly_the_same_pictures(builder, scratch, tmp_path):
    import zipfile

    from data import Split
    from photos.filters.packed import pack, unpack
    builder(128).learn(1, "a.jpg", portrait(), masks())
    with zipfile.ZipFile(tmp_path / "p.zip", "w") as archive:
        pack(scratch / "data/photo-edits", archive)
    before = Split("photo-edits")
    (scratch / "data").rename(scratch / "sent")
    with zipfile.ZipFile(tmp_path / "p.zip") as archive:
        unpack(archive, scratch / "data")
    after, rows = Split("photo-edits"), np.arange(len(before))
    assert after.rows == before.rows and (after.masks(rows) == before.masks(rows)).all()
    assert (after.images(rows).float() - before.images(rows).float()).abs().mean() < 6


def test_labels_contain_only_what_the_filters_drew_or_could_draw():
    row = {"edits": [{"names": ["red_hair"]}, {"names": ["sunglasses"]}, {"names": ["smile", "red_lipstick"]}]}
    yes, colours = photo_labels(row)
    names = list(BINARY)
    assert yes[:, names.index("sunglasses")].tolist() == [0, 0, 1, 0] and yes[:, names.index("eyeglasses")].tolist() == [0, 0, 1, 0]
    assert yes[:, names.index("lipstick")].tolist() == [0, 0, 0, 1] and yes[:, names.index("smile")].tolist() == [0, 0, 0, 1]
    assert (yes[:, names.index("beard")] == -1).all() and (yes[:, names.index("man")] == -1).all()
    assert colours.tolist() == [UNKNOWN, HAIR.index("red"), UNKNOWN, UNKNOWN]


def test_a_source_keeps_an_attribute_until_a_request_removes_it():
    yes, _ = photo_labels({"edits": [{"names": ["no_beard"]}, {"names": ["big_nose"]}]})
    beard, nose = list(BINARY).index("beard"), list(BINARY).index("big_nose")
    assert yes[:, beard].tolist() == [1, 0, 1] and yes[:, nose].tolist() == [0, 0, 1]


def drawn_split(folder: Path, size: int, count: int, each: int = 1) -> None:
    """Noise in the place of drawings."""
    random = np.random.default_rng(0)
    folder.mkdir(parents=True)
    layout = {"size": size, "renderer": "test", **({"variations": each - 1} if each > 1 else {})}
    (folder / "dataset.json").write_text(json.dumps(layout))
    random.integers(0, 256, (count, each, size, size, 3), np.uint8).tofile(folder / "shard-000000.images")
    random.integers(0, 256, (count, len(REGIONS), 32, 32), np.uint8).tofile(folder / "shard-000000.masks")
    row = {"captions": ["a woman"] * 8, "attributes": PLAIN, "edits": [{"caption": "a woman with a beard", "names": ["beard"]}] * (each - 1)}
    (folder / "shard-000000.jsonl").write_text((json.dumps(row) + "\n") * count)


def text_tower(folder: Path) -> None:
    """The embedded tokenizer, and a tower of the preset's size that has learnt nothing."""
    code = ("import json, torch, distil_text, tokenizer; from presets import MODELS, SCRATCH;"
            "(SCRATCH / 'tokenizer.json').write_text((MODELS / 'tokenizer.json').read_text());"
            "(SCRATCH / 'ckpt').mkdir(); tower = distil_text.build(tokenizer.load(SCRATCH / 'tokenizer.json').get_vocab_size());"
            "torch.save({'tower': tower.state_dict()}, SCRATCH / 'ckpt/clip.pt')")
    run(folder, "-c", code)


def run(folder: Path, *arguments: str) -> str:
    environment = {**os.environ, "TRAINING_DIR": str(folder), "TRAINING_PRESET": "tiny-gpu", "TRAINING_MINUTES": "0.02", "OMP_NUM_THREADS": "1"}
    done = subprocess.run([sys.executable, *arguments], cwd=TRAINING, env=environment, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


def test_the_whole_training_runs_at_256_pixels(builder, scratch):
    made = builder(256)
    made.learn(1, "a.jpg", portrait(), masks())
    made.judge(2, "b.jpg", portrait(long=True), masks())
    (scratch / "wordings.json").write_text(json.dumps(wordings()))
    for name, each in (("train", 1), ("val", 1), ("edits", 6)):
        drawn_split(scratch / "data" / name, 256, 2, each)
    text_tower(scratch)
    for script in ("train_autoencoder.py", "latents.py", "flow.py", "inversions.py", "reflow.py"):
        run(scratch, script)
    latents = np.load(scratch / "latents/photo-edits-000001.npy")
    assert latents.shape[1:] == (6, 16, 32, 32)  # f8, 16 channels: the tokens of 128 px at f4
    assert np.load(scratch / "latents/photo-edits-000001.noise.npy").shape == (len(latents), 16, 32, 32)
    logged = [json.loads(line) for line in (scratch / "logs/reflow.jsonl").read_text().splitlines()]
    assert {"photos_changed", "photos_kept", "photos_edits"} <= logged[-1].keys()
    values = torch.load(scratch / "ckpt/reflow.pt", weights_only=False)["average"]["values"]
    assert all(value.isfinite().all() for value in values.values() if value.is_floating_point())
    judged = [json.loads(line) for line in run(scratch, "evaluate.py", "--run", "reflow", "--check", "photo-check", "--steps", "2",
                                               "--structuring", "1", "--attributes", "blond_hair", "smile").splitlines()]
    assert [line["attribute"] for line in judged] == ["blond_hair", "smile"] and all("inside_db" in line["g3"] for line in judged)
