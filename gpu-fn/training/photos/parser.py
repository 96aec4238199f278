"""A face parser that the user brings: an ONNX whose first output is logits [1,classes,h,w], and what its classes mean.

The JSON names the classes in the order of the logits, each with the regions that it belongs to, and the input's
normalisation where it is not ImageNet's:

    {"classes": {"background": [], "skin": ["skin"], "hair": ["hair"]}, "mean": [0.485, …], "std": [0.229, …]}

`celebamask.json` is the one for parsers of CelebAMask-HQ's nineteen classes in the order that BiSeNet's are trained in.
"""

import json
from pathlib import Path

import numpy as np
import onnxruntime

SIZE = 512  # pixels a side where the ONNX leaves it open
IMAGENET = {"mean": [0.485, 0.456, 0.406], "std": [0.229, 0.224, 0.225]}


def labels_of(path: Path, regions: list[str]) -> dict:
    """The JSON, checked."""
    found = IMAGENET | json.loads(path.read_text())
    classes = found.get("classes")
    if not isinstance(classes, dict) or not all(isinstance(names, list) for names in classes.values()):
        raise ValueError(f'{path}: "classes" must give each class name a list of regions')
    unknown = sorted({name for names in classes.values() for name in names} - set(regions))
    if unknown:
        raise ValueError(f"{path}: unknown region {', '.join(unknown)} (there are {', '.join(regions)})")
    return found


def areas(logits: np.ndarray, classes: dict[str, list[str]]) -> dict[str, np.ndarray]:
    """Logits [classes,h,w] → where each named region is, bool [h,w]: the union of its classes."""
    best, found = logits.argmax(0), {}
    for index, regions in enumerate(classes.values()):
        for region in regions:
            found[region] = found.get(region, False) | (best == index)
    return found


class FaceParser:
    def __init__(self, model: Path, labels: dict):
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1  # one process a core
        self.session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
        self.labels, (entry, *_) = labels, self.session.get_inputs()
        self.name, self.size = entry.name, entry.shape[-1] if isinstance(entry.shape[-1], int) else SIZE
        logits = self.logits(np.zeros((self.size, self.size, 3), np.uint8))
        count = len(labels["classes"])
        if logits.ndim != 3 or len(logits) != count:
            raise ValueError(f"{model}: its first output is {list(logits.shape)} a picture, but the labels name {count} classes")

    def logits(self, image: np.ndarray) -> np.ndarray:
        """uint8 [size,size,3] → [classes,h,w]"""
        x = ((image / 255 - self.labels["mean"]) / self.labels["std"]).transpose(2, 0, 1)[None]
        return self.session.run(None, {self.name: x.astype(np.float32)})[0][0]

    def parse(self, image: np.ndarray) -> dict[str, np.ndarray]:
        return areas(self.logits(image), self.labels["classes"])
