"""In which numbers networks compute: what the processor is faster in, and never what it emulates."""

import pytest
import torch

import precision


@pytest.mark.parametrize(("supported", "bfloat16", "chosen"), [(True, 0.5, True), (True, 2.0, False), (False, 0.5, False)])
def test_bfloat16_where_the_processor_has_it_and_is_faster(monkeypatch, supported, bfloat16, chosen):
    monkeypatch.setattr(torch.cpu, "_is_avx512_bf16_supported", lambda: supported)
    monkeypatch.setattr(precision, "seconds", {torch.bfloat16: bfloat16, torch.float32: 1.0}.get)
    precision.multiplies_bfloat16.cache_clear()
    assert precision.multiplies_bfloat16() == chosen
    assert precision.multiplies_bfloat16("cuda")
    precision.multiplies_bfloat16.cache_clear()


def test_times_real_products():
    assert 0 < precision.seconds(torch.float32) < 1
