"""A smile: the mouth's corners drawn up and out, cheeks and lower lids with them, folds beside the mouth."""

import numpy as np

from photos import mesh
from photos.filters import points as at
from photos.filters.age import grooved
from photos.filters.canvas import spot
from photos.filters.edit import Edit, Layers
from photos.filters.portrait import Portrait
from photos.filters.strokes import bezier, tapered
from photos.filters.warp import warped


def pulled(p: Portrait, amount: float) -> tuple[np.ndarray, np.ndarray]:
    """(target points, source points)"""
    (across, down), u = p.axes, p.unit * amount
    mouth, cheeks, lids = p.at(mesh.LIPS + mesh.OPENING), p.at(at.SMILE_CHEEKS), p.at(at.UNDER_LIDS)
    middle = p.at(at.LIP_MIDDLE).mean(0)
    away = (mouth - middle) @ across / (abs((p.p[291] - p.p[61]) @ across) / 2)
    weight = np.abs(away) ** 1.7
    moved = mouth + np.outer(np.sign(away) * np.abs(away) ** 1.2 * 5.2 * u, across) - np.outer((8.4 * weight - 1.2) * u, down)
    side = np.sign((cheeks - middle) @ across)
    share = np.array([1, 1, 0.7, 0.7, 0.8, 0.8, 0.9, 0.9, 0.8, 0.8])
    raised = cheeks + np.outer(1.8 * u * side * share, across) - np.outer(3.8 * u * share, down)
    squeezed = lids - down * 1.2 * u
    return np.concatenate([moved, raised, squeezed]), np.concatenate([mouth, cheeks, lids])


def smile(p: Portrait, random, strength: float) -> Edit | None:
    (across, down), u = p.axes, p.unit
    lift = (p.at(at.LIP_MIDDLE).mean(0) - p.at(mesh.MOUTH_CORNERS).mean(0)) @ down / u
    if lift > 3.5 or p.parted > 5:  # smiles already, or speaks
        return None
    held = p.at((1, 4, 48, 278, 64, 294, 152, 133, 362, 159, 386))
    layers = Layers(p.image).put(*warped(p, *pulled(p, strength * random.uniform(1.0, 1.3)), 26 * u, held))
    folds = np.zeros_like(p.hair)
    for sign, wing, corner in zip((-1, 1), at.WINGS, mesh.MOUTH_CORNERS):
        start, end = p.p[wing] + across * sign * 2 * u, p.p[corner] + (across * sign * 9.5 - down * 3.5) * u
        bend = (start + end) / 2 + (across * sign * 3.2 - down * 2) * u
        folds = np.maximum(folds, 0.9 * tapered(bezier(start, bend, end, 14), 3 * u, soft=1.1 * u))
        dimple = p.p[corner] + (across * sign * 6.5 - down * 7) * u
        folds = np.maximum(folds, 0.8 * spot(*dimple, 1.8 * u, 3 * u))
    return grooved(layers, folds, 9 * p.relief).edit()
