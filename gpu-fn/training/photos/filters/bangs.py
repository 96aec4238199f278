"""A fringe on long hair: strands from above the hairline down to the brows, in the hair's own colours."""

import cv2
import numpy as np
from scipy import ndimage

from photos.filters import points as at
from photos.filters.canvas import SIDE, Y, blur, bump, ramp
from photos.filters.edit import Edit, Layers
from photos.filters.portrait import Portrait
from photos.filters.strokes import Hairs, bezier

STYLES = {"full": 470, "side": 470, "wispy": 230, "curtain": 440}  # strands
SHADOW = np.array([0.5, 0.42, 0.4])


def line_of_hair(p: Portrait) -> tuple[np.ndarray, np.ndarray] | None:
    """(columns, y of the hairline in each) between the temples; None if there is a fringe, or a bald head."""
    left, right = p.at(at.TEMPLES)[:, 0] + (p.unit, -p.unit)
    columns = np.arange(int(max(left, 0)), int(min(right, SIDE)))
    found = p.hairline[columns]
    seen = ~np.isnan(found)
    if seen.mean() < 0.85:
        return None
    middle = found[len(columns) // 4:3 * len(columns) // 4]
    gap = np.nanmedian(p.brow_y - middle) / p.unit
    if not 22 <= gap <= 72:
        return None
    found = np.interp(columns, columns[seen], found[seen])
    return columns, ndimage.gaussian_filter1d(ndimage.median_filter(found, 9), 4)


def strand(p: Portrait, random, style: str, part: int, low: float, columns, line, lift, clumps):
    """(curve [11,2]) of one strand; its tip is drawn to a clump's."""
    u, left, right = p.unit, columns[0], columns[-1]
    x = left + random.uniform(-0.02, 1.02) * (right - left)
    j = int(np.clip(x - left, 0, len(columns) - 1))
    y = line[j] - lift[j] * random.uniform(0.25, 1)
    away = (x - p.middle) / ((right - left) / 2)
    tip, bow = np.array([x, p.brow_y + (low + random.normal(0, 3.2)) * u + abs(away) ** 2.6 * 16 * u]), 0.0
    if style == "side":
        tip = np.array([x + part * (15 + 6 * away * part) * u,
                        p.brow_y + (1 + 9 * away * part + random.normal(0, 2)) * u + abs(away) ** 3 * 8 * u])
        bow = -5 * part * u
    elif style == "curtain":
        tip = np.array([x + np.sign(away) * 13 * u * (1 - 0.5 * abs(away)), p.brow_y + (32 * abs(away) - 12 + random.normal(0, 2)) * u])
        bow = -4 * np.sign(away) * u
    elif style == "wispy":
        tip[1] += random.uniform(-8, 4) * u
    clump = clumps[np.argmin(np.abs(clumps - tip[0]))]
    tip += ((clump - tip[0]) * random.uniform(0.25, 0.7) + random.normal(0, 0.8) * u, 2 * u * np.sin(1.7 * clump))
    root = np.array([x, y])
    bend = (root + tip) / 2 + (bow - 0.25 * (tip[0] - root[0]) + 3 * away * u, -2.5 * u)
    return bezier(root, bend, tip, 11)


def bangs(p: Portrait, random, strength: float) -> Edit | None:
    """Short hair would need a cut, not strands: nothing there."""
    if p.palette is None or p.long_hair < 0.14 or p.coherence < 0.4 or p.glasses:
        return None
    measured = line_of_hair(p)
    if measured is None:
        return None
    columns, line = measured
    style, part, low = list(STYLES)[random.integers(len(STYLES))], random.choice([-1, 1]), random.uniform(-3, 5)
    count, u = STYLES[style], p.unit
    lift = np.clip((line - (p.crown or 0)) * 0.55, 4 * u, 26 * u)
    clumps = np.cumsum(random.uniform(2.5, 6.5, 80)) * u + columns[0]
    hairs, t = Hairs(), np.linspace(0.05, 0.95, 10)
    for depth in np.sort(random.random(count)):
        curve = strand(p, random, style, part, low, columns, line, lift, clumps)
        width = u * random.uniform(1, 2.1) * np.minimum(1, (1 - t) * 1.7) ** 0.9 + 0.2
        tone = np.clip(0.16 + 0.46 * depth + random.normal(0, 0.17), 0.02, 0.95) - 0.12
        tone = tone + 0.24 * bump(t, 0.45, 0.2) * (depth > 0.3) - 0.16 * ramp(t, 0.75, 1)  # a gloss, dark tips
        hairs.add(curve, width, p.palette[np.clip(tone * 63, 0, 63).astype(int)])
    colours, coverage = hairs.painted()
    every = np.arange(SIDE)
    top, rise = np.interp(every, columns, line), np.interp(every, columns, lift)
    coverage = blur(coverage, 0.8 * p.soft) * ramp(Y, (top - rise)[None], (top - 0.25 * rise)[None])
    coverage = np.where(Y < top[None] - 2, 0.9 * coverage, coverage)
    below = np.float32([[1, 0, 0.5 * u], [0, 1, 3.2 * u]])
    shadow = blur(cv2.warpAffine(coverage.astype(np.float32), below, (SIDE, SIDE)), 2.6 * u) * (1 - p.hair) * p.skin
    layers = Layers(p.image).put(p.colours * SHADOW, np.clip(0.6 * shadow, 0, 0.6))
    return layers.put(colours, 0.97 * coverage).edit()
