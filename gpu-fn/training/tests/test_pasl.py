"""The paper's PASL (Tables 4–6, §4.1), its schedule, its texts; and that photos are all it needs."""

import json

import numpy as np
import pytest
import torch
from conftest import REGIONS, write_split, write_vectors
from safetensors.torch import load_file, save_file

import presets
import train_pasl
from prompt_vectors import Plain, VectorFile
from train_pasl import Epochs, build

SMALL = {"run": "pasl-small", "size": 32, "channels": [4, 8], "strides": [2, 2], "text_hidden": 8, "each": 1,
         "epochs": 3, "batch": 4, "lr": 1e-2}


def parameters(module: torch.nn.Module) -> int:
    return sum(p.numel() for p in module.parameters())


def test_the_papers_network(monkeypatch):
    monkeypatch.setenv("PASL_CONFIG", "paper")
    model = build(768)
    assert parameters(model.encoder) == 6_270_592  # Table 6: 6.27 M
    assert parameters(model.projector) == 1_312_256  # Table 6: 1.31 M
    convolutions = list(model.encoder.children())
    assert [(c.in_channels, c.out_channels, c.stride[0]) for c in convolutions] == [
        (3, 64, 1), (64, 128, 2), (128, 256, 2), (256, 512, 2), (512, 512, 1), (512, 512, 1)]
    assert all(c.kernel_size == (3, 3) and c.padding == (1, 1) for c in convolutions)
    with torch.no_grad():
        assert model(torch.zeros(1, 3, 512, 512), torch.zeros(1, 2, 768)).shape == (1, 2, 64, 64)


def test_the_papers_training(monkeypatch):
    monkeypatch.setenv("PASL_CONFIG", "paper")
    shape = presets.preset()["pasl"]
    assert (shape["epochs"], shape["lr"], shape["size"]) == (32, 1e-4, 512)
    monkeypatch.delenv("PASL_CONFIG")
    assert presets.preset() is presets.PRESETS["tiny"]


def test_an_epoch_has_its_number_of_steps(scratch):
    run = Epochs("toy", 50, 4)
    run.track()
    rates = []
    for step in run:
        rates.append(run.rate(1.0, warmup=1))
        run.report(loss=1.0)
    assert (step, run.step, run.fraction) == (49, 50, 1)
    expected = [0.02 + 0.98 * 0.5 * (1 + np.cos(np.pi * i / 50)) for i in range(50)]
    assert rates == pytest.approx(expected)
    again = Epochs("toy", 50, 4)
    again.track()
    assert again.step == 50 and list(again) == []


@pytest.fixture
def small(scratch, monkeypatch):
    monkeypatch.setitem(presets.PASL_CONFIGS, "small", SMALL)
    monkeypatch.setenv("PASL_CONFIG", "small")
    monkeypatch.setenv("PASL_TEXTS", str(write_vectors(scratch / "texts.npz")))
    return scratch


def test_trains_on_photos_alone_for_all_epochs(small, monkeypatch):
    write_split(small / "data/train", 14, 32, 8)
    seen, optimizers, adamw = [], [], torch.optim.AdamW
    indices_of = train_pasl.indices_of
    monkeypatch.setattr(train_pasl, "indices_of", lambda *a: seen.append(indices_of(*a)) or seen[-1])
    monkeypatch.setattr(torch.optim, "AdamW", lambda *a, **b: optimizers.append(adamw(*a, **b)) or optimizers[-1])
    train_pasl.main()
    assert len(seen) == 3 * (14 // 4)
    for epoch in range(3):
        drawn = np.concatenate(seen[3 * epoch:3 * epoch + 3])
        assert len(set(drawn)) == 12 and max(drawn) < 14
    assert optimizers[0].defaults["weight_decay"] == 2e-2
    described = json.loads((small / "pasl-small.json").read_text())
    assert described["config"] == {"channels": [4, 8], "strides": [2, 2], "leaky_slope": 0.01, "text_dim": 16,
                                   "text_hidden": 8, "size": 32}
    assert set(load_file(small / "pasl-small.safetensors")) == {
        f"{part}.{kind}" for part in ("encoder.conv1", "encoder.conv2", "projector.linear1", "projector.linear2")
        for kind in ("weight", "bias")}


def test_a_few_validation_photos_are_enough(small):
    write_split(small / "data/train", 4, 32, 8)
    write_split(small / "data/val", 3, 32, 8)
    train_pasl.main()
    last = json.loads((small / "logs/pasl-small.jsonl").read_text().splitlines()[-1])
    assert set(last["dice_train"]) == set(last["dice_heldOut"]) == {*REGIONS, "mean"}


def test_refuses_portraits_of_another_size(small):
    write_split(small / "data/train", 4, 64, 8)
    with pytest.raises(ValueError, match="has portraits of 64 pixels, but this PASL takes 32"):
        train_pasl.main()


def test_vectors_are_looked_up(tmp_path):
    values = torch.arange(12.0).view(3, 4)
    save_file({"values": values}, tmp_path / "v.safetensors", {"texts": json.dumps(["a", "b", "c"])})
    np.savez(tmp_path / "v.npz", texts=np.array(["a", "b", "c"]), values=values.numpy())
    for name in ("v.safetensors", "v.npz"):
        found = VectorFile(tmp_path / name)
        assert found.width == 4 and torch.equal(found(["c", "a"]), values[[2, 0]])
        with pytest.raises(ValueError, match="lacks 1 texts, such as 'd'"):
            found(["a", "d"])


@pytest.mark.parametrize(("values", "problem"), [
    (np.eye(3, 4), "normalised"), (np.ones((2, 4)), "3 texts, values"), (np.ones(3), "3 texts, values")])
def test_refuses_vectors_that_do_not_fit(tmp_path, values, problem):
    np.savez(tmp_path / "v.npz", texts=np.array(["a", "b", "c"]), values=values)
    with pytest.raises(ValueError, match=problem):
        VectorFile(tmp_path / "v.npz")


def test_a_mask_gets_one_of_its_regions_texts():
    drawn = Plain([torch.full((3, 2), float(region)) for region in range(4)]).draw(5, 2)
    assert drawn.shape == (5, 8, 2)
    assert drawn[0, :, 0].tolist() == [0, 0, 1, 1, 2, 2, 3, 3]
