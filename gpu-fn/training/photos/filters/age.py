"""Wrinkles and bags under the eyes: grooves lit from above."""

import cv2
import numpy as np

from photos.filters import points as at
from photos.filters.canvas import SIDE, blur, lab, mix, ramp, rgb
from photos.filters.edit import Edit, Layers
from photos.filters.portrait import Portrait
from photos.filters.strokes import bezier, filled, spline, tapered


def grooved(layers: Layers, depth: np.ndarray, amount: float, area: np.ndarray | None = None) -> Layers:
    """Lightness follows the slope of grooves of `depth` 0 to 1, and falls in them."""
    height = -blur(depth.astype(np.float32), 0.5)
    slope = cv2.Sobel(height, cv2.CV_32F, 0, 1) / 8
    found = lab(layers.colours)
    found[..., 0] += amount * (0.62 * height - 2.2 * slope)
    found[..., 1] -= 0.1 * amount * height
    where = ramp(blur(depth.astype(np.float32), 1.2), 0.01, 0.12)
    return layers.put(rgb(found), where if area is None else where * area)


def bags(p: Portrait, random, strength: float) -> Edit:
    """A darker swelling below each eye, light on its upper half, a groove below it."""
    u, down, layers, depth = p.unit, p.axes[1], Layers(p.image), random.uniform(0.9, 1.2)
    t = np.linspace(0, 1, 9)
    for side in (0, 1):
        lid = p.at(at.LOWER_LIDS[side])
        curve = spline((lid + np.outer((3 + 9.5 * np.sin(np.pi * t) ** 0.8) * u, down))[1:], 5, False)
        swelling = blur(filled(np.concatenate([spline(lid[1:] + down * 2.2 * u, 5, False), curve[::-1]])), 1.8 * u)
        dark = lab(layers.colours) + np.float32([-6.5 * p.relief, 3, -4.5]) * strength
        layers.put(rgb(dark), 0.9 * swelling * p.skin)
        light = lab(layers.colours) + np.float32([3 * p.relief, 0, 0])
        middle = spline(lid[1:] + np.outer((2 + 4 * np.sin(np.pi * t[1:])) * u, down), 5, False)
        layers.put(rgb(light), 0.6 * tapered(middle, 3.4 * u, soft=1.2 * u) * p.skin)
        groove = tapered(curve, 2.6 * u, ends=(0.3, 0.1), soft=0.9 * u)
        grooved(layers, groove, 13 * p.relief * depth * strength, p.skin)
    return layers.edit()


def forehead_lines(p: Portrait, random):
    u, columns = p.unit, slice(int(p.middle) - 8, int(p.middle) + 8)
    seen = p.hairline[columns]
    top = np.nanmedian(seen) if not np.isnan(seen).all() else p.brow_y - 48 * u
    room, line = p.brow_y - top, p.at(at.FOREHEAD_LINE)
    line[4, 1] -= 5 * u
    count = int(np.clip(room / (10 * u), 2, 4))
    for i in range(count):
        share = (i + 0.75) / (count + 0.55)
        curve = line.copy()
        curve[:, 1] = mix(curve[:, 1], p.brow_y, 0.45 * share) - 0.95 * share * room + random.normal(0, 0.7, 9) * u
        first, last = random.integers(0, 2), 9 - random.integers(0, 2)
        if random.random() < 0.35:
            first, last = (0, 5) if random.random() < 0.5 else (4, 9)
        yield tapered(spline(curve[first:last], 6, False), random.uniform(1.7, 2.5) * u, soft=0.55 * u) * random.uniform(0.6, 0.95)


def lines_around_eyes(p: Portrait, random):
    (across, down), u, t = p.axes, p.unit, np.linspace(0, 1, 9)
    for side, sign in enumerate((-1, 1)):
        corner = p.p[at.OUTER_CORNERS[side]] + across * sign * 4 * u
        for angle in (-0.5, -0.05, 0.42):
            way = across * sign * np.cos(angle) + down * np.sin(angle)
            start, end = corner + 1.5 * u * way, corner + random.uniform(11.5, 15.5) * u * way
            yield tapered(bezier(start, (start + end) / 2 + down * 1.2 * u, end, 10), 1.6 * u, ends=(0.5, 0), soft=0.55 * u) * 0.75
        for reach, share in ((7, 0.6), (11, 0.5)):
            curve = p.at(at.LOWER_LIDS[side]) + np.outer((2 + reach * np.sin(np.pi * t) ** 0.8) * u, down)
            yield tapered(spline(curve[1:], 5, False), 1.6 * u, soft=0.6 * u) * share


def lines_around_mouth(p: Portrait):
    (across, down), u = p.axes, p.unit
    for sign, wing, corner in zip((-1, 1), at.WINGS, (61, 291)):
        out = across * sign
        start, end = p.p[wing] + 1.5 * u * out, p.p[corner] + (8 * out + 3 * down) * u
        yield tapered(bezier(start, (start + end) / 2 + (3 * out - 2 * down) * u, end, 14), 3 * u, soft=0.9 * u) * 0.95
        start = p.p[corner] + (2.5 * out + 3 * down) * u
        end = start + (2.5 * out + 15 * down) * u
        yield tapered(bezier(start, (start + end) / 2 + 1.8 * u * out, end, 10), 1.9 * u, soft=0.7 * u) * 0.7
        brow = p.p[9] + 3.2 * u * out
        yield tapered(bezier(brow - 4 * u * down, brow, brow + (6 * down - 0.8 * out) * u, 8), 1.5 * u, soft=0.55 * u) * 0.6


def wrinkles(p: Portrait, random, strength: float) -> Edit:
    """The skin's own relief made stronger, and lines where faces fold."""
    layers = Layers(p.image)
    own = p.lab.copy()
    own[..., 0] += 0.75 * np.clip(own[..., 0] - blur(own[..., 0], 2.6), -9, 9)
    own[..., 1:] *= 0.96
    layers.put(rgb(own), blur(p.core.astype(np.float32), 1.2) * p.skin * 0.95 * strength, visible=0.5)
    depth = np.zeros((SIDE, SIDE), np.float32)
    for line in (*forehead_lines(p, random), *lines_around_eyes(p, random), *lines_around_mouth(p)):
        depth = np.maximum(depth, line)
    seen = blur((p.hair < 0.3).astype(np.float32), 1) * (1 - p.eyes(0.8)) * (1 - 0.9 * p.brows()) * ramp(p.person, 0.3, 0.7)
    return grooved(layers, depth * seen, 13 * (0.5 + 0.5 * p.tone[0] / 65) * random.uniform(0.85, 1.15) * strength).edit()

