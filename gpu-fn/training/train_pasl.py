"""Trains PASL on portraits and every region's wordings: torchrun --nproc-per-node 2 train_pasl.py

The text tower stays frozen, as AlphaCLIP's does in the paper; all regions of an image are learnt in one step,
each from several wordings. A preset with `photos` takes that share of a batch from photographs
(.training/data/photos, photos/build.py) as views of them (photos/views.py), and half of the drawn ones as views too.

    PASL_CONFIG=paper PASL_TEXTS=clip.npz python train_pasl.py

trains the paper's network at its size, for its epochs and with its texts (presets.py, prompt_vectors.py), and writes it
as pasl-paper.safetensors beside its entry for a manifest. It uses a GPU if there is one.
"""

import json

import numpy as np
import torch
import torch.nn.functional as F
from safetensors.torch import save_file

from data import REGIONS, Split, normalised
from parallel import RANK, average_gradients, start
from pasl import SLOPE, Pasl, dice, loss_of
from presets import SCRATCH, preset
from prompt_vectors import EMBEDDED, features, prompts, source  # noqa: F401 (evaluate.py takes features from here)
from muon import Optimizers, split
from precision import autocast
from photos.views import Views, aligned, moved
from run import Run

EACH = 3  # wordings of a region in a step: the image is encoded once for all of them
MOVES = 4  # views of a photo that validation looks at
DEVICE = torch.device("cuda" if torch.cuda.is_available() else "cpu")


class Epochs(Run):
    """A run as long as its steps take: its length in seconds is what it took so far, drawn out to the last step.

    So progress, learning rate and end follow the steps. TRAINING_MINUTES has no say.
    """

    def __init__(self, name: str, steps: int, batch: int):
        self.steps = steps
        super().__init__(name, 0, batch)

    @property
    def seconds(self) -> float:
        if self.step == 0:
            return float(self.steps)  # a guess for the bar: a second a step
        return self.elapsed * self.steps / self.step if self.step < self.steps else self.elapsed

    @seconds.setter
    def seconds(self, _: float) -> None:
        pass


def build(text: int = EMBEDDED) -> Pasl:
    shape = preset()["pasl"]
    return Pasl(shape["channels"], shape["strides"], text, shape["text_hidden"], shape.get("dilations"))


def truth_of(masks: torch.Tensor, side: int) -> torch.Tensor:
    """Coverage 0..1 at the model's resolution."""
    return F.adaptive_avg_pool2d(masks.float() / 255, side)


@torch.no_grad()
def table(model: Pasl, data: Split, texts: list[torch.Tensor], count: int = 200) -> dict[str, float]:
    """Mean Dice of each region over validation portraits that show it (masks at 0.5 against coverage at 0.5)."""
    generator = torch.Generator().manual_seed(0)
    scores: list[list[float]] = [[] for _ in REGIONS]
    for indices in torch.arange(min(count, len(data))).split(20):
        text = torch.stack([t[torch.randint(len(t), (len(indices),), generator=generator)] for t in texts], 1)
        logits = model(normalised(data.images(indices.numpy()).to(DEVICE)), text.to(DEVICE))
        truth = (truth_of(data.masks(indices.numpy()).to(DEVICE), logits.shape[-1]) > 0.5).float()
        found = dice((logits > 0).float(), truth)
        for region in range(len(REGIONS)):
            scores[region] += found[truth[:, region].sum((1, 2)) > 0, region].tolist()
    return {region: round(float(np.mean(s)), 3) if s else float("nan") for region, s in zip(REGIONS, scores)}


@torch.no_grad()
def seen_table(model: Pasl, views: Views, texts: list[torch.Tensor], times: int) -> dict[str, float]:
    """Mean Dice of each region over photos, each moved `times` times, or over their aligned crops if `times` is 0."""
    generator = torch.Generator().manual_seed(0)
    scores: list[list[float]] = [[] for _ in REGIONS]
    for index in range(len(views.split)):
        count = max(times, 1)
        images, truth, inside = views.at(np.repeat(index, count), moved(count, generator) if times else aligned(count))
        text = torch.stack([t[torch.randint(len(t), (count,), generator=generator)] for t in texts], 1)
        truth = (truth > 0.5) * inside
        found = dice((model(images, text) > 0) * inside, truth)
        for region in range(len(REGIONS)):
            scores[region] += found[truth[:, region].sum((1, 2)) > 0, region].tolist()
    return {region: round(float(np.mean(s)), 3) if s else float("nan") for region, s in zip(REGIONS, scores)}


def tables(model: Pasl, data: Split, vectors, photos: Views | None = None) -> dict[str, dict[str, float]]:
    """Dice by known and by held-out wordings: of drawn portraits, and of photos aligned and moved."""
    model.eval()
    found = {}
    for part in ("train", "heldOut"):
        texts = [vectors(wordings) for wordings in prompts(part)]
        if len(data):
            found[part] = table(model, data, texts)
        if photos:
            found |= {f"photos_{part}": seen_table(model, photos, texts, 0), f"moved_{part}": seen_table(model, photos, texts, MOVES)}
    model.train()
    return found


