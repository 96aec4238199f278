"""Polygons, and their coverage of a grid. Coordinates are shares of the crop: (0,0) top left, (1,1) bottom right."""

from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw

OVERSAMPLED = 8  # canvas pixels a side of one mask pixel: coverage in steps of 1/64


@dataclass(frozen=True)
class Shape:
    """A polygon [n,2], grown outwards by `grow` with round corners; one that is not `inside` takes back what is there."""

    points: np.ndarray
    grow: float = 0.0
    inside: bool = True


Layers = list[Shape]  # drawn in order on one canvas
Region = list[Layers]  # the union of its canvases


def rounded(x: float, y: float, rx: float, ry: float, power: float = 2.0, count: int = 40) -> np.ndarray:
    """A superellipse [count,2] around (x,y): an ellipse at power 2, a box with round corners at 4 and more."""
    angle = np.linspace(0, 2 * np.pi, count, endpoint=False)
    cos, sin = np.cos(angle), np.sin(angle)
    return np.stack([x + rx * np.sign(cos) * np.abs(cos) ** (2 / power),
                     y + ry * np.sign(sin) * np.abs(sin) ** (2 / power)], 1)


def canvas(layers: Layers, side: int) -> np.ndarray:
    """Inside or not, bool [side,side]."""
    image = Image.new("1", (side, side))
    draw = ImageDraw.Draw(image)
    for shape in layers:
        ring = [tuple(point) for point in (np.asarray(shape.points) * side - 0.5).tolist()]
        draw.polygon(ring, fill=int(shape.inside))
        radius = shape.grow * side
        if radius >= 0.5:
            draw.line([*ring, ring[0]], fill=int(shape.inside), width=round(2 * radius))
            for x, y in ring:  # wide lines leave gaps at sharp corners
                draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=int(shape.inside))
    return np.asarray(image)


def union(region: Region, side: int) -> np.ndarray:
    """bool [side,side]"""
    return np.any([canvas(layers, side) for layers in region], axis=0)


def coverage(inside: np.ndarray, side: int) -> np.ndarray:
    """bool [k·side,k·side] → uint8 [side,side], 0 outside to 255 inside."""
    k = len(inside) // side
    mean = inside.reshape(side, k, side, k).mean((1, 3))
    return np.round(255 * mean).astype(np.uint8)
