"""The parts of a model as PyTorch computes them, in float32 and in bfloat16, and how long its transformer takes.

    python references.py FOLDER DEVICE

FOLDER has a manifest and weights in black-forest-labs' names. Writes FOLDER/PART.io.safetensors, inputs and float32
outputs, and FOLDER/references.json: the error of bfloat16 by part, milliseconds of an eager evaluation by rows of the batch.
"""

import json
import statistics
import sys
import time
from pathlib import Path
from types import SimpleNamespace

HERE = Path(__file__).resolve()
sys.path[:0] = [str(HERE.parents[3] / "gpu-fn/training"), str(HERE.parent)]

import torch  # noqa: E402
from torch import nn  # noqa: E402

# the towers ask the tokenizer for ids of special tokens, which nothing here uses; it would need another package
sys.modules["tokenizer"] = SimpleNamespace(PAD=0, BOS=2, EOS=3)

import autoencoder  # noqa: E402
import clip_tower  # noqa: E402
import flux  # noqa: E402
import t5_encoder  # noqa: E402
from tensors import load, save  # noqa: E402

ROUNDS = 5


def relative(found, truth):
    return float((found.float() - truth).norm() / truth.norm())


class Parts:
    def __init__(self, folder: Path, device: str):
        self.folder, self.device = folder, device
        self.manifest = json.loads((folder / "manifest.json").read_text())

    def opened(self, part: str, model: nn.Module, prefix: str = "", kind=torch.float32) -> nn.Module:
        """Gives a part's weights to a model that was created without memory."""
        tensors = load(*(self.folder / name for name in self.manifest[part]["files"]))
        state = {name.removeprefix(prefix): tensor.to(self.device, kind)
                 for name, tensor in tensors.items() if name.startswith(prefix)}
        model.load_state_dict(state, assign=True, strict=False)
        missing = [name for name, parameter in model.named_parameters() if parameter.is_meta]
        if missing:
            raise SystemExit(f"{part}: no weights for {missing[:3]}")
        return model.eval().requires_grad_(False)

    def draw(self, *shape, scale=1.0):
        return scale * torch.randn(*shape, device=self.device)

    def ids(self, part: str):
        """A short prompt: a few words, the end, padding."""
        config, length = self.manifest[part]["config"], self.manifest[part]["length"]
        ids = torch.randint(5, config["vocab_size"] - 5, (1, length))
        ids[0, 12], ids[0, 13:] = config["eos_token_id"], config["pad_token_id"]
        return ids

    def keep(self, part: str, **tensors):
        save(tensors, self.folder / f"{part}.io.safetensors")

    def t5(self):
        config, ids = self.manifest["t5"]["config"], self.ids("t5")
        shape = {"heads": config["num_heads"], "layers": config["num_layers"],
                 **{name: config[name] for name in ("d_model", "d_kv", "d_ff")}}
        with torch.device("meta"):
            made = t5_encoder.T5Encoder(config["vocab_size"], shape)
        model = self.opened("t5", made)
        table = t5_encoder.buckets
        t5_encoder.buckets = lambda length: table(length).to(self.device)
        truth = model(ids.to(self.device))
        self.keep("t5", ids=ids.int(), hidden=truth)
        return relative(model.to(torch.bfloat16)(ids.to(self.device)), truth)

    def clip(self):
        config, ids = self.manifest["clip"]["config"], self.ids("clip")
        with torch.device("meta"):
            made = clip_tower.TextModel(config["vocab_size"], config["max_position_embeddings"], config["hidden_size"],
                                        config["num_hidden_layers"], config["num_attention_heads"])
        model = self.opened("clip", made, "text_model.")
        truth = model(ids.to(self.device))
        self.keep("clip", ids=ids.int(), hidden=truth)
        return relative(model.to(torch.bfloat16)(ids.to(self.device)), truth)

    def autoencoder(self):
        config, side = self.manifest["autoencoder"]["config"], self.manifest["resolution"]
        widths = [config["ch"] * multiple for multiple in config["ch_mult"]]
        shape = widths, config["num_res_blocks"], config["z_channels"], config["gn_groups"]
        with torch.device("meta"):
            encoder, decoder = autoencoder.Encoder(*shape), autoencoder.Decoder(*shape)
        encoder = self.opened("autoencoder", encoder, "encoder.")
        decoder = self.opened("autoencoder", decoder, "decoder.")
        small = side // 2 ** (len(widths) - 1)
        image, z = self.draw(1, 3, side, side).clamp(-1, 1), self.draw(1, config["z_channels"], small, small)
        mean, decoded = encoder(image).chunk(2, 1)[0], decoder(z)
        self.keep("autoencoder", image=image, mean=mean, z=z, decoded=decoded)
        half = torch.bfloat16
        return max(relative(encoder.to(half)(image.to(half)).chunk(2, 1)[0], mean),
                   relative(decoder.to(half)(z.to(half)), decoded))

    def flux(self):
        config, side = self.manifest["flux"]["config"], self.manifest["resolution"]
        tokens, text = (side // 2 ** len(self.manifest["autoencoder"]["config"]["ch_mult"])) ** 2, self.manifest["t5"]["length"]
        with torch.device("meta"):
            model = flux.Flux(config)
        model = self.opened("flux", model)
        model.ropes[(text, tokens)] = tuple(table.to(self.device) for table in flux.rotary(text, int(tokens**0.5), config["axes_dim"]))
        inputs = [self.draw(2, tokens, config["in_channels"]), self.draw(2, text, config["context_in_dim"], scale=0.3),
                  self.draw(2, config["vec_in_dim"]), torch.full((2,), 0.375, device=self.device),
                  torch.full((2,), 2.0, device=self.device)]
        truth = torch.cat([model(*(value[row : row + 1] for value in inputs)) for row in range(2)])
        self.keep("flux", img=inputs[0], txt=inputs[1], vec=inputs[2], velocity=truth)
        model.to(torch.bfloat16)
        for embedder in (model.time_in, model.guidance_in):
            embedder.register_forward_pre_hook(lambda _, given: (given[0].to(torch.bfloat16),))
        half = [*(value.to(torch.bfloat16) for value in inputs[:3]), *inputs[3:]]
        error = relative(torch.cat([model(*(value[row : row + 1] for value in half)) for row in range(2)]), truth)
        self.eager = {rows: self.timed(lambda rows=rows: model(*(value[:rows] for value in half))) for rows in (1, 2)}
        return error

    def timed(self, run):
        times = []
        for _ in range(ROUNDS + 1):
            start = time.perf_counter()
            run()
            if self.device == "cuda":
                torch.cuda.synchronize()
            times.append(1000 * (time.perf_counter() - start))
        return statistics.median(times[1:])


@torch.inference_mode()
def main() -> None:
    folder, device = Path(sys.argv[1]), sys.argv[2]
    torch.manual_seed(0)
    # float32 all the way: convolutions would use TF32
    torch.backends.cudnn.allow_tf32 = torch.backends.cuda.matmul.allow_tf32 = False
    parts, errors = Parts(folder, device), {}
    for name in ("t5", "clip", "autoencoder", "flux"):
        start = time.perf_counter()
        errors[name] = getattr(parts, name)()
        if device == "cuda":
            torch.cuda.empty_cache()
        print(f"torch, {name}: bfloat16 {errors[name]:.1e}, {time.perf_counter() - start:.1f} s", flush=True)
    known = {"torch": torch.__version__, "errors": errors, "eager": parts.eager}
    (folder / "references.json").write_text(json.dumps(known))


if __name__ == "__main__":
    main()
