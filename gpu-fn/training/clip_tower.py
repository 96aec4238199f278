"""The CLIP text tower (docs/algorithm.md §3), tensor names as CLIPTextModelWithProjection's.

Pre-LN, causal, quick GELU; pooled = final-LN row at the first EOS; text_embeds = projected pooled.
"""

import torch
import torch.nn.functional as F
from torch import nn

from tokenizer import BOS, EOS, PAD


class Attention(nn.Module):
    def __init__(self, width: int, heads: int):
        super().__init__()
        self.heads = heads
        self.q_proj, self.k_proj, self.v_proj, self.out_proj = (nn.Linear(width, width) for _ in range(4))

    def forward(self, x):
        q, k, v = (p(x).unflatten(-1, (self.heads, -1)).transpose(1, 2) for p in (self.q_proj, self.k_proj, self.v_proj))
        return self.out_proj(F.scaled_dot_product_attention(q, k, v, is_causal=True).transpose(1, 2).flatten(2))


class MLP(nn.Module):
    def __init__(self, width: int):
        super().__init__()
        self.fc1, self.fc2 = nn.Linear(width, 4 * width), nn.Linear(4 * width, width)

    def forward(self, x):
        x = self.fc1(x)
        return self.fc2(x * torch.sigmoid(1.702 * x))


class Layer(nn.Module):
    def __init__(self, width: int, heads: int):
        super().__init__()
        self.self_attn, self.mlp = Attention(width, heads), MLP(width)
        self.layer_norm1, self.layer_norm2 = nn.LayerNorm(width), nn.LayerNorm(width)

    def forward(self, x):
        x = x + self.self_attn(self.layer_norm1(x))
        return x + self.mlp(self.layer_norm2(x))


class Embeddings(nn.Module):
    def __init__(self, tokens: int, length: int, width: int):
        super().__init__()
        self.token_embedding, self.position_embedding = nn.Embedding(tokens, width), nn.Embedding(length, width)
        nn.init.normal_(self.position_embedding.weight, std=0.02)

    def forward(self, ids):
        return self.token_embedding(ids) + self.position_embedding.weight[: ids.shape[1]]


class Transformer(nn.Module):
    def __init__(self, width: int, layers: int, heads: int):
        super().__init__()
        self.layers = nn.ModuleList(Layer(width, heads) for _ in range(layers))


class TextModel(nn.Module):
    def __init__(self, tokens: int, length: int, width: int, layers: int, heads: int):
        super().__init__()
        self.embeddings = Embeddings(tokens, length, width)
        self.encoder = Transformer(width, layers, heads)
        self.final_layer_norm = nn.LayerNorm(width)

    def forward(self, ids):
        x = self.embeddings(ids)
        for layer in self.encoder.layers:
            x = layer(x)
        return self.final_layer_norm(x)


class ClipTextTower(nn.Module):
    """ids [B,length] → pooled [B,width] (FLUX's vector) and text_embeds [B,projection] (PASL's text)."""

    def __init__(self, tokens: int, length: int, width: int, layers: int, heads: int, projection: int = 384):
        super().__init__()
        self.text_model = TextModel(tokens, length, width, layers, heads)
        self.text_projection = nn.Linear(width, projection, bias=False)
        self.config = {
            "vocab_size": tokens, "hidden_size": width, "intermediate_size": 4 * width, "num_hidden_layers": layers,
            "num_attention_heads": heads, "max_position_embeddings": length, "hidden_act": "quick_gelu",
            "layer_norm_eps": 1e-5, "projection_dim": projection, "bos_token_id": BOS, "eos_token_id": EOS,
            "pad_token_id": PAD,
        }

    def forward(self, ids):
        hidden = self.text_model(ids)
        pooled = hidden[torch.arange(len(ids)), (ids == EOS).int().argmax(1)]
        return pooled, self.text_projection(pooled)


@torch.no_grad()
def embed(tower: ClipTextTower, ids: torch.Tensor, batch: int = 512) -> tuple[torch.Tensor, torch.Tensor]:
    """(pooled, text_embeds) of many texts; texts of a length share a batch (causal: cutting padding changes nothing)."""
    lengths = (ids != PAD).sum(1)
    order = lengths.argsort()
    parts = [tower(ids[rows, : lengths[rows].max()]) for rows in order.split(batch)]
    back = order.argsort()
    return torch.cat([p for p, _ in parts])[back], torch.cat([e for _, e in parts])[back]