def indices_of(run: Run, count: int) -> np.ndarray:
    """This process's portraits in the run's next step: each once an epoch, in an order of that epoch; else at random."""
    if not isinstance(run, Epochs):
        return np.random.randint(count, size=run.share)
    each = count // run.batch
    order = np.random.default_rng(run.step // each).permutation(count)
    return order[run.step % each * run.batch:][RANK * run.share:(RANK + 1) * run.share]


def run_of(shape: dict, count: int) -> Run:
    if "epochs" not in shape:
        return Run("pasl", shape["minutes"], shape["batch"])
    if count < shape["batch"]:
        raise ValueError(f"{count} portraits are too few for a batch of {shape['batch']}")
    return Epochs(shape["run"], shape["epochs"] * (count // shape["batch"]), shape["batch"])


def side_of(shape: dict) -> int:
    """Pixels a side of the masks."""
    return shape.get("size", preset()["size"]) // int(np.prod(shape["strides"]))


def views_of(shape: dict, name: str) -> Views | None:
    """Photos or drawn portraits as views, if there are any."""
    split = Split(name)
    return Views(split, shape.get("size", preset()["size"]), side_of(shape)) if len(split) else None


DECAY, WARMUP = 2e-2, 30  # of the weights; steps


class Adam:
    """AdamW as the paper's, at a share of its peak rate."""

    def __init__(self, model: Pasl, lr: float):
        self.lr, self.adam = lr, torch.optim.AdamW(model.parameters(), lr=lr, weight_decay=DECAY, fused=True)
        self.state_dict, self.load_state_dict = self.adam.state_dict, self.adam.load_state_dict

    def step(self, share: float) -> None:
        for group in self.adam.param_groups:
            group["lr"] = self.lr * share
        self.adam.step()
        self.adam.zero_grad()


def optimizer_of(model: Pasl, shape: dict) -> Adam | Optimizers:
    """AdamW, or Muon for the convolutions where the preset has a rate for it."""
    if "muon_lr" not in shape:
        return Adam(model, shape["lr"])
    return Optimizers(*split(model, ("projector", "conv1.")), shape["muon_lr"], shape["lr"], DECAY)


def batches(run: Run, shape: dict, data: Split):
    """A step's (images, truth, inside): drawn portraits as they are and as views, and views of photos."""
    drawn, photos = (views_of(shape, name) for name in ("train", "photos")) if "photos" in shape else (None, None)

    def plain(indices: np.ndarray):
        images = normalised(data.images(indices).to(DEVICE))
        truth = truth_of(data.masks(indices).to(DEVICE), side_of(shape))
        return images, truth, torch.ones_like(truth[:, :1])

    def draw():
        if photos is None:
            return plain(indices_of(run, len(data)))
        seen = round(run.share * shape["photos"])
        lots = run.share - seen
        parts = [plain(np.random.randint(len(data), size=lots - lots // 2)), drawn.draw(np.random.randint(len(data), size=lots // 2)),
                 photos.draw(np.random.randint(len(photos.split), size=seen))]
        return [torch.cat(part).to(DEVICE) for part in zip(*parts)]
    return draw


def portraits(shape: dict, name: str) -> Split:
    data, size = Split(name), shape.get("size", preset()["size"])
    if len(data) and data.size != size:
        raise ValueError(f"{data.folder} has portraits of {data.size} pixels, but this PASL takes {size}")
    return data


def wide(shape: dict) -> dict:
    """A manifest's entry for dilations, if there are any."""
    return {"dilations": shape["dilations"]} if "dilations" in shape else {}


def write(model: Pasl, shape: dict, text: int) -> None:
    """The weights and their entry for a manifest, if a configuration has its own run."""
    path = SCRATCH / f"{shape['run']}.safetensors"
    save_file({name: value.cpu().contiguous() for name, value in model.state_dict().items()}, path)
    config = {"channels": shape["channels"], "strides": shape["strides"], "leaky_slope": SLOPE, "text_dim": text,
              "text_hidden": shape["text_hidden"], "size": shape["size"], **wide(shape)}
    path.with_suffix(".json").write_text(json.dumps({"files": [path.name], "config": config}, indent=2) + "\n")


def main() -> None:
    start()
    torch.manual_seed(0)
    shape, vectors = preset()["pasl"], source()
    texts, data, held, each = vectors.lessons(), portraits(shape, "train"), portraits(shape, "val"), shape.get("each", EACH)
    if not len(data):
        raise ValueError(f"{data.folder} has no portraits")
    model = build(vectors.width).to(DEVICE)
    run = run_of(shape, len(data))
    optimizer = optimizer_of(model, shape)
    run.track(model=model, optimizer=optimizer)
    lesson = batches(run, shape, data)
    for _ in run:
        images, truth, inside = lesson()
        text = texts.draw(len(images), each).to(DEVICE)
        with autocast(DEVICE.type):
            logits = model(images, text).float()
        truth = truth.repeat_interleave(each, 1)
        loss = loss_of(logits, truth, inside)
        loss.backward()
        average_gradients(model)
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step(run.rate(1.0, WARMUP))
        run.report(loss=loss, dice=dice(logits.detach().sigmoid() * inside, truth * inside).mean())
    if RANK:
        return
    seen = views_of(shape, "photos-val") if "photos" in shape else None
    if len(held) or seen:
        found = tables(model, held, vectors, seen)
        run.flush(**{f"dice_{part}": {**t, "mean": round(float(np.nanmean(list(t.values()))), 3)} for part, t in found.items()})
    if "run" in shape:
        write(model, shape, vectors.width)


if __name__ == "__main__":
    main()
