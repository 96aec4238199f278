"""T5 v1.1's encoder (docs/algorithm.md §3), Hugging Face tensor names. Padding is attended, scores are not scaled."""

import math

import torch
import torch.nn.functional as F
from torch import nn

from tokenizer import EOS, PAD

BUCKETS, DISTANCE = 32, 128


def buckets(length: int) -> torch.Tensor:
    """Relative position buckets [query,key], bidirectional."""
    offset = torch.arange(length)[None] - torch.arange(length)[:, None]
    half, exact = BUCKETS // 2, BUCKETS // 4
    far = exact + (torch.log(offset.abs().clamp(min=1).float() / exact) / math.log(DISTANCE / exact) * (half - exact)).long()
    return (offset > 0).long() * half + torch.where(offset.abs() < exact, offset.abs(), far.clamp(max=half - 1))


class LayerNorm(nn.Module):
    def __init__(self, width: int):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(width))

    def forward(self, x):
        wide = x.float()
        return (wide * torch.rsqrt(wide.square().mean(-1, keepdim=True) + 1e-6) * self.weight).to(x.dtype)


class SelfAttention(nn.Module):
    def __init__(self, width: int, heads: int, size: int, first: bool):
        super().__init__()
        self.heads = heads
        self.q, self.k, self.v = (nn.Linear(width, heads * size, bias=False) for _ in range(3))
        self.o = nn.Linear(heads * size, width, bias=False)
        nn.init.normal_(self.q.weight, std=(width * size) ** -0.5)  # scores are not scaled
        if first:
            self.relative_attention_bias = nn.Embedding(BUCKETS, heads)
            nn.init.zeros_(self.relative_attention_bias.weight)

    def forward(self, x, bias):
        q, k, v = (p(x).unflatten(-1, (self.heads, -1)).transpose(1, 2) for p in (self.q, self.k, self.v))
        found = F.scaled_dot_product_attention(q, k, v, attn_mask=bias.to(q.dtype), scale=1.0)
        return self.o(found.transpose(1, 2).flatten(2))


class GatedGelu(nn.Module):
    def __init__(self, width: int, inner: int):
        super().__init__()
        self.wi_0, self.wi_1 = nn.Linear(width, inner, bias=False), nn.Linear(width, inner, bias=False)
        self.wo = nn.Linear(inner, width, bias=False)

    def forward(self, x):
        return self.wo(F.gelu(self.wi_0(x), approximate="tanh") * self.wi_1(x))


class Sublayer(nn.Module):
    def __init__(self, name: str, inner: nn.Module, width: int):
        super().__init__()
        self.add_module(name, inner)
        self.layer_norm = LayerNorm(width)


class Block(nn.Module):
    def __init__(self, shape: dict, first: bool):
        super().__init__()
        width = shape["d_model"]
        self.layer = nn.ModuleList([
            Sublayer("SelfAttention", SelfAttention(width, shape["heads"], shape["d_kv"], first), width),
            Sublayer("DenseReluDense", GatedGelu(width, shape["d_ff"]), width)])

    def forward(self, x, bias):
        attend, dense = self.layer
        x = x + attend.SelfAttention(attend.layer_norm(x), bias)
        return x + dense.DenseReluDense(dense.layer_norm(x))


class Stack(nn.Module):
    def __init__(self, shape: dict):
        super().__init__()
        self.block = nn.ModuleList(Block(shape, i == 0) for i in range(shape["layers"]))
        self.final_layer_norm = LayerNorm(shape["d_model"])


class T5Encoder(nn.Module):
    """ids [b,length] → hidden states [b,length,d_model]; token embeddings are given and frozen."""

    def __init__(self, tokens: int, shape: dict):
        super().__init__()
        self.shared, self.encoder = nn.Embedding(tokens, shape["d_model"]), Stack(shape)
        self.shared.weight.requires_grad_(False)
        self.config = {
            "vocab_size": tokens, "d_model": shape["d_model"], "d_kv": shape["d_kv"], "d_ff": shape["d_ff"],
            "num_layers": shape["layers"], "num_heads": shape["heads"], "relative_attention_num_buckets": BUCKETS,
            "relative_attention_max_distance": DISTANCE, "layer_norm_epsilon": 1e-6,
            "feed_forward_proj": "gated-gelu", "eos_token_id": EOS, "pad_token_id": PAD,
        }

    def forward(self, ids):
        x, first = self.shared(ids), self.encoder.block[0].layer[0].SelfAttention
        bias = first.relative_attention_bias(buckets(ids.shape[1])).permute(2, 0, 1)[None]
        for block in self.encoder.block:
            x = block(x, bias)
        return self.encoder.final_layer_norm(x)
