"""Shapes of lips, nose, eyes and face: warps that hold what is beside them."""

import numpy as np

from photos import mesh
from photos.filters import points as at
from photos.filters.canvas import blur, lab, ramp, rgb
from photos.filters.edit import Edit, Layers, blended
from photos.filters.portrait import Portrait
from photos.filters.strokes import filled, spline, tapered
from photos.filters.warp import warped


def grown(factor: float, strength: float) -> float:
    return 1 + (factor - 1) * strength


def big_lips(p: Portrait, random, strength: float) -> Edit:
    """Higher around the line between them, a little wider; lighter and redder."""
    across, down = p.axes
    outer, inner, middle = p.at(mesh.LIPS), p.at(mesh.OPENING), p.at(at.LIP_MIDDLE).mean(0)
    away, height = (outer - middle) @ across, (outer - middle) @ down
    goal = middle + np.outer(away * grown(1.05, strength), across) + np.outer(height * grown(random.uniform(1.42, 1.6), strength), down)
    held = p.at((2, 97, 326, 98, 327, 152, 200, 199))
    colours, coverage = warped(p, np.concatenate([goal, inner]), np.concatenate([outer, inner]), 17 * p.unit, held)
    layers = Layers(p.image).put(colours, coverage)
    fuller = lab(layers.colours)
    fuller[..., 0] += 2
    fuller[..., 1] += 2.5
    return layers.put(rgb(fuller), 0.6 * blur(filled(spline(goal, 6)), 1.2 * p.unit), visible=0.6).edit()


def nose(p: Portrait, wider: float, longer: float) -> tuple[np.ndarray, np.ndarray]:
    across, down = p.axes
    points, bridge = p.at(at.NOSE_SIDES), p.p[at.BRIDGE]
    low = (points - bridge) @ down
    weight = ramp(low / max((p.p[mesh.NOSE_BASE] - bridge) @ down, 1), 0.15, 0.85)
    away = (points - p.p[at.TIP]) @ across
    goal = points + np.outer(away * (wider - 1) * weight, across) + np.outer(low * (longer - 1) * weight, down)
    return warped(p, goal, points, 20 * p.unit, p.at(at.NOSE_AROUND))


def big_nose(p: Portrait, random, strength: float) -> Edit:
    return blended(p.image, *nose(p, grown(random.uniform(1.34, 1.46), strength), grown(1.07, strength)))


def pointy_nose(p: Portrait, random, strength: float) -> Edit:
    """Slim, with a light ridge."""
    layers = Layers(p.image).put(*nose(p, grown(random.uniform(0.68, 0.75), strength), 0.99))
    lit, u = lab(layers.colours), p.unit
    lit[..., 0] += 5
    ridge = tapered(spline(p.at(at.RIDGE), 6, False), 4.5 * u, ends=(0.2, 0.6), soft=1.3 * u)
    return layers.put(rgb(lit), 0.7 * ridge).edit()


def big_eyes(p: Portrait, random, strength: float) -> Edit | None:
    if p.glasses or p.eye_openness < 0.15:
        return None
    factor, start, goal = grown(random.uniform(1.24, 1.34), strength), [], []
    for side in (0, 1):
        rings = (mesh.EYES[side], mesh.IRISES[side], mesh.LIDS[side])
        points = p.at(sum(rings, ()))
        centre = 0.4 * p.p[mesh.IRISES[side][0]] + 0.6 * p.at(mesh.EYES[side]).mean(0)
        each = np.repeat([factor, factor, 1 + 0.55 * (factor - 1)], [len(ring) for ring in rings])[:, None]
        start.append(points)
        goal.append(centre + (points - centre) * each)
    held = p.at(sum(mesh.BROW_TOPS, ()) + (at.BRIDGE, *at.RIDGE[:2]))
    return blended(p.image, *warped(p, np.concatenate(goal), np.concatenate(start), 24 * p.unit, held))


def face_width(p: Portrait, factor: float, chin: float, cheeks: float = 0.0) -> Edit:
    """The jaw's outline drawn away from the middle or to it; `chin` units downwards."""
    across, down = p.axes
    jaw, inner, middle = p.at(mesh.JAW), p.at(at.CHEEKS), p.p[mesh.NOSE_TIP]
    low = (jaw - p.p[at.BRIDGE]) @ down / ((p.p[mesh.CHIN] - p.p[at.BRIDGE]) @ down)
    weight = np.interp(low, [0, 0.25, 0.6, 0.85, 1], [0.25, 0.65, 1, 0.9, 0.35])
    moved = jaw + np.outer((jaw - middle) @ across * (factor - 1) * weight, across) + np.outer(chin * p.unit * ramp(low, 0.8, 1), down)
    pulled = inner + np.outer((inner - middle) @ across * (factor - 1) * (0.55 + cheeks), across)
    held = p.at(mesh.LIPS + mesh.NOSE + mesh.EYES[0] + mesh.EYES[1])
    return blended(p.image, *warped(p, np.concatenate([moved, pulled]), np.concatenate([jaw, inner]), 46 * p.unit, held))


def slim_face(p: Portrait, random, strength: float) -> Edit:
    return face_width(p, grown(random.uniform(0.84, 0.88), strength), strength)


def chubby(p: Portrait, random, strength: float) -> Edit:
    return face_width(p, grown(random.uniform(1.15, 1.2), strength), 2 * strength, 0.25)

