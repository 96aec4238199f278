"""A face with hand-made landmarks: symmetric and upright, as shares of an FFHQ-like crop."""

import numpy as np

from photos import mesh

X, EYE, BROW, NOSE, MOUTH, CHIN = 0.5, 0.48, 0.41, 0.60, 0.69, 0.86
APART, HALF = 0.115, 0.22  # distance of an eye from the middle; half of the face's width


# Points of the cheeks, which several regions share: the picture's left one, its mirror image, distance from the middle, height.
CHEEK = ((111, 340, 0.175, 0.52), (116, 345, 0.20, 0.53), (117, 346, 0.165, 0.535), (118, 347, 0.115, 0.545),
         (119, 348, 0.075, 0.54), (120, 349, 0.065, 0.53), (121, 350, 0.06, 0.52), (128, 357, 0.06, 0.51),
         (100, 329, 0.07, 0.56), (36, 266, 0.08, 0.59), (206, 426, 0.085, 0.63), (207, 427, 0.12, 0.655),
         (187, 411, 0.16, 0.64), (147, 376, 0.19, 0.62), (123, 352, 0.205, 0.58), (203, 423, 0.055, 0.615),
         (216, 436, 0.10, 0.665))


def ring(x: float, y: float, rx: float, ry: float, count: int) -> np.ndarray:
    """An ellipse from its left end over the top to the right and back below, [count,2]."""
    angle = 2 * np.pi * np.arange(count) / count
    return np.stack([x - rx * np.cos(angle), y - ry * np.sin(angle)], 1)


def landmarks() -> np.ndarray:
    """[478,2]"""
    points = np.full((mesh.POINTS, 2), (X, NOSE))

    def put(indices: tuple[int, ...], values) -> None:
        points[list(indices)] = values

    put(mesh.FOREHEAD_ARC, ring(X, 0.5, HALF, 0.17, 28)[:15])
    angle = np.linspace(0, np.pi, 21)
    put(mesh.JAW, np.stack([X - HALF * np.cos(angle), 0.52 + (CHIN - 0.52) * np.sin(angle)], 1))
    put(mesh.LIPS, ring(X, MOUTH, 0.08, 0.03, 20))
    put(mesh.OPENING, ring(X, MOUTH, 0.06, 0.018, 20))
    right = np.linspace((X + 0.02, EYE), (X + 0.05, NOSE), 9)
    put(mesh.NOSE, [(X, EYE), *right[:8], (X, NOSE + 0.01), *((2 * X - x, y) for x, y in right[7::-1])])
    for side, out in enumerate((-1, 1)):
        x = X + out * APART
        put(mesh.SHADOW[side][:7], ring(x, EYE, 0.06, 0.032, 16)[1:8])
        put(mesh.LIDS[side], ring(x, EYE, 0.055, 0.022, 16))
        put(mesh.EYES[side], ring(x, EYE, 0.045, 0.014, 16))
        put(mesh.IRISES[side], [(x, EYE), *ring(x, EYE, 0.014, 0.014, 4)])
        put(mesh.BROW_TOPS[side], np.linspace((x - 0.06, BROW), (x + 0.06, BROW), 5))
        put(mesh.BROW_BOTTOMS[side], np.linspace((x - 0.06, BROW + 0.015), (x + 0.06, BROW + 0.015), 5))
    put((mesh.BROW_CENTRE,), (X, BROW + 0.01))
    for left, right, away, y in CHEEK:
        points[left], points[right] = (X - away, y), (X + away, y)
    return points
