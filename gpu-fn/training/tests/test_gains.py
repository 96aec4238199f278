"""What edits gain, and how reflow is judged by it."""

import pytest
import torch

from couplings import Batch, stress
from flux import packed
from gains import final, gain, table


def edits(by: float) -> Batch:
    """Two rows whose upper quarter is to change."""
    source, noise = torch.randn(2, 2, 8, 8, 8, generator=torch.Generator().manual_seed(0)).unbind()
    asked = source.clone()
    asked[:, :, :2] += by
    return Batch(source, asked, noise, stress(source, asked), torch.zeros(2, 4, dtype=torch.long), torch.zeros(2, 4))


def leading_to(share: float, batch: Batch):
    """A flow that goes straight to an edit with this share of the change, whatever it sees."""
    result = packed(torch.lerp(batch.source, batch.asked, share))
    return lambda x, ids, pooled, t, w: (x - result) / t[:, None, None]


@pytest.mark.parametrize("share, decibels", [(0.5, 6.02), (0.9, 20.0), (0.0, 0.0)])
def test_gain_is_how_much_nearer_to_what_is_asked_for_the_edit_is(share, decibels):
    batch = edits(1.0)
    assert final(leading_to(share, batch), batch) == pytest.approx(decibels, abs=0.05)


def test_each_evaluation_of_a_straight_flow_says_the_same():
    batch = edits(1.0)
    rows = table(leading_to(0.5, batch), batch)
    assert [time for time, _, _ in rows][::10] == pytest.approx([1.0, 0.0])
    assert all(alone == pytest.approx(6.02, abs=0.05) for _, _, alone in rows)


def test_a_row_that_does_not_change_has_no_gain():
    batch = edits(0.0)
    assert len(gain(packed(batch.source), batch)) == 0
