"""Beard, goatee, moustache and stubble: hairs drawn one by one over a shade, in the person's own colours, in their light."""

import numpy as np

from photos import mesh
from photos.filters import points as at
from photos.filters.canvas import LUMA, SIDE, Y, blur, fall, mix, noise, ramp, spot, white_noise
from photos.filters.edit import Edit, Layers
from photos.filters.portrait import Portrait
from photos.filters.strokes import Hairs, filled, spline

LONG_HAIR = 0.12  # share of the hair below the nose from which on a drawn beard looks pasted


def tones(p: Portrait) -> np.ndarray:
    """Dark, middle and light of a beard [3,3]: between the brows' colour and the hair's."""
    colour = 0.9 * p.brow_colour
    if p.palette is not None:
        hair = p.palette[22]
        share = 0.6 if hair @ LUMA < 150 else 0.75
        colour = share * hair + (1 - share) * p.brow_colour
    colour = 0.85 * colour
    colour = mix(np.full(3, colour @ LUMA), colour, 0.9)
    return np.clip(np.stack([0.5 * colour, colour, 1.45 * colour + 14]), 0, 235)


def moustache_area(p: Portrait, drop: float) -> np.ndarray:
    """`drop` units that its ends hang down beside the mouth."""
    (across, down), u = p.axes, p.unit
    rise = np.array([-1, 2.6, 4.6, 5.2, 4.6, 3.6, 4.6, 5.2, 4.6, 2.6, -1])[:, None] * u
    top = p.at(at.ABOVE_LIP) - down * rise
    low = p.at(at.UPPER_LIP) + 0.9 * down * u
    for index, sign in ((0, -1), (-1, 1)):
        top[index] += (across * 6 * sign + down * drop) * u
        low[index] += (across * 3 * sign + down * 3) * u
    return filled(np.concatenate([spline(top, 4, False), spline(low, 4, False)[::-1]]), soft=u)


def goatee_area(p: Portrait, random) -> np.ndarray:
    (across, down), u = p.axes, p.unit
    chin, lip, left, right = p.p[mesh.CHIN], p.p[at.LIP_BOTTOM], p.p[61], p.p[291]
    width, hang = random.uniform(14, 19), random.uniform(1, 9)

    def beside(point, out: float, low: float):
        return point + (across * out + down * low) * u
    half = [beside(lip, 7, 3), beside(right, 3.5, 1), beside(right, 6, 5), beside(chin, width, -11), beside(chin, 0.8 * width, 0.4 * hang)]
    other = [beside(chin, -0.8 * width, 0.4 * hang), beside(chin, -width, -11), beside(left, -6, 5), beside(left, -3.5, 1)]
    area = filled(spline([beside(lip, -7, 3), *half, beside(chin, 0, hang), *other], 5), soft=1.6 * u)
    for sign in (-1, 1):  # bare patches beside the soul patch
        area *= 1 - 0.85 * spot(*beside(lip, 13 * sign, 5.5), 5 * u, 4.2 * u)
    return area


def full_area(p: Portrait, random, hang: float, soft: float) -> np.ndarray:
    """From ear to ear, `hang` units below the chin."""
    u = p.unit
    jaw = p.face.jaw(hang * u / SIDE) * SIDE
    jaw[:, 0] += np.sign(jaw[:, 0] - p.middle) * (0.8 if hang > 5 else -1) * u
    edge = p.at(mesh.BEARD_EDGE) + p.axes[1] * random.uniform(0, 5) * u
    return filled(np.concatenate([jaw, edge]), soft=soft * u)


def stubble(p: Portrait, random, area: np.ndarray, strength: float) -> Edit:
    """A shade and dots: no hair is long enough to be a stroke."""
    dark, light = np.float32(tones(p)[0]), p.light[..., None] ** 0.9
    hairless = fall(p.hair, 0.3, 0.8)
    shade = np.clip(area * (0.27 + 0.045 * noise(random, 2.2)), 0, 1) * hairless * p.skin
    dots = blur(ramp(blur(white_noise(random), 0.55) / 0.45, 0.1, 1.4), 0.35)
    layers = Layers(p.image).put(mix(dark, np.float32((66, 66, 74)), 0.35) * light, strength * shade)
    return layers.put(0.8 * dark * light, strength * 0.36 * area * dots * p.skin * hairless).edit()


