"""Eyeglasses and sunglasses: frames drawn in millimetres, scaled for each side of the face, with shadow, glass and gloss.

The frame's plane: origin between the eyes on the nose's bridge, x to the picture's right, y down, in mm; the eyes'
outer corners are 45 mm from the middle.
"""

from dataclasses import dataclass

import cv2
import numpy as np

from photos.filters import points as at
from photos.filters.canvas import SIDE, X, Y, blur, fall, mix, ramp, white_noise
from photos.filters.edit import Edit, Layers
from photos.filters.portrait import Portrait
from photos.filters.strokes import bezier, filled, lines

COUNT = 64  # points of a lens
FRAMES = [("round", 1.3), ("round", 2.6), ("oval", 1.6), ("rectangle", 2.4), ("rectangle", 1.4), ("square", 3.2), ("square", 2.4),
          ("cat", 3.2), ("aviator", 1.2)]  # shape, mm of the rim
DARK_FRAMES = [("square", 3.4), ("aviator", 1.3), ("round", 1.8), ("cat", 3.6), ("rectangle", 3.0)]
COLOURS = {"black": (20, 19, 21), "tortoise": (84, 48, 24), "gold": (176, 138, 72), "silver": (150, 152, 158),
           "brown": (70, 44, 32), "navy": (34, 44, 82), "wine": (104, 24, 34)}
METALS, PLASTICS = ("gold", "silver", "black"), ("black", "tortoise", "brown", "navy", "wine", "black")
DARK_PLASTICS = ("black", "tortoise", "black", "brown", "black", "tortoise")
METAL = 1.8  # mm below which a rim is wire
TINTS = [(14, 14, 16), (36, 24, 16), (18, 26, 20), (22, 24, 40)]
SHADOW = np.array([0.42, 0.34, 0.32])


def superellipse(rx: float, ry: float, power: float) -> np.ndarray:
    t = np.linspace(0, 2 * np.pi, COUNT, endpoint=False)
    cos, sin = np.cos(t), np.sin(t)
    return np.stack([rx * np.sign(cos) * np.abs(cos) ** (2 / power), ry * np.sign(sin) * np.abs(sin) ** (2 / power)], 1)


def lens(shape: str) -> np.ndarray:
    """Outline [64,2] in mm around the lens's middle, +x to the face's side, y down."""
    if shape == "round":
        return superellipse(23, 22.5, 2.05)
    if shape == "oval":
        return superellipse(25, 18, 2.3)
    if shape == "rectangle":
        return superellipse(26, 16, 4)
    if shape == "square":
        ring = superellipse(26, 20, 3.6)
        ring[:, 0] += 1.4 * np.where(ring[:, 1] < 0, 1, -1) * np.abs(ring[:, 1]) / 20 * np.sign(ring[:, 0])
    elif shape == "cat":
        ring = superellipse(26, 18, 2.9)
        ring[:, 1] -= 5.5 * ramp(ring[:, 0], 4, 27) * ramp(-ring[:, 1], -8, 14)
        ring[:, 0] += 2.5 * ramp(ring[:, 0], 10, 27) * ramp(-ring[:, 1], -2, 14)
    else:  # aviator
        ring = superellipse(27, 22, 2.5)
        ring[:, 0] -= np.sign(ring[:, 0]) * ramp(ring[:, 1], 0, 24) * np.where(ring[:, 0] < 0, 7, 3.5)
        ring[:, 1] += 1.5
    return ring


class Pose:
    """The frame's plane on the face: each side has its own scale, as a turned head shows them."""

    def __init__(self, p: Portrait):
        self.across, self.down = p.axes
        self.origin = 0.7 * p.p[at.BRIDGE] + 0.3 * p.p[at.UNDER_BRIDGE]
        self.scales = [max(abs(np.dot(p.p[i] - p.p[at.BRIDGE], self.across)) / 45, 0.3) for i in at.OUTER_CORNERS]
        self.mm = sum(self.scales) / 2 * 1.04  # pixels of a vertical millimetre
        corners = p.at(at.OUTER_CORNERS + at.INNER_CORNERS).mean(0)
        self.eyes = np.dot(corners - self.origin, self.down) / self.mm

    def at(self, points) -> np.ndarray:
        """mm [n,2] → pixels."""
        points = np.atleast_2d(points).astype(float)
        t = ramp(points[:, 0], -9, 9)
        scale = self.scales[0] * (1 - t) + self.scales[1] * t
        return self.origin + self.across * (points[:, :1] * scale[:, None]) + self.down * (points[:, 1:] + self.eyes) * self.mm


