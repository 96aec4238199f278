"""A face drawn from landmarks that are set by hand: skin, hair in strands, eyes, brows, lips, with exact mattes."""

import cv2
import numpy as np
from hand_made import BROW, CHIN, EYE, MOUTH, NOSE, X, landmarks, ring

from photos import mesh
from photos.filters.portrait import Portrait

FINE = 512
SKIN, HAIR, LIPS, BACK = (205, 160, 135), (92, 64, 44), (180, 105, 100), (120, 140, 170)
# Points that only filters use: the picture's left one, its mirror image, distance from the middle, height.
MORE = ((57, 287, 0.085, MOUTH - 0.012), (186, 410, 0.07, MOUTH - 0.03), (92, 322, 0.05, MOUTH - 0.04), (165, 391, 0.035, MOUTH - 0.047),
        (167, 393, 0.017, MOUTH - 0.05), (205, 425, 0.12, 0.60), (50, 280, 0.15, 0.565), (213, 433, 0.17, 0.68), (101, 330, 0.10, 0.575),
        (49, 279, 0.047, NOSE - 0.01), (48, 278, 0.045, NOSE + 0.005), (115, 344, 0.04, NOSE - 0.02), (220, 440, 0.02, NOSE - 0.01),
        (45, 275, 0.012, NOSE - 0.005), (102, 331, 0.048, NOSE - 0.002), (131, 360, 0.04, NOSE - 0.035), (198, 420, 0.034, NOSE - 0.05),
        (63, 293, 0.145, BROW), (105, 334, 0.115, BROW))
MIDDLE = ((6, EYE + 0.015), (197, EYE + 0.04), (195, EYE + 0.065), (5, NOSE - 0.025), (4, NOSE - 0.01), (1, NOSE - 0.005), (2, NOSE + 0.02),
          (19, NOSE + 0.008), (94, NOSE + 0.013), (164, MOUTH - 0.045), (199, CHIN - 0.03), (200, CHIN - 0.06), (175, CHIN - 0.01))


def points(smile: float = 0.0) -> np.ndarray:
    """[478,2]; the mouth's corners `smile` higher."""
    found = landmarks()
    for left, right, away, y in MORE:
        found[left], found[right] = (X - away, y), (X + away, y)
    for index, y in MIDDLE:
        found[index] = (X, y)
    rise = smile * (np.abs(found[list(mesh.LIPS), 0] - X) / 0.08) ** 2
    found[list(mesh.LIPS), 1] -= rise
    found[list(mesh.OPENING), 1] = MOUTH  # closed
    return found


def area(*rings: np.ndarray) -> np.ndarray:
    picture = np.zeros((FINE, FINE), np.uint8)
    for one in rings:
        cv2.fillPoly(picture, [np.round(np.asarray(one) * FINE).astype(np.int32)], 255, cv2.LINE_AA)
    return cv2.GaussianBlur(picture.astype(np.float32) / 255, (0, 0), 1.0)


def portrait(long: bool = False, hair=HAIR, lips=LIPS, smile: float = 0.0, beard: bool = False, glasses: bool = False) -> Portrait:
    random, shares = np.random.default_rng(3), points(smile)
    face = area(ring(X, 0.52, 0.225, 0.35, 60))
    neck = area([(X - 0.1, 0.8), (X + 0.1, 0.8), (X + 0.13, 1), (X - 0.13, 1)])
    cap = area(ring(X, 0.42, 0.27, 0.32, 60)) if not long else area(
        ring(X, 0.42, 0.3, 0.32, 60), [(X - 0.3, 0.42), (X - 0.2, 0.42), (X - 0.2, 0.98), (X - 0.34, 0.98)],
        [(X + 0.3, 0.42), (X + 0.2, 0.42), (X + 0.2, 0.98), (X + 0.34, 0.98)])
    bare = area(ring(X, 0.56, 0.21, 0.29, 60))
    hairy = np.clip(cap - bare, 0, 1)
    person = np.maximum.reduce([face, neck, hairy, area(ring(X, 1.15, 0.45, 0.3, 60))])
    strands = cv2.GaussianBlur(random.standard_normal((FINE, FINE)).astype(np.float32), (0, 0), 1.2, sigmaY=40)
    strands = 1 + 0.35 * np.clip(strands / strands.std(), -2, 2)
    image = np.empty((FINE, FINE, 3), np.float32)
    image[:] = BACK
    paint = [(np.maximum(face, neck), SKIN), (area(*[shares[list(eye)] for eye in mesh.EYES]), (235, 232, 228)),
             (area(*[ring(*shares[centre], 0.014, 0.014, 20) for centre, *_ in mesh.IRISES]), (70, 50, 40)),
             (area(*[np.concatenate([shares[list(top)], shares[list(low)][::-1]]) for top, low in zip(mesh.BROW_TOPS, mesh.BROW_BOTTOMS)]), (70, 50, 40)),
             (area(shares[list(mesh.LIPS)]), lips)]
    if beard:
        paint.insert(1, (area(np.concatenate([shares[list(mesh.JAW)], shares[list(mesh.BEARD_EDGE)]])), (50, 38, 30)))
    for coverage, colour in paint:
        image += (np.float32(colour) - image) * coverage[..., None]
    image += (np.float32(hair) * strands[..., None] - image) * hairy[..., None]
    image += random.normal(0, 2, (FINE, FINE, 1))
    small = [cv2.resize(part, (FINE // 2, FINE // 2), interpolation=cv2.INTER_AREA) for part in (hairy, person, np.maximum(face, neck) * (1 - hairy))]
    return Portrait(np.clip(np.round(image), 0, 255).astype(np.uint8), shares, small[0], small[1], small[2] > 0.5, 512.0, glasses)
