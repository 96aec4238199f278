"""A bald head: the forehead's skin continued over it, the background beside it."""

import numpy as np
from scipy import ndimage

from photos.filters import points as at
from photos.filters.canvas import SIDE, X, Y, blur, bump, continued, fall, mix, noise, ramp, rgb
from photos.filters.edit import Edit, Layers
from photos.filters.portrait import Portrait
from photos.filters.strokes import filled, spline



def scalp(p: Portrait, random) -> np.ndarray:
    """L*a*b* of the forehead's skin continued upwards: a plane of tones fitted to it, and its grain."""
    u = p.unit
    forehead = (p.core | p.skin_area) & (p.brow_y - 3 * u > Y) & (p.hair < 0.05) & (np.abs(X - p.middle) < 45 * u)
    if forehead.sum() < 160:
        forehead = p.core & (p.p[2, 1] > Y)
    x, y = (X - p.middle) / 60, (Y - p.brow_y) / 60
    terms = np.stack([np.ones_like(x), x, y, x**2], -1)
    known, values = terms[forehead], p.lab[forehead]
    middle = np.median(values, 0)
    weight = (np.abs(values[:, 0] - middle[0]) < 18)[:, None]
    ridge = np.diag([0, 0.02, 0.12, 0.05]) * forehead.sum()
    plane = terms @ np.linalg.solve((known * weight).T @ known + ridge, (known * weight).T @ values)
    plane[..., 0] = np.clip(plane[..., 0], middle[0] - 14, middle[0] + 7)
    plane[..., 1:] = np.clip(plane[..., 1:], middle[1:] - 4, middle[1:] + 4)
    grain = p.lab[..., 0] - blur(p.lab[..., 0], 2)
    grain = np.clip(1.48 * np.median(np.abs(grain[forehead])), 0.2, 1.1)
    seen = (p.core | (p.skin_area & (p.brow_y > Y))) & (p.hair < 0.05) & (p.p[at.BRIDGE, 1] > Y)
    seen = ndimage.binary_erosion(seen & (np.abs(p.lab[..., 0] - p.tone[0]) < 36)).astype(np.float32)
    rest = ((blur(p.lab, 1.6) - plane) * seen[..., None]).astype(np.float32)
    near = np.exp(-ndimage.distance_transform_edt(seen < 0.5) / (60 * u))[..., None]
    plane = plane + np.clip(continued(rest, seen), -30, 14) * near
    plane[..., 0] = blur(plane[..., 0].astype(np.float32), 1.5) + grain * noise(random, 0.7) + 0.7 * noise(random, 5)
    return plane


def skull(p: Portrait, top: float) -> tuple[np.ndarray, float, float, float]:
    """(coverage of the head, its middle's x, half width, y of its base)"""
    left, right = p.at(at.TEMPLES)
    middle, half, base = (left[0] + right[0]) / 2, (right[0] - left[0]) / 2 * 1.06 + 1.5 * p.unit, (left[1] + right[1]) / 2
    angle = np.linspace(np.pi, 2 * np.pi, 60)
    cos, sin = np.cos(angle), np.sin(angle)
    dome = np.stack([middle + half * np.sign(cos) * np.abs(cos) ** (2 / 2.25),
                     base - (base - top) * np.abs(sin) ** (2 / 2.25)], 1)
    u = p.unit
    ring = np.concatenate([dome, [right + (2 * u, 4 * u)], p.at((454, 234)), [left + (-2 * u, 4 * u)]])
    return filled(spline(ring, 3), soft=0.6), middle, half, base


def bald(p: Portrait, random, strength: float) -> Edit | None:
    """Short hair before a plain background, and a head that is seen from the front."""
    u, eyes, chin = p.unit, p.face.eyes.mean(0)[1] * SIDE, p.p[152, 1]
    left, right = p.at(at.FOREHEAD_ENDS)[:, 0].clip(0, SIDE).astype(int)
    above = (p.brow_y - p.hairline[left:right]) / u
    if p.long_hair > 0.12 or (p.hair > 0.5).sum() < 900 or (above < 20).mean() > 0.12 or p.tone[0] < 28:
        return None
    top = eyes - (chin - eyes) * random.uniform(0.86, 0.95)
    top = max(top, (p.crown if p.crown is not None else top) + 3 * u)
    if top < 4 or eyes - top < 40 * u or min(p.face.shares) < 0.37:
        return None
    head, middle, half, base = skull(p, top)
    around = 1 - np.clip(3 * blur((np.maximum(p.hair, p.person) > 0.08).astype(np.float32), 2.5), 0, 1)
    outside = ((p.hair > 0.5) & (head < 0.5) & (base > Y)).sum() / ((p.hair > 0.5).sum() + 1)
    if around.sum() < 2500 or outside > 0.45:
        return None
    background = continued(p.colours, around)
    grain = (p.colours - blur(p.colours, 1.5))[around > 0.5].std()
    if grain > 6:  # what is behind the hair cannot be guessed before leaves
        return None
    background = background + min(grain, 3) * noise(random, 0.6)[..., None]
    skin, light = scalp(p, random), p.tone[0] / 65
    x, y = (X - middle) / half, np.clip((base - Y) / (base - top), 0, 2)
    from_middle = np.sqrt(np.abs(x) ** 2.3 + y**2.3)
    gloss = bump(X - middle - random.uniform(-10, 10) * u, 0, 22 * u) * bump(y, 0.66, 0.13)
    skin[..., 0] += (6.5 * gloss - 13 * ramp(from_middle, 0.55, 1.02)) * light  # a ball's shading
    skin[..., 1] += 1.2 * ramp(from_middle, 0.6, 1)
    cheeks = ndimage.binary_erosion((p.skin > 0.8) & (p.hair < 0.05) & (base - 6 * u < Y)).astype(np.float32)
    beside = continued(p.colours, cheeks)  # in place of sideburns
    new = mix(background, rgb(skin), head)
    new = mix(new, mix(background, beside, fall(np.abs(X - middle), half + 3 * u, half + 8 * u)), ramp(Y, base - 3 * u, base + 5 * u))
    hair = np.clip(2.2 * blur((p.hair > 0.12).astype(np.float32), 1.6), 0, 1)
    hair = np.maximum(hair, ndimage.grey_dilation(p.hair, 5) > 0.07).astype(np.float32)
    return Layers(p.image).put(new, blur(hair, 1) * fall(Y, p.p[93, 1], p.p[132, 1])).edit()
