"""What reflow is judged by."""

import types

import pytest
import torch

from couplings import Batch, stress
from flux import packed
from reflow import Validation


def edit(by: float) -> Batch:
    """Two rows whose upper quarter is to change."""
    source, noise = torch.randn(2, 2, 8, 8, 8, generator=torch.Generator().manual_seed(0)).unbind()
    asked = source.clone()
    asked[:, :, :2] += by
    return Batch(source, asked, noise, stress(source, asked), torch.zeros(2, 4, dtype=torch.long), torch.zeros(2, 4))


@pytest.mark.parametrize("share, gain", [(0.5, 6.02), (0.9, 20.0), (0.0, 0.0)])
def test_gain_is_how_much_nearer_to_what_is_asked_for_the_edit_is(share, gain):
    batch = edit(1.0)
    result = packed(torch.lerp(batch.source, batch.asked, share))
    flow = lambda x, ids, pooled, t, w: (x - result) / t[:, None, None]  # every line leads to the result
    assert Validation.gain(types.SimpleNamespace(STEPS=8), flow, batch) == pytest.approx(gain, abs=0.05)
