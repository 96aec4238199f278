"""What reflow's error weighs, and how often requests are drawn."""

import torch

from couplings import GREATEST, LEAST, STRESS, frequency, stress


def changed(rows: int, by: float) -> tuple[torch.Tensor, torch.Tensor]:
    """Latents [1,8,32,32] and the same with the first rows changed."""
    source = torch.randn(1, 8, 32, 32, generator=torch.Generator().manual_seed(0))
    asked = source.clone()
    asked[:, :, :rows] += by
    return source, asked


def test_what_stays_counts_once():
    source, asked = changed(8, 0.5)
    weights = stress(source, asked)
    assert (weights[:, 8:] == 1).all() and (weights[:, :8] > 1).all()
    assert (stress(source, source) == 1).all()


def test_faint_and_small_changes_count_more():
    within = [(stress(*changed(8, by)) - 1).amax().item() for by in (2.0, 0.5, 0.2)]
    assert within[0] < within[1] < within[2]
    assert abs(within[0] - STRESS * LEAST) < 1e-4 and abs(within[2] - STRESS * GREATEST) < 1e-4
    assert stress(*changed(2, 0.5)).amax() > stress(*changed(8, 0.5)).amax()


def test_two_equal_shares_of_a_missing_change_weigh_the_same():
    strong, weak = changed(8, 0.7), changed(8, 0.4)
    def missing(pair):
        source, asked = pair
        error = 0.5 * (asked - source)
        return (error.square().mean(1) * (stress(source, asked) - 1)).sum()
    assert torch.isclose(missing(strong), missing(weak), rtol=1e-3)


def test_the_last_group_that_names_one_of_several_decides():
    assert frequency(["tan_skin", "smile"]) == frequency(["smile"]) > frequency(["beard"]) > frequency(["tan_skin"])
    assert frequency(["hat"]) == 1
