"""Irises in another colour: fibres, a dark rim, pupil and highlights stay."""

import numpy as np

from photos import mesh
from photos.filters.canvas import X, Y, bump, fall, lab_of, mix, ramp, rgb
from photos.filters.edit import Edit, finished
from photos.filters.portrait import Portrait
from photos.filters.strokes import filled, spline

COLOURS = {"blue": (84, 116, 152), "green": (88, 110, 70), "brown": (78, 46, 26)}
LEAST_DIFFERENCE = 9  # mean levels of RGB


def iris(p: Portrait, random, side: int, name: str, colour: np.ndarray) -> tuple[np.ndarray, np.ndarray] | None:
    """(colours, coverage), or None where too little of it is seen."""
    centre, *rim = mesh.IRISES[side]
    x, y = p.p[centre]
    radius = np.linalg.norm(p.at(rim) - p.p[centre], axis=1).mean()
    away = np.hypot(X - x, Y - y) / radius
    area = fall(away, 0.86, 1.1) * filled(spline(p.at(mesh.EYES[side]), 4), soft=0.35)
    seen = (area > 0.5) & (away > 0.4)
    if area.sum() < 9 or seen.sum() < 4:
        return None
    lightness, (tone, *chroma) = p.lab[..., 0], lab_of(colour)
    middle = np.median(lightness[seen])
    goal = (0.74 * tone + 0.26 * np.clip(middle, 8, 60)) * p.exposure * (0.62 + 0.38 * min(p.tone[0] / 60, 1.05))
    goal = min(goal, 30) if name == "brown" else min(goal, middle + 20)
    saturation = 0.9 if name == "brown" else np.clip(goal / max(tone, 1), 0.45, 1.05)
    angle, (first, second) = np.arctan2(Y - y, X - x), random.uniform(0, 6, 2)
    fibres = 0.4 * np.sin(9 * angle + first) + 0.4 * np.sin(17 * angle + second)
    shade = 5 * bump(away, 0.62, 0.2) - 17 * ramp(away, 0.74, 1) - 6 * fall((Y - y) / radius, -0.9, 0)
    pupil = fall(away, 0.3, 0.46)
    found = np.empty((*away.shape, 3), np.float32)
    found[..., 0] = (goal + 0.6 * (lightness - middle) + 3.2 * fibres + shade) * (1 - 0.82 * pupil)
    found[..., 1:] = np.array(chroma) * saturation * (1 - 0.75 * pupil)[..., None]
    return rgb(found), area * (1 - 0.85 * ramp(lightness, middle + 22, middle + 38))


def eye_colour(p: Portrait, random, strength: float, name: str) -> Edit | None:
    if p.eye_openness < 0.17:
        return None
    colour = np.float32(COLOURS[name]) * random.uniform(0.9, 1.1)
    new, coverage = p.colours, np.zeros_like(p.hair)
    for side in (0, 1):
        painted = iris(p, random, side, name, colour)
        if painted is None:
            return None
        new, coverage = mix(new, painted[0], 0.95 * painted[1]), np.maximum(coverage, painted[1])
    if not (coverage > 0.5).any() or np.abs(new - p.colours)[coverage > 0.5].mean() < LEAST_DIFFERENCE:
        return None
    return finished(p.image, new, coverage)
