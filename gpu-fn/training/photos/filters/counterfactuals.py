"""Rows of a dataset from one portrait: a source, what requests make of it, and what the requests say.

A source is the photo, or the photo with an attribute drawn on it: then one request takes it away, whose truth is the
photo, and the others add to it. All pictures of a row are cut, turned, mirrored and lit alike.
"""

from dataclasses import dataclass

import cv2
import numpy as np

from photos.filters.canvas import SIDE
from photos.filters.catalogue import FILTERS, NAMES, applied, both, compatible
from photos.filters.portrait import Portrait

SOURCE = "a person."  # what the product calls a source that nobody describes
SMALLEST, TURN, SHIFT, LIGHT = 0.8, 6.0, 0.04, 0.2  # side of a cut, degrees, share of the side, of the brightness


@dataclass
class Row:
    """images uint8 [1+k,size,size,3]; masks uint8 [regions,m,m]; captions: the source's, then one a request"""

    images: np.ndarray
    masks: np.ndarray
    captions: list[str]
    names: list[list[str]]


def request(random, names: list[str], removed: bool = False) -> str:
    """One of the ways to ask for these attributes."""
    parts = [FILTERS[name].without if removed else FILTERS[name].words for name in names]
    return "a person " + " and ".join(part[random.integers(len(part))] for part in parts)


class Drawn:
    """What the filters make of one portrait, each drawn once: in any style, or in the one that a request teaches."""

    def __init__(self, portrait: Portrait, seed: int):
        self.portrait, self.seed, self.known = portrait, seed, {}

    def single(self, name: str, usual: bool = False):
        if (name, usual) not in self.known:
            self.known[name, usual] = applied(self.portrait, name, self.seed, usual)
        return self.known[name, usual]

    def pair(self, a: str, b: str, usual: tuple[str, ...]):
        return both(self.portrait, a, b, self.seed, usual) if self.single(a) and self.single(b) else None


def some(random, counts: dict[str, int]) -> list[str]:
    """All attributes that the photo may get, those first that were drawn least so far."""
    order = np.argsort([counts[name] + random.exponential(4) for name in NAMES])
    return [NAMES[i] for i in order]


def added(drawn: Drawn, random, counts: dict[str, int], count: int) -> tuple[list[np.ndarray], list[str], list[list[str]]] | None:
    """`count` requests of the photo, the last of them for two attributes at once."""
    order = some(random, counts)
    chosen = [name for name in order if drawn.single(name)][:count - 1]
    pairs = ((a, b) for a in chosen for b in order if a != b and compatible(a, b))
    double = next(((pair, edit) for pair in pairs if (edit := drawn.pair(*pair, usual=pair))), None)
    if len(chosen) < count - 1 or double is None:
        return None
    names = [*([name] for name in chosen), list(double[0])]
    images = [*(drawn.single(name, usual=True).image for name in chosen), double[1].image]
    return images, [request(random, part) for part in names], names


def taken(drawn: Drawn, random, counts: dict[str, int], count: int):
    """(source, its images, captions, names): the photo with an attribute that can be taken away, and requests of it."""
    for name in some(random, counts):
        if not FILTERS[name].without or not drawn.single(name):
            continue
        images, captions, names = [drawn.portrait.image], [request(random, [name], removed=True)], [[f"no_{name}"]]
        for other in some(random, counts):
            if len(images) < count and compatible(name, other) and (edit := drawn.pair(name, other, usual=(other,))):
                images.append(edit.image)
                captions.append(request(random, [other]))
                names.append([other])
        if len(images) == count:
            return drawn.single(name).image, images, captions, names, name
    return None


class View:
    """A cut of the canvas to `size` pixels, the same for all pictures and masks of a row."""

    def __init__(self, random, size: int, plain: bool = False):
        self.size, self.flip, self.gain = size, False, 1.0
        side, angle, x, y = SIDE, 0.0, 0.0, 0.0
        if not plain:
            side = SIDE * random.uniform(SMALLEST, 1)
            angle = random.normal(0, TURN / 2)
            x, y = random.normal(0, SHIFT / 2, 2) * SIDE
            self.flip, self.gain = random.random() < 0.5, 1 + LIGHT * random.uniform(-1, 1)
        turn = cv2.getRotationMatrix2D((SIDE / 2 + x, SIDE / 2 + y), angle, SIDE / side)
        turn[:, 2] -= x, y
        self.matrix = turn

    def cut(self, picture: np.ndarray, size: int) -> np.ndarray:
        """[SIDE,SIDE(,c)] → [size,size(,c)], antialiased."""
        found = cv2.warpAffine(picture, self.matrix, (SIDE, SIDE), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
        found = cv2.resize(found, (size, size), interpolation=cv2.INTER_AREA)
        return np.ascontiguousarray(found[:, ::-1]) if self.flip else found

    def image(self, picture: np.ndarray) -> np.ndarray:
        found = self.cut(picture, self.size).astype(np.float32)
        return np.clip(np.round(found * self.gain), 0, 255).astype(np.uint8)

    def masks(self, masks: np.ndarray, side: int) -> np.ndarray:
        """Coverage uint8 [n,m,m] → [n,side,side]."""
        large = [cv2.resize(mask, (SIDE, SIDE), interpolation=cv2.INTER_LINEAR) for mask in masks]
        return np.stack([self.cut(mask, side) for mask in large])


def row_of(drawn: Drawn, random, counts: dict[str, int], count: int, removal: bool, view: View, masks: np.ndarray, side: int) -> Row | None:
    """A row with `count` requests; `counts` says how often each attribute was drawn and is counted up."""
    if removal:
        found = taken(drawn, random, counts, count)
        if found is None:
            return None
        source, images, captions, names, name = found
        first = SOURCE if random.random() < 0.5 else request(random, [name])
    else:
        found = added(drawn, random, counts, count)
        if found is None:
            return None
        source, (images, captions, names), first = drawn.portrait.image, found, SOURCE
    for part in names:
        for name in part:
            counts[name.removeprefix("no_")] += 1
    return Row(np.stack([view.image(picture) for picture in (source, *images)]), view.masks(masks, side), [first, *captions], names)

