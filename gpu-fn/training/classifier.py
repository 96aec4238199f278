"""The benchmark's judge: a small CNN that names attributes, trained on renders only: python classifier.py

It sees every portrait raw or through the autoencoder, so that the autoencoder's blur is no clue.
Writes gpu-fn/bench/classifier/classifier.onnx and classifier.json. It never sees an edit.
"""

import json

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

from data import Split, normalised
from latents import FOLDER, autoencoder
from parallel import RANK, WORLD, agreed, average_gradients, start
from presets import ROOT, SCRATCH, preset
from run import Average, Run

# label → values; a label of two values is one yes/no output
HAIR = ["none", "black", "brown", "blond", "red", "gray", "white", "blue", "pink", "purple", "green"]
BINARY = {
    "beard": lambda a: a["beard"] == "full", "eyeglasses": lambda a: a["eyewear"] != "none",
    "bangs": lambda a: a["bangs"] != "none", "lipstick": lambda a: a["lipstick"] != "none",
    "smile": lambda a: a["expression"] == "smile",
}


def hair(a: dict) -> str:
    """Hair colour as seen; bald and covered heads have none, dark brown counts as brown."""
    if a["hairStyle"] == "bald" or a["hat"] != "none":
        return "none"
    return {"dark brown": "brown"}.get(a["hairColor"], a["hairColor"])


def labels(rows: list[dict]) -> tuple[torch.Tensor, torch.Tensor]:
    """(yes/no [n,5] float, hair class [n])"""
    attributes = [row["attributes"] for row in rows]
    return (torch.tensor([[float(test(a)) for test in BINARY.values()] for a in attributes]),
            torch.tensor([HAIR.index(hair(a)) for a in attributes]))


class Classifier(nn.Module):
    """Images [n,3,128,128] in [-1,1] → logits [n, 5 + hair colours]."""

    def __init__(self, widths=(24, 48, 96, 128, 160)):
        super().__init__()
        layers, inside = [], 3
        for width in widths:
            layers += [nn.Conv2d(inside, width, 3, 2, 1, bias=False), nn.BatchNorm2d(width), nn.ReLU(),
                       nn.Conv2d(width, width, 3, 1, 1, bias=False, groups=width // 8), nn.BatchNorm2d(width), nn.ReLU()]
            inside = width
        self.features = nn.Sequential(*layers)
        self.head = nn.Linear(inside * 16, len(BINARY) + len(HAIR))

    def forward(self, x):
        return self.head(self.features(x).flatten(1))


def decoded(split: str, count: int) -> torch.Tensor:
    """The first `count` portraits of a split as the autoencoder gives them back, uint8; made once, by all processes."""
    path = FOLDER / f"decoded-{split}-{count}.npy"
    if not path.exists():
        model, data = autoencoder(), np.load(FOLDER / f"{split}-000000.npy", mmap_mode="r")
        for second in range(1, count // len(data) + (count % len(data) > 0)):
            data = np.concatenate([data, np.load(FOLDER / f"{split}-{second:06d}.npy", mmap_mode="r")])
        mine = torch.from_numpy(np.array(data[:count])).float().chunk(WORLD)[RANK]
        with torch.no_grad(), torch.autocast("cpu", torch.bfloat16):
            found = [((model.decode(z).float().clamp(-1, 1) + 1) * 127.5).round().byte().permute(0, 2, 3, 1) for z in mine.split(32)]
        np.save(path.with_suffix(f".part{RANK}.npy"), torch.cat(found).numpy())
        agreed(0)
        if not RANK:
            np.save(path, np.concatenate([np.load(path.with_suffix(f".part{r}.npy")) for r in range(WORLD)]))
    agreed(0)
    return torch.from_numpy(np.load(path))


def softened(x: torch.Tensor) -> torch.Tensor:
    """A random share of blur, as an autoencoder's."""
    blurred = F.interpolate(F.avg_pool2d(x, 2), scale_factor=2.0, mode="bilinear")
    return torch.lerp(x, blurred, torch.rand(len(x), 1, 1, 1))


@torch.no_grad()
def accuracies(model: Classifier, images: torch.Tensor, rows: list[dict]) -> dict[str, float]:
    model.eval()
    logits, (yes, colour) = torch.cat([model(x) for x in images.split(64)]), labels(rows)
    found = {name: ((logits[:, i] > 0) == (yes[:, i] > 0)).float().mean().item() for i, name in enumerate(BINARY)}
    found["hair_colour"] = (logits[:, len(BINARY):].argmax(1) == colour).float().mean().item()
    return {name: round(value, 4) for name, value in found.items()}


def load() -> Classifier:
    model = Classifier().eval()
    model.load_state_dict(torch.load(SCRATCH / "ckpt/classifier.pt", weights_only=False)["average"]["values"])
    return model


def export(model: Classifier, scores: dict) -> None:
    folder = ROOT / "gpu-fn/bench/classifier"
    folder.mkdir(parents=True, exist_ok=True)
    torch.onnx.export(model, (torch.zeros(1, 3, 128, 128),), folder / "classifier.onnx", input_names=["images"],
                      output_names=["logits"], dynamic_axes={"images": {0: "n"}, "logits": {0: "n"}}, dynamo=False)
    described = {
        "input": "images [n,3,128,128], RGB in [-1,1]", "output": "logits [n,16]: yes above 0, hair colour by argmax",
        "binary": list(BINARY), "threshold": 0, "hair_colour": {"offset": len(BINARY), "values": HAIR},
        "meaning": {"beard": "full beard", "eyeglasses": "glasses or sunglasses", "bangs": "straight or side",
                    "lipstick": "any colour", "smile": "expression is smile",
                    "hair_colour": "dark brown counts as brown; bald or under a hat is none"},
        "trained_on": "renders, raw and through the autoencoder; never on edits", "accuracy": scores,
    }
    (folder / "classifier.json").write_text(json.dumps(described, indent=2) + "\n")


def main() -> None:
    start()
    torch.manual_seed(0)
    shape, data, val = preset()["classifier"], Split("train"), Split("val")
    again, judged = decoded("train", 2000), decoded("val", 600)
    model = Classifier().to(memory_format=torch.channels_last)
    optimizer = torch.optim.AdamW(model.parameters(), lr=shape["lr"], weight_decay=0.05, fused=True)
    average, (yes, colour) = Average(model, 0.99), labels(data.rows)
    run = Run("classifier", shape["minutes"], shape["batch"])
    run.track(model=model, optimizer=optimizer, average=average)
    for _ in run:
        seen = np.random.rand() < 0.3
        rows = np.random.randint(len(again) if seen else len(data), size=run.share)
        x = normalised(again[rows]) if seen else softened(normalised(data.images(rows)))
        x = x.flip(3) if np.random.rand() < 0.5 else x
        for group in optimizer.param_groups:
            group["lr"] = run.rate(shape["lr"])
        with torch.autocast("cpu", torch.bfloat16):
            logits = model(x).float()
        loss = F.binary_cross_entropy_with_logits(logits[:, : len(BINARY)], yes[rows]) * 3 + F.cross_entropy(
            logits[:, len(BINARY):], colour[rows], label_smoothing=0.02)
        optimizer.zero_grad()
        loss.backward()
        average_gradients(model)
        optimizer.step()
        average.update()
        run.report(loss=loss)
    if RANK:
        return
    model, images = load(), val.images(np.arange(len(val)))
    scores = {"raw": accuracies(model, normalised(images), val.rows),
              "through_autoencoder": accuracies(model, normalised(judged), val.rows[: len(judged)])}
    run.flush(**scores)
    export(model, scores)


if __name__ == "__main__":
    main()
