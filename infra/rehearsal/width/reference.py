"""FLUX's parts at full width, with few blocks and random weights, as diffusers and transformers compute them.

    python reference.py PART FOLDER

PART is flux, t5, clip or autoencoder. Writes FOLDER/PART.safetensors, bfloat16 weights, and FOLDER/PART.io.safetensors,
float32 inputs and what the reference makes of them in float32; prints its own error in bfloat16 as JSON.
"""

import json
import sys
from pathlib import Path

import torch
from safetensors.torch import save_file

torch.manual_seed(0)


def relative(found, truth):
    return float((found.float() - truth).norm() / truth.norm())


def stored(model, path, prefix=""):
    """Writes a model's weights in bfloat16 under the checkpoint's names; the model keeps exactly these values in float32."""
    rounded = {name: tensor.detach().to(torch.bfloat16).clone() for name, tensor in model.state_dict().items()}
    model.load_state_dict({name: tensor.float() for name, tensor in rounded.items()})
    save_file({name if name.startswith(prefix) else prefix + name: tensor for name, tensor in rounded.items()}, path)
    return model.eval()


def flux(folder):
    """One double block and two single ones. Gains of the QK norms are about 2, so that attention picks single tokens, as
    trained attention does: then errors in positions show."""
    from diffusers import FluxTransformer2DModel
    from diffusers.models.transformers import transformer_flux

    model = FluxTransformer2DModel(num_layers=1, num_single_layers=2, guidance_embeds=True)
    for name, parameter in model.named_parameters():
        sharp = "norm_q" in name or "norm_k" in name or "norm_added" in name
        torch.nn.init.normal_(parameter, mean=2.0 if sharp else 0.0, std=0.3 if sharp else 0.02)
    stored(model, folder / "flux.safetensors")
    rows, text = 16, 512
    places = torch.zeros(rows, rows, 3)
    places[..., 1] += torch.arange(rows)[:, None]
    places[..., 2] += torch.arange(rows)[None]
    ids = places.reshape(-1, 3), torch.zeros(text, 3)
    draw = lambda: {
        "img": torch.randn(1, rows * rows, 64),
        "txt": 0.3 * torch.randn(1, text, 4096),
        "vec": torch.randn(1, 768),
    }

    def velocity(given, kind=torch.float32):
        return model(
            hidden_states=given["img"].to(kind),
            encoder_hidden_states=given["txt"].to(kind),
            pooled_projections=given["vec"].to(kind),
            timestep=torch.tensor([0.375], dtype=kind),
            guidance=torch.tensor([2.0], dtype=kind),
            img_ids=ids[0],
            txt_ids=ids[1],
            return_dict=False,
        )[0].float()

    def attended(given, look):
        """The velocity if attention sees what `look` makes of each block's K, after norm and RoPE, and V."""
        attend, blocks = transformer_flux.dispatch_attention_fn, iter(range(3))
        transformer_flux.dispatch_attention_fn = lambda q, k, v, **more: attend(q, *look(next(blocks), k, v), **more)
        try:
            return velocity(given)
        finally:
            transformer_flux.dispatch_attention_fn = attend

    kept = {}

    def keep(block, k, v):
        kept[block] = k, v
        return k, v

    def around(inside, share):
        """K and V of image tokens that are not `inside` are the source's; V of the others is fused in the single blocks.
        Here all tokens run through the model: what the replaced ones come to is then seen by nobody."""
        outside = text + torch.tensor([token for token in range(rows * rows) if token not in inside])

        def look(block, k, v):
            k, v = k.clone(), v.clone()
            if block > 0:
                v[:, text:] = share * v[:, text:] + (1 - share) * kept[block][1][:, text:]
            for own, source in zip((k, v), kept[block]):
                own[:, outside] = source[:, outside]
            return k, v
        return look

    source, target = draw(), draw()
    truth, of_source = velocity(target), attended(source, keep)
    # a part of the picture, and two tokens far from it
    inside = [0, *(rows * row + column for row in range(4, 10) for column in range(5, 12)), rows * rows - 1]
    halves = (torch.arange(rows * rows) % 2).reshape(-1, 1, 1)
    part, fused = (attended(target, around(inside, share))[:, inside] for share in (torch.ones_like(halves), halves))
    tensors = {f"target.{name}": value for name, value in target.items()}
    tensors |= {f"source.{name}": value for name, value in source.items()}
    tensors |= {"source.velocity": of_source, "target.velocity": truth}
    tensors |= {"part.rows": torch.tensor(inside).int(), "part.velocity": part, "part.fused": fused}
    save_file(tensors, folder / "flux.io.safetensors")
    model.to(torch.bfloat16)
    half = relative(velocity(target, torch.bfloat16), truth)
    tables = model.pos_embed.forward
    model.pos_embed.forward = lambda places: tuple(table.to(torch.bfloat16).float() for table in tables(places))
    return {"bfloat16": half, "bfloat16 with tables in bfloat16": relative(velocity(target, torch.bfloat16), truth)}


