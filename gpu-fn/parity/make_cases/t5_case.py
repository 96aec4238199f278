"""`t5_encoder`: last hidden state and the table of relative buckets."""

import math

import torch
import torch.nn.functional as F

from attention import by_head, rms
from case_files import write_case
from parameters import Draw, linear


def t5_bucket(distance, buckets=32, far=128):
    """By counting: how many bucket borders the distance has passed."""
    half, exact = buckets // 2, buckets // 4
    borders = list(range(1, exact + 1))
    borders += [math.ceil(exact * (far / exact) ** (n / (half - exact)) - 1e-6) for n in range(1, half - exact)]
    return (half if distance > 0 else 0) + sum(abs(distance) >= border for border in borders)


def make_t5():
    c = dict(vocab_size=30, d_model=16, d_kv=6, d_ff=20, num_layers=2, num_heads=2, relative_attention_num_buckets=32,
             relative_attention_max_distance=128, layer_norm_epsilon=1e-6, feed_forward_proj="gated-gelu")
    draw, p, inner = Draw(4), {}, c["num_heads"] * c["d_kv"]
    p["shared.weight"] = draw.normal(c["vocab_size"], c["d_model"])
    first = "encoder.block.0.layer.0.SelfAttention.relative_attention_bias.weight"
    p[first] = draw.normal(32, c["num_heads"])
    for i in range(c["num_layers"]):
        at, dense = f"encoder.block.{i}.layer.0", f"encoder.block.{i}.layer.1"
        for name in "qkv":
            draw.layer(p, f"{at}.SelfAttention.{name}", inner, c["d_model"], bias=False)
        draw.layer(p, f"{at}.SelfAttention.o", c["d_model"], inner, bias=False)
        for name in ("wi_0", "wi_1"):
            draw.layer(p, f"{dense}.DenseReluDense.{name}", c["d_ff"], c["d_model"], bias=False)
        draw.layer(p, f"{dense}.DenseReluDense.wo", c["d_model"], c["d_ff"], bias=False)
        draw.gain(p, f"{at}.layer_norm.weight", c["d_model"])
        draw.gain(p, f"{dense}.layer_norm.weight", c["d_model"])
    draw.gain(p, "encoder.final_layer_norm.weight", c["d_model"])

    ids = torch.randint(0, c["vocab_size"], (2, 40), generator=draw.generator, dtype=torch.int32)
    length = ids.shape[1]
    table = torch.tensor([[t5_bucket(key - query) for key in range(length)] for query in range(length)])
    bias = p[first][table].permute(2, 0, 1)
    x = p["shared.weight"][ids.long()]
    for i in range(c["num_layers"]):
        at, dense = f"encoder.block.{i}.layer.0", f"encoder.block.{i}.layer.1"
        y = rms(x, p[f"{at}.layer_norm.weight"])
        q, k, v = (by_head(linear(p, f"{at}.SelfAttention.{n}", y), c["num_heads"]) for n in "qkv")
        a = (q @ k.transpose(-1, -2) + bias).softmax(-1) @ v
        x = x + linear(p, f"{at}.SelfAttention.o", a.transpose(1, 2).flatten(2))
        y = rms(x, p[f"{dense}.layer_norm.weight"])
        gate = F.gelu(linear(p, f"{dense}.DenseReluDense.wi_0", y), approximate="tanh")
        x = x + linear(p, f"{dense}.DenseReluDense.wo", gate * linear(p, f"{dense}.DenseReluDense.wi_1", y))
    distances = list(range(-140, 141))
    io = {"case0.in.input_ids": ids, "case0.out.last_hidden_state": rms(x, p["encoder.final_layer_norm.weight"]),
          "buckets.in.rel": torch.tensor(distances, dtype=torch.int32),
          "buckets.out.bucket": torch.tensor([t5_bucket(d) for d in distances], dtype=torch.int32)}
    write_case("t5_encoder", {"kind": "t5_encoder", **c}, io, weights=p)
