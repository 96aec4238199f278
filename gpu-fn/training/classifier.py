"""The benchmark's judge: a small CNN that names attributes in drawings and photos: torchrun --nproc-per-node 2 classifier.py

It sees every portrait raw or through the autoencoder, so that the autoencoder's blur is no clue, and counterfactuals
beside their portraits, so that rare attributes are as frequent as others.
Writes gpu-fn/bench/edits/classifier/classifier.onnx and classifier.json. It never sees an edit.
"""

import json

import numpy as np
import onnxruntime
import torch
import torch.nn.functional as F
from torch import nn

from attribute_labels import BINARY, HAIR, UNKNOWN, labels, photo_labels
from data import Split, normalised
from export import put
from latents import FOLDER, autoencoder
from parallel import RANK, WORLD, agreed, average_gradients, start
from precision import autocast
from presets import ROOT, preset
from run import Average, Run

FOLDER_OUT = ROOT / "gpu-fn/bench/edits/classifier"
AGAIN = 5000  # renders of a split that are also seen through the autoencoder
FEATURES = 192  # width of the layer below the logits


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


class Renders:
    """The portraits of a split one after the other, counterfactuals included, and what they show."""

    def __init__(self, split: str):
        self.split, self.data = split, Split(split)
        self.portraits = [a for row in self.data.rows
                          for a in (row["attributes"], *(edit["attributes"] for edit in row.get("edits", [])))]

    def __len__(self) -> int:
        return len(self.portraits)

    def answers(self) -> tuple[torch.Tensor, torch.Tensor]:
        return labels(self.portraits)

    def images(self, numbers: np.ndarray) -> torch.Tensor:
        """uint8 [n,size,size,3]"""
        rows = self.data.images(numbers // self.data.each)
        return rows if self.data.each == 1 else rows[torch.arange(len(numbers)), torch.from_numpy(numbers % self.data.each)]

    def decoded(self, count: int) -> torch.Tensor:
        """The first `count` of them as the autoencoder gives them back, uint8; made once, by all processes."""
        path = FOLDER / f"decoded-{self.split}-{count}.npy"
        if not path.exists():
            model, latents = autoencoder(), []
            for shard in self.data.shards:
                found = np.load(FOLDER / f"{self.split}-{shard.number:06d}.npy", mmap_mode="r")
                latents.append(found.reshape(-1, *found.shape[-3:]))
                if sum(map(len, latents)) >= count:
                    break
            mine = torch.from_numpy(np.concatenate(latents)[:count]).float().chunk(WORLD)[RANK]
            with torch.no_grad(), autocast():
                found = [((model.decode(z).float().clamp(-1, 1) + 1) * 127.5).round().byte().permute(0, 2, 3, 1) for z in mine.split(32)]
            np.save(path.with_suffix(f".part{RANK}.npy"), torch.cat(found).numpy())
            agreed(0)
            if not RANK:
                np.save(path, np.concatenate([np.load(path.with_suffix(f".part{r}.npy")) for r in range(WORLD)]))
        agreed(0)
        return torch.from_numpy(np.load(path))


class Photos(Renders):
    """The photos of a split and what filters drew on them."""

    def __init__(self, split: str):
        self.split, self.data = split, Split(split)
        self.portraits = [row for row in self.data.rows for _ in range(self.data.each)]

    def answers(self) -> tuple[torch.Tensor, torch.Tensor]:
        found = [photo_labels(row) for row in self.data.rows]
        return torch.cat([yes for yes, _ in found]), torch.cat([colour for _, colour in found])


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
    """The exported judge: images [n,3,128,128] → logits."""
    session = onnxruntime.InferenceSession(FOLDER_OUT / "classifier.onnx")
    return lambda images: torch.from_numpy(session.run(["logits"], {"images": images.float().contiguous().numpy()})[0])


def export(model: Classifier, scores: dict) -> None:
    FOLDER_OUT.mkdir(parents=True, exist_ok=True)
    draft = FOLDER_OUT / ".classifier.onnx.draft"
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
        "trained_on": "renders and photos with what filters drew on them, raw and through the autoencoder; never on edits",
        "accuracy": {name: part["accuracy"] for name, part in scores.items()},
        "balanced_accuracy": {name: part["balanced"] for name, part in scores.items()},
    }
    put(FOLDER_OUT / "classifier.json", json.dumps(described, indent=2) + "\n")
    draft.replace(FOLDER_OUT / "classifier.onnx")


def main() -> None:
    start()
    torch.manual_seed(0)
    shape, val = preset()["classifier"], Renders("val")
    parts = [kind(name) for kind, name in ((Renders, "train"), (Renders, "edits"), (Photos, "photo-edits"))
             if any(FOLDER.glob(f"{name}-??????.npy"))]
    again, judged = [part.decoded(min(AGAIN, len(part))) for part in parts], val.decoded(1000)
    model = Classifier().to(memory_format=torch.channels_last)
    optimizer = torch.optim.AdamW(model.parameters(), lr=shape["lr"], weight_decay=0.05, fused=True)
    average, answers = Average(model, 0.99), [part.answers() for part in parts]
    run = Run("classifier", shape["minutes"], shape["batch"])
    run.track(model=model, optimizer=optimizer, average=average)
    for _ in run:
        part, seen = np.random.randint(len(parts)), np.random.rand() < 0.4
        rows = np.random.randint(len(again[part]) if seen else len(parts[part]), size=run.share)
        x = normalised(again[part][rows]) if seen else softened(normalised(parts[part].images(rows)))
        yes, colour = (answer[rows] for answer in answers[part])
        x = x.flip(3) if np.random.rand() < 0.5 else x
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
    yes, colour = val.answers()
    scores = {"raw": accuracies(model, val.images(np.arange(len(val))), (yes, colour)),
              "through_autoencoder": accuracies(model, judged, (yes[: len(judged)], colour[: len(judged)]))}
    photos = Photos("photo-held")
    if len(photos):
        scores["photos_through_autoencoder"] = accuracies(model, photos.decoded(len(photos)), photos.answers())
    run.flush(**scores)
    export(model, scores)


if __name__ == "__main__":
    main()