def t5(folder):
    from transformers import T5Config, T5EncoderModel

    config = T5Config(d_model=4096, d_kv=64, d_ff=10240, num_layers=2, num_heads=64, feed_forward_proj="gated-gelu")
    model = stored(T5EncoderModel(config), folder / "t5.safetensors")
    ids = torch.randint(0, 32100, (1, 512))
    ids[0, 20], ids[0, 21:] = 1, 0
    truth = model(ids).last_hidden_state
    save_file({"ids": ids.int(), "hidden": truth.contiguous()}, folder / "t5.io.safetensors")
    return {"bfloat16": relative(model.to(torch.bfloat16)(ids).last_hidden_state, truth)}


def clip(folder):
    from transformers import CLIPTextConfig, CLIPTextModel

    config = CLIPTextConfig(
        hidden_size=768, intermediate_size=3072, num_hidden_layers=12, num_attention_heads=12,
        bos_token_id=49406, eos_token_id=49407, pad_token_id=49407, projection_dim=768,
    )  # fmt: skip
    model = stored(CLIPTextModel(config), folder / "clip.safetensors", prefix="text_model.")
    ids = torch.randint(0, 49400, (1, 77))
    ids[0, 0], ids[0, 12:] = 49406, 49407
    given = model(ids)
    hidden, pooled = given.last_hidden_state.contiguous(), given.pooler_output.contiguous()
    save_file({"ids": ids.int(), "hidden": hidden, "pooled": pooled}, folder / "clip.io.safetensors")
    return {"bfloat16": relative(model.to(torch.bfloat16)(ids).pooler_output, pooled)}


def autoencoder(folder):
    from diffusers import AutoencoderKL

    model = AutoencoderKL(
        down_block_types=("DownEncoderBlock2D",) * 4, up_block_types=("UpDecoderBlock2D",) * 4,
        block_out_channels=(128, 256, 512, 512), layers_per_block=2, latent_channels=16, norm_num_groups=32,
        scaling_factor=0.3611, shift_factor=0.1159, use_quant_conv=False, use_post_quant_conv=False,
    )  # fmt: skip
    stored(model, folder / "autoencoder.safetensors")
    image, z = 2 * torch.rand(1, 3, 512, 512) - 1, torch.randn(1, 16, 64, 64)
    mean, decoded = model.encode(image).latent_dist.mean.contiguous(), model.decode(z).sample.contiguous()
    tensors = {"image": image, "mean": mean, "z": z, "decoded": decoded}
    save_file(tensors, folder / "autoencoder.io.safetensors")
    return {}


if __name__ == "__main__":
    part, folder = sys.argv[1], Path(sys.argv[2])
    with torch.inference_mode():
        print(json.dumps({"flux": flux, "t5": t5, "clip": clip, "autoencoder": autoencoder}[part](folder)))