def directions(p: Portrait, random, x, y, upper) -> tuple[np.ndarray, np.ndarray]:
    """(unit vectors that the hairs grow along [n,2], their lengths): outwards above the lip, down elsewhere."""
    (across, down), u = p.axes, p.unit
    aside = (x - (p.p[61, 0] + p.p[291, 0]) / 2) / u
    wave = noise(random, 7)[y.astype(int), x.astype(int)]
    lip = across * (np.sign(aside) * np.minimum(np.abs(aside) / 7, 1) * 1.25)[:, None] + down * (0.75 + np.abs(aside) / 40)[:, None]
    below = down + across * (aside / 130 + 0.28 * wave)[:, None]
    way = np.where((upper & (np.abs(aside) < 34))[:, None], lip, below) + random.normal(0, 0.22, (len(x), 2))
    length = np.where(upper, 6.2, np.where(y > p.p[at.LIP_BOTTOM, 1], 7.5, 5.5)) * u * random.uniform(0.7, 1.25, len(x))
    return way / np.hypot(*way.T)[:, None], length


def hairs_of(p: Portrait, random, density: np.ndarray, hairless: np.ndarray, colours: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(colours, coverage) of drawn hairs, as many as the area and its density ask for."""
    chance = (density**1.3 * hairless).ravel()
    count = int(density.sum() * 1.5)
    where = random.choice(SIDE * SIDE, count, p=chance / (chance.sum() + 1e-9))
    x, y = where % SIDE + random.random(count), where // SIDE + random.random(count)
    way, length = directions(p, random, x, y, y < p.p[13, 1] + p.unit)
    shade, bend, light = random.random(count), random.normal(0, 0.12, count), p.light**0.9
    dark, middle, bright = colours
    hairs = Hairs()
    for i in range(count):
        root, across = np.array([x[i], y[i]]), np.array([-way[i, 1], way[i, 0]])
        colour = mix(dark, middle, min(1.6 * shade[i], 1)) if shade[i] < 0.78 else mix(middle, bright, (shade[i] - 0.78) / 0.22)
        curve = np.stack([root - 0.45 * length[i] * way[i], root + bend[i] * length[i] * across, root + 0.55 * length[i] * way[i]])
        hairs.add(curve, (0.42 if i % 3 else 0.6) * max(p.unit, 0.75), np.clip(colour * light[int(y[i]), int(x[i])], 0, 255))
    return hairs.painted()


def facial_hair(p: Portrait, random, strength: float, name: str) -> Edit | None:
    if p.long_hair > LONG_HAIR or p.bearded:
        return None
    u, hairless = p.unit, fall(p.hair, 0.3, 0.8)
    lips = 1 - p.lips(0.7 * u)
    if name == "stubble":
        return stubble(p, random, full_area(p, random, 4, 3.4) * lips, strength)
    if name == "mustache":
        area = moustache_area(p, random.uniform(0, 4))
    elif name == "goatee":
        area = np.maximum(moustache_area(p, 5), goatee_area(p, random))
    else:
        area = np.maximum(full_area(p, random, random.uniform(5.5, 12), 3.4), moustache_area(p, 5))
    density = np.clip(area * lips * (1 + 0.16 * noise(random, 2.2)) * (0.8 + 0.2 * strength), 0, 1)
    colours, light = tones(p), p.light[..., None] ** 0.9
    shade = ramp(density, 0.12, 0.95) * (0.66 if name == "beard" else 0.56) * hairless
    layers = Layers(p.image).put(0.475 * (colours[0] + colours[1]) * light, shade)
    drawn, coverage = hairs_of(p, random, density, hairless, colours)
    kept = np.maximum(1 - p.lips(0.5 * u), 0.25 * (p.p[at.LIP_TOP, 1] + 2 * u > Y))
    full = 0.45 + 0.45 * ramp(blur(density, 1.5 * u), 0.1, 0.6)
    return layers.put(drawn, blur(coverage, 0.9 * p.soft) * full * hairless * kept).edit()

