"""What reflow's error weighs, and how often requests are drawn."""

import torch

from couplings import STRESS, frequency, stress


def changed(rows: int, by: float) -> tuple[torch.Tensor, torch.Tensor]:
    """Latents [1,8,32,32] and the same with the first rows changed."""
    source = torch.randn(1, 8, 32, 32, generator=torch.Generator().manual_seed(0))
    asked = source.clone()
    asked[:, :, :rows] += by
    return source, asked


def test_what_stays_counts_once():
    source, asked = changed(8, 0.5)
    weights = stress(source, asked)
    assert (weights[:, 8:] == 1).all() and (weights[:, :8] == 1 + STRESS).all()
    assert (stress(source, source) == 1).all()


def test_small_changes_count_more():
    assert stress(*changed(1, 0.5)).amax() > stress(*changed(2, 0.5)).amax() > stress(*changed(8, 0.5)).amax()


def test_the_last_group_that_names_one_of_several_decides():
    assert frequency(["tan_skin", "smile"]) == frequency(["smile"]) > frequency(["beard"]) > frequency(["tan_skin"])
    assert frequency(["hat"]) == 1
