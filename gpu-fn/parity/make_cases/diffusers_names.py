"""FLUX's weights under diffusers' names."""

import torch


def flux_in_diffusers_names(p, c):
    """The same weights under diffusers' names: fused layers cut, the final shift and scale swapped."""
    out, width = {}, c["hidden_size"]
    mlp = int(width * c["mlp_ratio"])

    def move(name, to, part=None):
        for kind in ("weight", "bias"):
            tensor = p[f"{name}.{kind}"]
            out[f"{to}.{kind}"] = tensor if part is None else tensor[part[0]:part[1]]

    move("img_in", "x_embedder")
    move("txt_in", "context_embedder")
    for name, to in [("time_in", "timestep"), ("guidance_in", "guidance"), ("vector_in", "text")]:
        move(f"{name}.in_layer", f"time_text_embed.{to}_embedder.linear_1")
        move(f"{name}.out_layer", f"time_text_embed.{to}_embedder.linear_2")
    streams = {
        "img": ("norm1", "to_q", "to_k", "to_v", "norm", "to_out.0", "ff"),
        "txt": ("norm1_context", "add_q_proj", "add_k_proj", "add_v_proj", "norm_added", "to_add_out", "ff_context"),
    }
    for i in range(c["depth"]):
        for side, (mod, q, k, v, norm, proj, feed) in streams.items():
            old, new = f"double_blocks.{i}.{side}", f"transformer_blocks.{i}"
            move(f"{old}_mod.lin", f"{new}.{mod}.linear")
            for row, part in enumerate((q, k, v)):
                move(f"{old}_attn.qkv", f"{new}.attn.{part}", (row * width, (row + 1) * width))
            out[f"{new}.attn.{norm}_q.weight"] = p[f"{old}_attn.norm.query_norm.scale"]
            out[f"{new}.attn.{norm}_k.weight"] = p[f"{old}_attn.norm.key_norm.scale"]
            move(f"{old}_attn.proj", f"{new}.attn.{proj}")
            move(f"{old}_mlp.0", f"{new}.{feed}.net.0.proj")
            move(f"{old}_mlp.2", f"{new}.{feed}.net.2")
    for i in range(c["depth_single_blocks"]):
        old, new = f"single_blocks.{i}", f"single_transformer_blocks.{i}"
        move(f"{old}.modulation.lin", f"{new}.norm.linear")
        for row, part in enumerate(("attn.to_q", "attn.to_k", "attn.to_v")):
            move(f"{old}.linear1", f"{new}.{part}", (row * width, (row + 1) * width))
        move(f"{old}.linear1", f"{new}.proj_mlp", (3 * width, 3 * width + mlp))
        out[f"{new}.attn.norm_q.weight"] = p[f"{old}.norm.query_norm.scale"]
        out[f"{new}.attn.norm_k.weight"] = p[f"{old}.norm.key_norm.scale"]
        move(f"{old}.linear2", f"{new}.proj_out")
    for kind in ("weight", "bias"):
        shift, scale = p[f"final_layer.adaLN_modulation.1.{kind}"].chunk(2)
        out[f"norm_out.linear.{kind}"] = torch.cat([scale, shift])
    move("final_layer.linear", "proj_out")
    return out
