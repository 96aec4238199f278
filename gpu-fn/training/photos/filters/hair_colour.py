"""Hair in another colour: its lightness mapped onto a ramp from shadow to light, its texture kept, its rim unmixed."""

import cv2
import numpy as np
from scipy import ndimage

from photos.filters.canvas import X, Y, blur, lab, local_mean, mix, ramp, rgb, white_noise
from photos.filters.edit import Edit, finished
from photos.filters.portrait import Portrait, structure

RAMPS = {  # shadow, middle, light
    "black": [(7, 6, 8), (27, 24, 26), (84, 82, 90)],
    "brown": [(22, 13, 9), (72, 45, 29), (146, 101, 68)],
    "blond": [(82, 60, 38), (180, 147, 104), (242, 223, 184)],
    "gray": [(57, 57, 58), (143, 142, 142), (228, 228, 229)],
    "red": [(46, 13, 7), (138, 55, 26), (218, 126, 74)],
    "pink": [(104, 30, 68), (212, 100, 150), (250, 192, 216)],
}
NEUTRAL = {"black": ((-2, 2), (-2, 2)), "gray": ((-1.5, 2), (-1.5, 2))}  # bounds of a* and b*
KNOTS = [-0.35, 0.0, 0.5, 1.0, 1.3]  # of the tone curve: blacker than all, 6 %, median, 95 %, highlights
LEAST_DIFFERENCE = 13  # mean levels of RGB below which the hair had that colour already


def strands(p: Portrait, random, length: int = 9) -> np.ndarray:
    """Noise smeared along the hair's own direction: strands where the photo shows none. Deviation 1."""
    (xx, yy, xy), _ = structure(p.lab[..., 0], p.hair, 5)
    angle = 0.5 * np.arctan2(2 * xy, xx - yy) + np.pi / 2
    along = np.stack([np.cos(angle), np.sin(angle)], -1).astype(np.float32)
    noise = white_noise(random)
    total = noise.copy()
    for sign in (1, -1):
        x, y, heading = X - 0.5, Y - 0.5, sign * along
        for _ in range(length):
            local = cv2.remap(along, x, y, cv2.INTER_NEAREST, borderMode=cv2.BORDER_REFLECT)
            heading = np.where((local * heading).sum(-1, keepdims=True) < 0, -local, local)
            x, y = x + heading[..., 0], y + heading[..., 1]
            total += cv2.remap(noise, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT)
    total -= blur(total, 6)
    return total / (total.std() + 1e-6)


def colour_ramp(p: Portrait, random, name: str) -> np.ndarray:
    """L*a*b* of this photo's shadow, middle and light [3,3]."""
    found = lab(np.array(RAMPS[name], np.float32)[None])[0]
    found = found + random.normal(0, 1, 3) * [3.5, 2, 3] * (0.5 if name in NEUTRAL else 1)
    if name in ("blond", "gray", "pink"):
        found[:, 0] *= p.exposure
    for channel, bounds in enumerate(NEUTRAL.get(name, ()), 1):
        found[:, channel] = np.clip(found[:, channel], *bounds)
    return found


def recoloured(p: Portrait, random, name: str, deep: np.ndarray) -> np.ndarray:
    """The whole picture as if it were hair of that colour, RGB."""
    lightness = p.lab[..., 0]
    low, middle, high = np.percentile(lightness[deep], [6, 50, 95])
    span = max(high - low, 20.0)
    colours = colour_ramp(p, random, name)
    gain = (colours[2, 0] - colours[0, 0]) / span
    base = blur(lightness, 5)
    fine = (blur(lightness, 0.6) if gain > 1.6 else lightness) - base
    fine *= min(1, 1.9 / max(gain, 1e-3))  # a steep ramp would turn noise into strands
    middle = np.clip(middle, low + 0.3 * span, low + 0.62 * span)
    t = np.interp(base + fine, [low - 0.35 * span, low, middle, low + span, low + 1.5 * span], KNOTS)
    if gain > 1.5:  # dark hair hides its strands: bright hair needs some
        t = t + min(gain - 1.5, 1.5) * 0.045 * strands(p, random)
    stops = np.stack([colours[0] * [0.35, 0.6, 0.6], *colours, colours[2] + [5, 0, 0]])
    found = np.stack([np.interp(t, KNOTS, stops[:, channel]) for channel in range(3)], -1)
    found[..., 0] = np.clip(found[..., 0], 0, 98)
    found[..., 1:] += (0.05 if name in NEUTRAL else 0.12) * (p.lab[..., 1:] - p.lab[deep][:, 1:].mean(0))
    return rgb(found)


def hair_colour(p: Portrait, random, strength: float, name: str) -> Edit | None:
    """A soft rim is hair over something else, C = a·F + (1−a)·B: it changes by a·(F′−F), as the hair beside it does."""
    matte = p.matte
    deep = ndimage.binary_erosion(matte > 0.8)
    if (matte > 0.5).sum() < 700 or deep.sum() < 300:
        return None
    new = mix(p.colours, recoloured(p, random, name, deep), strength)
    change = new - p.colours
    if np.abs(change)[deep].mean() < LEAST_DIFFERENCE:
        return None
    inside = ndimage.distance_transform_edt(matte > 0.88)
    core = (inside > 1.6).astype(np.float32)
    beside, reached = local_mean(change, core, 5)
    colour, _ = local_mean(new, core, 5)
    share = np.where(reached > 0.02, ramp(inside, 0.6, 5), 1).astype(np.float32)[..., None]
    edge = np.clip((matte - 0.02) / 0.96, 0, 1) * 0.99
    found = p.colours + mix(beside, change, share) * edge[..., None]
    capped = np.clip(found, np.minimum(colour - 25, p.colours), np.maximum(colour + 4, p.colours))  # no outline
    found = np.where((reached > 0.02)[..., None], mix(capped, found, share), found)
    return finished(p.image, found, edge)
