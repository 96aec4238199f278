"""Bushy and arched eyebrows."""

import numpy as np

from photos import mesh
from photos.filters import points as at
from photos.filters.canvas import blur
from photos.filters.edit import Edit, Layers, blended
from photos.filters.portrait import Portrait
from photos.filters.strokes import Hairs, bezier, filled, normals, spline
from photos.filters.warp import warped

HAIRS = 190  # a brow
ARCH = np.array([0.25, 0.95, 1.0, 0.45, -0.12])  # of the rise, from the outer end


def middle_line(p: Portrait, side: int) -> tuple[np.ndarray, np.ndarray]:
    """(curve from the inner to the outer end, half its thickness)"""
    top, low = p.at(mesh.BROW_TOPS[side]), p.at(mesh.BROW_BOTTOMS[side])
    if side == 0:
        top, low = top[::-1], low[::-1]
    curve = spline((top + low) / 2, 6, False)
    t = np.linspace(0, 1, len(curve))
    return curve, np.interp(t, np.linspace(0, 1, 5), np.hypot(*(top - low).T) / 2)


def bushy(p: Portrait, random, strength: float) -> Edit | None:
    if p.glasses:
        return None
    down, u = p.axes[1], p.unit
    colour = p.brow_colour * random.uniform(0.85, 1.02)
    if p.palette is not None and colour.mean() > p.palette[8].mean() + 40:  # fair brows under dark hair
        colour = (colour + p.palette[12]) / 2
    hairs, below = Hairs(), np.zeros_like(p.hair)
    for side in (0, 1):
        curve, half = middle_line(p, side)
        t = np.linspace(0, 1, len(curve))
        half = np.clip(half, 2.2 * u, 4.2 * u) * np.interp(t, [0, 0.12, 0.6, 1], [0.75, 1.45, 1.35, 0.5]) * (0.8 + 0.2 * strength)
        curve = curve - down * u
        up = normals(curve)
        along = np.stack([up[:, 1], -up[:, 0]], 1)
        up = up * np.sign(-(up @ down)[:, None] + 1e-9)
        area = np.concatenate([curve + 0.8 * half[:, None] * up, (curve - 0.75 * half[:, None] * up)[::-1]])
        below = np.maximum(below, filled(area, soft=1.6 * u))
        for _ in range(round(HAIRS * strength)):
            i, v = int(random.uniform(0, 0.97) * (len(curve) - 1)), random.uniform(-1, 0.75)
            root, rise = curve[i] + v * half[i] * up[i], np.interp(t[i], [0, 0.2, 0.6, 1], [1.5, 0.8, 0.25, -0.15])
            way = along[i] + (rise - 0.5 * (v > 0.3)) * up[i] + random.normal(0, 0.12, 2)
            way, length = way / np.hypot(*way), u * random.uniform(5, 8.5)
            bend, end = root + 0.3 * length * way + 0.5 * up[i], root + 0.7 * length * way - 0.6 * u * up[i]
            hairs.add(bezier(root - 0.3 * length * way, bend, end, 4), random.uniform(0.4, 0.75) * u,
                      np.clip(colour * random.uniform(0.62, 1.25), 0, 255))
    light = p.light[..., None] ** 0.8
    layers = Layers(p.image).put(0.95 * colour * light, 0.26 * below)
    drawn, coverage = hairs.painted()
    return layers.put(drawn * light, blur(coverage, p.soft) * 0.72 * (1 - 0.8 * p.hair)).edit()


def arched(p: Portrait, random, strength: float) -> Edit | None:
    if p.glasses:
        return None
    rise, start, goal = strength * random.uniform(5.2, 7.4) * p.unit, [], []
    for side in (0, 1):
        for ring in (mesh.BROW_TOPS[side], mesh.BROW_BOTTOMS[side]):
            points = p.at(ring)
            start.append(points)
            goal.append(points - p.axes[1] * rise * (ARCH if side == 0 else ARCH[::-1])[:, None])
    held = p.at(sum(at.UPPER_LIDS + at.CREASES, ()))
    colours, coverage = warped(p, np.concatenate(goal), np.concatenate(start), 26 * p.unit, held)
    return blended(p.image, colours, coverage)
