"""More single blocks, the same function."""

import copy

import pytest
import torch

from flow import Flow
from grow import grown, main, order
from presets import preset


def with_blocks(count: int, monkeypatch) -> Flow:
    shape = copy.deepcopy(preset())
    shape["flux"]["depth_single_blocks"] = count
    monkeypatch.setattr("flow.preset", lambda: shape)
    return Flow().eval()


def test_a_grown_flow_is_the_same_function_and_its_new_blocks_learn(monkeypatch):
    torch.manual_seed(0)
    small, large = with_blocks(4, monkeypatch), with_blocks(6, monkeypatch)
    for weights in small.parameters():  # a new flow's last layer is zero and passes no gradient
        torch.nn.init.normal_(weights, std=0.05)
    large.load_state_dict(grown(small.state_dict(), 6))
    config, count = small.flux.config, 2
    given = (torch.randn(count, 64, config["in_channels"]), torch.randint(3, 99, (count, 8)), torch.randn(count, config["vec_in_dim"]),
             torch.rand(count), torch.full((count,), 3.0))
    found = large(*given)
    assert torch.equal(found, small(*given))
    found.square().mean().backward()
    new = [i for i, (_, copied) in enumerate(order(4, 6)) if copied]
    assert new and all(large.flux.single_blocks[i].linear2.weight.grad.abs().max() > 0 for i in new)


def test_spreads_new_blocks_and_leaves_the_last_one_last():
    assert [old for old, copied in order(4, 7) if copied] == [0, 1, 2]
    assert [old for old, copied in order(4, 5) if copied] == [0]
    assert order(3, 3) == [(0, False), (1, False), (2, False)]
    assert all(len(order(4, want)) == want and order(4, want)[-1] == (3, False) for want in range(4, 8))
    with pytest.raises(ValueError, match="4 single blocks cannot become 8"):
        order(4, 8)


def test_a_checkpoint_is_grown_once_and_then_left_alone(scratch, monkeypatch, capsys):
    want = preset()["flux"]["depth_single_blocks"]
    values = with_blocks(want - 1, monkeypatch).state_dict()
    path = scratch / "ckpt/reflow.pt"
    path.parent.mkdir()
    torch.save({"student": values, "average": {"values": values, "updates": 5}, "step": 9}, path)
    monkeypatch.setattr("grow.SCRATCH", scratch)
    monkeypatch.setattr("sys.argv", ["grow.py", "reflow"])
    main()
    first = torch.load(path, weights_only=False)
    assert "step" not in first and first["average"]["updates"] == 5
    with_blocks(want, monkeypatch).load_state_dict(first["student"])
    before = path.read_bytes()
    main()
    assert path.read_bytes() == before and "left as it is" in capsys.readouterr().out
    monkeypatch.setattr("sys.argv", ["grow.py"])
    with pytest.raises(SystemExit, match="flow.pt is missing: python restore.py"):
        main()
