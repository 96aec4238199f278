"""Lipstick, and a whole make-up: skin, blush, shadow, liner, lashes, brows, lips."""

import cv2
import numpy as np

from photos.filters import points as at
from photos.filters.canvas import blur, fall, lab, lab_of, ramp, rgb
from photos.filters.edit import Edit, Layers
from photos.filters.portrait import Portrait
from photos.filters.skin import blush
from photos.filters.strokes import Hairs, bezier, filled, spline, tapered

LIPSTICKS = {
    "red": [(176, 12, 30), (196, 22, 28), (158, 8, 34)],
    "pink": [(222, 78, 122), (232, 100, 130), (205, 60, 120)],
    "dark": [(92, 14, 40), (84, 22, 58), (70, 10, 24)],
}
SHADOWS = [(96, 58, 70), (70, 52, 92), (60, 70, 100), (104, 66, 44), (40, 36, 44), (120, 50, 80)]
INK = np.array((18, 12, 14), np.float32)
LEAST_DIFFERENCE = 14  # between the lips and the lipstick, in L*a*b*


def lips(p: Portrait) -> np.ndarray:
    """Coverage without the mouth's opening and the teeth in it."""
    found = p.lips()
    if p.parted > 1.2:
        found = found * (1 - p.opening())
    if p.parted > 2:
        found = found * (1 - ramp(p.lab[..., 0], p.tone[0] + 4, p.tone[0] + 16) * fall(p.lab[..., 1], 8, 16))
    return np.clip(found, 0, 1)


def painted_lips(p: Portrait, random, name: str, layers: Layers, strength: float = 1.0) -> Layers | None:
    """Their light and dark stay, glosses lose colour; None where the lips are too small or had that colour."""
    area = lips(p)
    sure = area > 0.6
    if sure.sum() < 25:
        return None
    colour = lab_of(LIPSTICKS[name][random.integers(3)]) + random.normal(0, 1.5, 3)
    found = lab(layers.colours)
    middle = np.median(found[sure], 0)
    if np.hypot(*(colour - middle)[1:]) + 0.5 * abs(colour[0] - middle[0]) < LEAST_DIFFERENCE:
        return None
    lightness = 0.72 * colour[0] * (0.75 + 0.25 * p.exposure) + 0.28 * middle[0] * (1.05 if name == "pink" else 0.9)
    height = found[..., 0] - middle[0]
    height = np.where(height > 0, 1.25 * height, 0.9 * height)
    gloss = ramp(height, 12, 30)
    new = np.stack([lightness + height, *(colour[c] * (1 - 0.6 * gloss) + 0.15 * (found[..., c] - middle[c]) for c in (1, 2))], -1)
    return layers.put(rgb(new), 0.93 * strength * area)


def lipstick(p: Portrait, random, strength: float, name: str) -> Edit | None:
    layers = painted_lips(p, random, name, Layers(p.image), strength)
    return layers and layers.edit()


def eye_shadow(p: Portrait, random, side: int, colour: np.ndarray, eyes: np.ndarray, layers: Layers, strength: float) -> None:
    across, down = p.axes
    out = (-1, 1)[side]
    lid, crease, socket = (p.at(ring[side]) for ring in (at.UPPER_LIDS, at.CREASES, at.SOCKETS))
    near = filled(spline(np.concatenate([lid, (crease + 0.35 * (crease - lid))[::-1]]), 4), soft=p.unit)
    high = (0.55 * socket + 0.45 * crease[[1, 2, 3, 4, 6, 7]])[::-1]
    wide = np.concatenate([lid, crease[-1:], high, crease[:1] + (across * out * 4 - down * 3) * p.unit])
    area = np.clip(0.72 * near + 0.46 * filled(wide, soft=2.6 * p.unit), 0, 0.8) * (1 - eyes) * (1 - p.hair)
    tint = colour * (0.6 + 0.4 * p.exposure)
    layers.put(0.45 * tint + 0.55 * layers.colours * (tint / 255 * 1.15) ** 0.55, area * strength)


def liner_and_lashes(p: Portrait, random, side: int, layers: Layers, strength: float) -> None:
    across, down = p.axes
    out, u = (-1, 1)[side], p.unit
    upper, lower = p.at(at.UPPER_LIDS[side]), p.at(at.LOWER_LIDS[side])
    wing = upper[0] + (across * out * 6 - down * 4) * u
    line = spline(np.concatenate([[wing], upper - down * 0.6 * u]), 6, False)
    layers.put(INK, tapered(line, 3 * u, ends=(0.15, 0.35), soft=p.soft) * 0.92 * strength)
    layers.put(INK, tapered(spline(lower[:7] + down * 0.5 * u, 4, False), 1.3 * u, ends=(0.6, 0.1), soft=p.soft) * 0.6 * strength)
    hairs, curve = Hairs(), spline(upper, 6, False)
    for t in np.linspace(0, 0.86, 22):
        root = curve[int(t * (len(curve) - 1))] - down * 0.5 * u
        lean, length = out * (1.25 - 1.75 * t), u * (8 - 4 * t) * random.uniform(0.85, 1.15)
        tip = root - down * 0.85 * length + across * 0.55 * lean * length
        bend = (root + tip) / 2 + across * 0.16 * lean * length + down * 0.12 * length
        hairs.add(bezier(root, bend, tip, 5), np.linspace(0.62, 0.25, 4) * u, INK)
    layers.put(INK, blur(hairs.painted()[1], 0.7 * p.soft) * 0.85 * (1 - p.hair) * strength)


def heavy_makeup(p: Portrait, random, strength: float) -> Edit | None:
    layers = Layers(p.image)
    smooth = cv2.bilateralFilter(p.image, 7, 22, 4).astype(np.float32)
    layers.put(smooth, p.skin * 0.55 * p.core, visible=0.25)
    blush(p, random, strength * random.uniform(0.45, 0.7), layers)
    colour, eyes = np.array(SHADOWS[random.integers(len(SHADOWS))], np.float32), p.eyes(0.35)
    for side in (0, 1):
        eye_shadow(p, random, side, colour, eyes, layers, strength)
    for side in (0, 1):
        liner_and_lashes(p, random, side, layers, strength)
    brows = lab(layers.colours)
    brows[..., 0] *= 0.74
    layers.put(rgb(brows), 0.7 * strength * p.brows())
    painted_lips(p, random, ("red", "dark", "pink", "red")[random.integers(4)], layers, strength)
    return layers.edit()
