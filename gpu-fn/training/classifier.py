"""The benchmark's judge, a small CNN that names attributes: torchrun --nproc-per-node 2 classifier.py [photos]

One judge for drawings, one for photos: each sees its portraits raw or through the autoencoder, so that the
autoencoder's blur is no clue, and counterfactuals beside their portraits, so that rare attributes are as frequent as
others. Writes gpu-fn/bench/edits/classifier/{drawings,photos}.onnx and .json. It never sees an edit.
"""

import argparse
import json

import numpy as np
import onnxruntime
import torch
import torch.nn.functional as F
from torch import nn

from attribute_labels import BINARY, HAIR, UNKNOWN
from data import normalised
from export import put
from judged import Pairs, Photos, Renders, test_photos, through_autoencoder
from latents import FOLDER
from parallel import RANK, average_gradients, start
from photos.views import mixed, sampled
from precision import autocast
from presets import ROOT, preset
from run import Average, Run

FOLDER_OUT = ROOT / "gpu-fn/bench/edits/classifier"
AGAIN = 5000  # portraits of a split that are also seen through the autoencoder
FEATURES = 192  # width of the layer below the logits
LIGHT = 0.15  # deviation of the brightness in which photos are seen


class Classifier(nn.Module):
    """Images [n,3,128,128] in [-1,1] → (logits [n, attributes + hair colours], features [n,FEATURES])."""

    def __init__(self, widths=(24, 48, 96, 128, 192)):
        super().__init__()
        layers, inside = [], 3
        for width in widths:
            layers += [nn.Conv2d(inside, width, 3, 2, 1, bias=False), nn.BatchNorm2d(width), nn.ReLU(),
                       nn.Conv2d(width, width, 3, 1, 1, bias=False, groups=width // 8), nn.BatchNorm2d(width), nn.ReLU()]
            inside = width
        self.convolutions = nn.Sequential(*layers)
        self.reduce = nn.Linear(inside * 16, FEATURES)
        self.head = nn.Linear(FEATURES, len(BINARY) + len(HAIR))

    def forward(self, x):
        features = F.relu(self.reduce(self.convolutions(x).flatten(1)))
        return self.head(features), features


def softened(x: torch.Tensor) -> torch.Tensor:
    """A random share of blur, as an autoencoder's."""
    blurred = F.interpolate(F.avg_pool2d(x, 2), scale_factor=2.0, mode="bilinear")
    return torch.lerp(x, blurred, torch.rand(len(x), 1, 1, 1))


def seen_loss(logits: torch.Tensor, truth: torch.Tensor) -> torch.Tensor:
    """Binary cross entropy over the answers that can be seen (truth 0 or 1, not −1)."""
    error = F.binary_cross_entropy_with_logits(logits, truth.clamp(min=0), reduction="none")
    return error[truth >= 0].mean()


@torch.no_grad()
def accuracies(model: Classifier, images: torch.Tensor, answers: tuple[torch.Tensor, torch.Tensor]) -> dict[str, dict[str, float]]:
    """Of each attribute, over the portraits where it can be seen: share judged right, and the mean of yes and no. What no
    portrait shows, or all do, is left out."""
    model.eval()
    logits, (truth, colour) = torch.cat([model(normalised(x))[0] for x in images.split(64)]), answers
    plain, balanced = {}, {}
    for i, name in enumerate(BINARY):
        if not ((truth[:, i] == 1).any() and (truth[:, i] == 0).any()):
            continue
        right = ((logits[:, i] > 0) == (truth[:, i] > 0)).float()
        plain[name] = right[truth[:, i] >= 0].mean().item()
        balanced[name] = (right[truth[:, i] == 1].mean().item() + right[truth[:, i] == 0].mean().item()) / 2
    right, seen = (logits[:, len(BINARY):].argmax(1) == colour).float(), colour != UNKNOWN
    plain["hair_colour"] = right[seen].mean().item()
    balanced["hair_colour"] = float(np.mean([right[colour == c].mean().item() for c in colour[seen].unique()]))
    return {"accuracy": {name: round(value, 4) for name, value in plain.items()},
            "balanced": {name: round(value, 4) for name, value in balanced.items()}}


def load():
    """The exported judge of drawings: images [n,3,128,128] → logits."""
    session = onnxruntime.InferenceSession(FOLDER_OUT / "drawings.onnx")
    return lambda images: torch.from_numpy(session.run(["logits"], {"images": images.float().contiguous().numpy()})[0])


def export(model: Classifier, kind: str, scores: dict) -> None:
    FOLDER_OUT.mkdir(parents=True, exist_ok=True)
    draft = FOLDER_OUT / f".{kind}.onnx.draft"
    torch.onnx.export(model, (torch.zeros(1, 3, 128, 128),), draft, input_names=["images"],
                      output_names=["logits", "features"], dynamo=False,
                      dynamic_axes={"images": {0: "n"}, "logits": {0: "n"}, "features": {0: "n"}})
    described = {
        "input": "images [n,3,128,128], RGB in [-1,1]",
        "output": f"logits [n,{len(BINARY) + len(HAIR)}]: yes above 0, hair colour by softmax; features [n,{FEATURES}] below them",
        "binary": list(BINARY), "threshold": 0, "hair_colour": {"offset": len(BINARY), "values": HAIR},
        "meaning": {"beard": "full beard", "eyeglasses": "glasses or sunglasses", "bangs": "straight or side",
                    "lipstick": "any colour", "smile": "expression is smile",
                    "hair_colour": "dark brown counts as brown; bald or under a hat is none",
                    "others": "gpu-fn/training/attribute_labels.py"},
        "trained_on": f"{ABOUT[kind]}, raw and through the autoencoder; never on edits",
        "accuracy": {name: part["accuracy"] for name, part in scores.items()},
        "balanced_accuracy": {name: part["balanced"] for name, part in scores.items()},
    }
    put(FOLDER_OUT / f"{kind}.json", json.dumps(described, indent=2) + "\n")
    draft.replace(FOLDER_OUT / f"{kind}.onnx")


ABOUT = {"drawings": "renders", "photos": "photos and what filters drew on them"}
LEARNT = {"drawings": ((Renders, "train"), (Renders, "edits")), "photos": ((Photos, "photo-edits"),)}


def seen(images: torch.Tensor, kind: str) -> torch.Tensor:
    """uint8 [n,h,w,3] as a step sees them, [n,3,h,w] in [-1,1]; the few photos there are turned, resized and lit anew each time."""
    x = normalised(images)
    if kind == "drawings":
        return x.flip(3) if np.random.rand() < 0.5 else x
    views = sampled(x, mixed(len(x), share=0).matrices(1.0), x.shape[-1], "border", 1)
    return (views * (1 + LIGHT * torch.randn(len(x), 1, 1, 1))).clamp(-1, 1).contiguous(memory_format=torch.channels_last)


def tried(kind: str, model: Classifier) -> dict[str, dict]:
    """Accuracies on portraits that were not learnt from: of `val`, and on test photos where there are some."""
    val = Renders("val") if kind == "drawings" else Pairs("photo-check")
    images, (yes, colour) = val.images(np.arange(len(val))), val.answers()
    again = through_autoencoder(images[:1000])
    found = {"raw": accuracies(model, images, (yes, colour)),
             "through_autoencoder": accuracies(model, again, (yes[: len(again)], colour[: len(again)]))}
    if kind == "photos" and (test := test_photos()):
        found["test_through_autoencoder"] = accuracies(model, through_autoencoder(test[0]), test[1])
    return found


def main() -> None:
    parser = argparse.ArgumentParser(prog="python classifier.py", description="Train a judge of edits")
    parser.add_argument("kind", nargs="?", choices=tuple(LEARNT), default="drawings", help="what it judges (%(default)s)")
    kind = parser.parse_args().kind
    start()
    torch.manual_seed(0)
    FOLDER.mkdir(exist_ok=True)
    shape = preset()["classifier"]
    parts = [part for part in (of(name) for of, name in LEARNT[kind]) if len(part)]
    again = [part.decoded(min(AGAIN, len(part))) for part in parts]
    model = Classifier().to(memory_format=torch.channels_last)
    optimizer = torch.optim.AdamW(model.parameters(), lr=shape["lr"], weight_decay=0.05, fused=True)
    average, answers = Average(model, 0.99), [part.answers() for part in parts]
    run = Run(f"classifier-{kind}", shape["minutes"], shape["batch"])
    run.track(model=model, optimizer=optimizer, average=average)
    for _ in run:
        part, decoded = np.random.randint(len(parts)), np.random.rand() < 0.4
        rows = np.random.randint(len(again[part]) if decoded else len(parts[part]), size=run.share)
        x = seen(again[part][rows] if decoded else parts[part].images(rows), kind)
        x = x if decoded else softened(x)
        yes, colour = (answer[rows] for answer in answers[part])
        for group in optimizer.param_groups:
            group["lr"] = run.rate(shape["lr"])
        with autocast():
            logits = model(x)[0].float()
        wrong = F.cross_entropy(logits[:, len(BINARY):], colour, ignore_index=UNKNOWN, label_smoothing=0.02, reduction="sum")
        loss = seen_loss(logits[:, : len(BINARY)], yes) * 6 + wrong / (colour != UNKNOWN).sum().clamp(min=1)
        optimizer.zero_grad()
        loss.backward()
        average_gradients(model)
        optimizer.step()
        average.update()
        run.report(loss=loss)
    if RANK:
        return
    model = Classifier().eval()
    model.load_state_dict(average.values)
    scores = tried(kind, model)
    run.flush(**scores)
    export(model, kind, scores)


if __name__ == "__main__":
    main()