@dataclass
class Frame:
    """Coverage of the frame's parts and of both lenses, and the lenses' outlines in pixels."""

    drawn: np.ndarray
    inside: np.ndarray
    rings: list[np.ndarray]
    colour: np.ndarray
    metal: bool
    width: float  # pixels of the rim


@dataclass
class Style:
    """What tells two pairs of glasses apart: shape, mm of the rim, name of its colour, sizes beside the shape's, mm between
    the lenses; of dark glass its tint and whether it fades downwards, of clear glass where its gloss lies; how much it shines."""

    dark: bool
    shape: str
    rim: float
    colour: str
    size: float = 1.0
    height: float = 1.0
    gap: float = 9.2
    spots: np.ndarray | None = None  # of tortoise
    tint: tuple[int, int, int] = TINTS[0]
    graded: bool = False
    slant: float = 0.0
    shine: float = 0.8

    @property
    def metal(self) -> bool:
        return self.rim < METAL


def any_style(random, dark: bool) -> Style:
    shape, rim = (DARK_FRAMES if dark else FRAMES)[random.integers(len(DARK_FRAMES if dark else FRAMES))]
    names = METALS if rim < METAL else DARK_PLASTICS if dark else PLASTICS
    found = Style(dark, shape, rim, names[random.integers(len(names))])
    found.size, found.height, found.gap = random.uniform(0.96, 1.06), random.uniform(0.95, 1.05), random.uniform(8.5, 10)
    found.spots = white_noise(random) if found.colour == "tortoise" else None
    if dark:
        found.tint, found.graded = TINTS[random.integers(len(TINTS))], random.random() < 0.5
        found.shine = random.uniform(0.6, 1)
    else:
        found.slant, found.shine = random.uniform(-0.4, 0.4), random.uniform(0.5, 1.1)
    return found


# The one pair that a request shows which names no style: a flow that sees many under the same words draws their mean.
USUAL = {dark: Style(dark, "square", 3.2 if dark else 2.8, "black") for dark in (False, True)}


def frame_of(p: Portrait, pose: Pose, style: Style) -> Frame:
    shape, rim, metal, dark = style.shape, style.rim, style.metal, style.dark
    outline = lens(shape) * style.size * (1.06 if dark else 1)
    outline[:, 1] *= style.height
    gap, low = style.gap, 3.5 if dark else 2.5
    middle = gap - outline[:, 0].min()
    right = outline + (middle, low)
    rings, width = [pose.at(right * (-1, 1)), pose.at(right)], rim * pose.mm
    drawn = lines([np.concatenate([ring, ring[:1]]) for ring in rings], max(width, 0.55), closed=True)
    if not metal and shape != "round":
        drawn = np.maximum(drawn, lines([ring[36:61] for ring in rings], 1.35 * width))  # a heavier upper rim
    top, bridge = outline[:, 1].min() + low, low - (9 if shape == "aviator" else 6)
    curves = [bezier(np.array([-gap - 0.3, bridge + 1]), np.array([0, bridge - 6]), np.array([gap + 0.3, bridge + 1]), 12)]
    if shape == "aviator":
        curves.append(bezier(np.array([-gap - 5, top + 4]), np.array([0, top + 2]), np.array([gap + 5, top + 4]), 12))
    drawn = np.maximum(drawn, lines([pose.at(curve) for curve in curves], max(width * (1 if metal else 1.15), 0.6)))
    hinge = low - outline[:, 1].max() * (0.3 if shape in ("round", "oval") else 0.55)
    arms = np.zeros_like(X)
    for sign, temple in zip((-1, 1), at.TEMPLES):
        start = pose.at([[sign * (middle + outline[:, 0].max() - 0.6), hinge]])[0]
        end = p.p[temple] + pose.across * sign * 2 * p.unit
        end[1] = (end[1] + start[1]) / 2
        if (end[0] - start[0]) * sign > 0.6:
            arms = np.maximum(arms, lines([np.stack([start, end])], max(0.95 * width, 0.7)))
    drawn = np.clip(np.maximum(drawn, arms * fall(p.hair, 0.25, 0.75)), 0, 1)
    colour = np.broadcast_to(np.array(COLOURS[style.colour], np.float32) * (0.55 + 0.45 * p.exposure), (SIDE, SIDE, 3))
    if style.spots is not None:
        spots = blur(style.spots, 1.6 * pose.mm)
        colour = np.clip(mix(0.35 * colour, np.float32((168, 104, 46)), ramp(spots / spots.std(), 0.1, 0.9)), 0, 255)
    return Frame(drawn, filled(*rings), rings, colour, metal, width)


