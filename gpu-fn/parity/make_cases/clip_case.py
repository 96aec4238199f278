"""`clip_text`: last hidden state, pooled state and text embedding."""

import math

import torch
import torch.nn.functional as F

from attention import by_head
from case_files import write_case
from parameters import Draw, linear


def make_clip():
    c = dict(vocab_size=40, hidden_size=24, intermediate_size=48, num_hidden_layers=2, num_attention_heads=3,
             max_position_embeddings=9, layer_norm_eps=1e-5, hidden_act="quick_gelu", projection_dim=10, eos_token_id=39)
    draw, p, width = Draw(3), {}, 24
    p["text_model.embeddings.token_embedding.weight"] = draw.normal(c["vocab_size"], width)
    p["text_model.embeddings.position_embedding.weight"] = draw.normal(c["max_position_embeddings"], width)
    for i in range(c["num_hidden_layers"]):
        at = f"text_model.encoder.layers.{i}"
        for name in "qkv":
            draw.layer(p, f"{at}.self_attn.{name}_proj", width, width)
        draw.layer(p, f"{at}.self_attn.out_proj", width, width)
        draw.layer(p, f"{at}.mlp.fc1", c["intermediate_size"], width)
        draw.layer(p, f"{at}.mlp.fc2", width, c["intermediate_size"])
        draw.norm(p, f"{at}.layer_norm1", width)
        draw.norm(p, f"{at}.layer_norm2", width)
    draw.norm(p, "text_model.final_layer_norm", width)
    draw.layer(p, "text_projection", c["projection_dim"], width, bias=False)

    def norm(name, x):
        return F.layer_norm(x, (width,), p[f"{name}.weight"], p[f"{name}.bias"], c["layer_norm_eps"])

    ids = torch.tensor([[38, 4, 9, 39, 39, 39, 39, 39], [38, 1, 2, 3, 30, 6, 7, 39]], dtype=torch.int32)
    length, heads = ids.shape[1], c["num_attention_heads"]
    x = p["text_model.embeddings.token_embedding.weight"][ids.long()]
    x = x + p["text_model.embeddings.position_embedding.weight"][:length]
    future = torch.full((length, length), float("-inf")).triu(1)
    for i in range(c["num_hidden_layers"]):
        at = f"text_model.encoder.layers.{i}"
        y = norm(f"{at}.layer_norm1", x)
        q, k, v = (by_head(linear(p, f"{at}.self_attn.{n}_proj", y), heads) for n in "qkv")
        scores = q @ k.transpose(-1, -2) / math.sqrt(width // heads) + future
        x = x + linear(p, f"{at}.self_attn.out_proj", (scores.softmax(-1) @ v).transpose(1, 2).flatten(2))
        hidden = linear(p, f"{at}.mlp.fc1", norm(f"{at}.layer_norm2", x))
        x = x + linear(p, f"{at}.mlp.fc2", hidden * torch.sigmoid(1.702 * hidden))
    last = norm("text_model.final_layer_norm", x)
    pooled = last[torch.arange(2), torch.tensor([3, 7])]
    io = {"in.input_ids": ids, "out.last_hidden_state": last, "out.pooled": pooled,
          "out.text_embeds": linear(p, "text_projection", pooled)}
    write_case("clip_text", {"kind": "clip_text", **c}, {f"case0.{n}": v for n, v in io.items()}, weights=p)
