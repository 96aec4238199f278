"""Skin: paler, tanned, rosy cheeks."""

import numpy as np

from photos.filters import points as at
from photos.filters.canvas import X, Y, fall, lab, ramp, rgb
from photos.filters.edit import Edit, Layers, blended
from photos.filters.portrait import Portrait


def toned(p: Portrait, lightness: float) -> np.ndarray:
    """L*a*b* whose median skin has this lightness: a power of it, so that black and white stay."""
    found = p.lab.copy()
    power = np.log(lightness / 100) / np.log(p.tone[0] / 100)
    found[..., 0] = 100 * (np.clip(found[..., 0], 0.1, 100) / 100) ** power
    return found


def skin_tone(p: Portrait, random, strength: float, name: str) -> Edit | None:
    now, skin = p.tone[0], p.skin
    if skin.mean() < 0.05:
        return None
    if name == "pale":
        goal = min(now + strength * random.uniform(10, 15) * (0.7 + 0.3 * ramp(now, 35, 62)), 86)
        if goal - now < 6:
            return None
        found, chroma = toned(p, goal), 0.72 + 0.16 * fall(now, 35, 62)
        found[..., 1], found[..., 2] = found[..., 1] * chroma + 1, found[..., 2] * (chroma - 0.08)
    else:
        if now < 52:
            return None
        found = toned(p, now - strength * random.uniform(13, 18))
        lit = skin * ramp(p.lab[..., 0], 10, 40)
        found[..., 1] += 5 * lit
        found[..., 2] = 1.04 * found[..., 2] + random.uniform(3.5, 6) * lit
    return blended(p.image, rgb(found), skin * (1 - 0.6 * p.lips(1.2)) * (1 - p.opening(0.7)))


def cheeks(p: Portrait, out: float = 0.0, up: float = 0.0, size: float = 1.0) -> np.ndarray:
    """Soft slanted ellipses on the cheekbones, moved by units; the far one of a turned face is narrower."""
    across, down = p.axes
    found = np.zeros_like(X)
    for sign, bone, middle, corner in zip((-1, 1), at.CHEEKBONES, at.CHEEK_MIDDLES, at.OUTER_CORNERS):
        centre = 0.62 * p.p[bone] + 0.38 * p.p[middle] - down * up * p.unit + across * sign * out * p.unit
        width = max(abs(p.p[corner, 0] - p.p[at.BRIDGE, 0]) / 45, 0.5 * p.unit)
        cos, sin = np.cos(-0.45 * sign), np.sin(-0.45 * sign)
        x, y = X - centre[0], Y - centre[1]
        along, over = cos * x + sin * y, cos * y - sin * x
        found = np.maximum(found, np.exp(-0.75 * ((along / (16 * size * width)) ** 2 + (over / (10.5 * size * p.unit)) ** 2)))
    return found * p.skin * (found > 0.03)


def blush(p: Portrait, random, amount: float, layers: Layers) -> Layers:
    area = cheeks(p, random.uniform(-1, 3), random.uniform(-1, 3), random.uniform(1, 1.2))
    found, light = lab(layers.colours), ramp(p.tone[0], 15, 60)
    found[..., 0] -= 4.5 * amount * light
    found[..., 1] += (24 - 7 * light) * amount
    found[..., 2] += 2 * amount
    return layers.put(rgb(found), area)


def rosy_cheeks(p: Portrait, random, strength: float) -> Edit | None:
    return blush(p, random, strength * random.uniform(1.05, 1.4), Layers(p.image)).edit()