def shifted(x: np.ndarray, right: float, down: float) -> np.ndarray:
    return cv2.warpAffine(x, np.float32([[1, 0, right], [0, 1, down]]), (SIDE, SIDE))


def dark_glass(frame: Frame, pose: Pose, style: Style, layers: Layers) -> None:
    down = ramp((Y - pose.origin[1]) / pose.mm, -14, 26)
    layers.put(np.array(style.tint, np.float32), np.clip(frame.inside * (0.965 - (0.26 if style.graded else 0.03) * down), 0, 1))
    shine = np.zeros_like(X)
    for ring in frame.rings:
        (x, y), w, h = ring.mean(0), np.ptp(ring[:, 0]) / 2, np.ptp(ring[:, 1]) / 2
        shine += 0.3 * np.exp(-1.4 * (((X - x + 0.25 * w) / (0.62 * w)) ** 2 + ((Y - y + 0.5 * h) / (0.38 * h)) ** 2))
        shine += 0.06 * ramp(np.sin(((X - x) + 0.8 * (Y - y)) / w * 2.2 + 0.6), 0.55, 0.95)
    layers.put(np.float32((205, 215, 228)), shine * frame.inside * style.shine)


def clear_glass(frame: Frame, pose: Pose, style: Style, layers: Layers) -> None:
    layers.put(layers.colours * np.array([0.93, 0.96, 0.965]), frame.inside, visible=0.6)
    shine = np.zeros_like(X)
    for ring in frame.rings:
        (x, y), w = ring.mean(0), np.ptp(ring[:, 0]) / 2
        z = ((X - x) * 0.8 + (Y - y)) / w + style.slant
        shine += 0.14 * (ramp(z, -0.62, -0.5) - ramp(z, -0.3, -0.18)) + 0.07 * (ramp(z, -0.1, -0.05) - ramp(z, 0, 0.05))
    layers.put(np.float32((236, 242, 250)), shine * frame.inside * style.shine)
    thick = np.clip(frame.inside - blur(frame.inside, 1.2 * pose.mm), 0, 1)
    layers.put(0.72 * layers.colours, 0.35 * thick)


def eyewear(p: Portrait, random, strength: float, dark: bool, usual: bool = False) -> Edit | None:
    if p.glasses:
        return None
    pose, layers = Pose(p), Layers(p.image)
    style = USUAL[dark] if usual else any_style(random, dark)
    frame = frame_of(p, pose, style)
    below = blur(shifted(frame.drawn, 0.2 * pose.mm, 2.6 * pose.mm), 1.3 * pose.mm + 0.3)
    shadow = np.clip(below * (1 - frame.drawn) * (0.5 if dark else 0.42) * p.person, 0, 0.5)
    layers.put(layers.colours * SHADOW, shadow)
    (dark_glass if dark else clear_glass)(frame, pose, style, layers)
    layers.put(frame.colour, blur(frame.drawn, 0.8 * p.soft) * (0.93 if frame.metal else 0.97))
    upper = np.clip(frame.drawn - shifted(frame.drawn, 0.3, 0.32 * max(frame.width, 1)), 0, 1)  # catches the light
    layers.put(np.float32((255, 252, 246)), blur(upper, 0.5) * frame.drawn * (0.5 if frame.metal else 0.2))
    return layers.edit()
