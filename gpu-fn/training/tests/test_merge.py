"""Weights between two flows."""

import torch

from merge import merged


def test_interpolates_between_old_and_new_weights():
    before, after = {"w": torch.tensor([0.0, 2.0]), "n": torch.tensor(3)}, {"w": torch.tensor([1.0, 4.0]), "n": torch.tensor(7)}
    found = merged(before, after, 0.25)
    assert found["w"].tolist() == [0.25, 2.5] and found["n"].item() == 7
    assert merged(before, after, 0.0)["w"].tolist() == [0.0, 2.0] and merged(before, after, 1.0)["w"].tolist() == [1.0, 4.0]
