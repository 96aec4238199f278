"""Curves, areas and hairs, drawn at four times the size and reduced. Points are pixels of the canvas [n,2]."""

import cv2
import numpy as np

from photos.filters.canvas import SIDE, blur

FINE = 4  # pixels a side of one canvas pixel while drawing
SHIFT = 4  # bits of fraction that OpenCV's points carry


def spline(points, each: int = 8, closed: bool = True) -> np.ndarray:
    """Catmull–Rom through the points, `each` to one of them."""
    p = np.asarray(points, np.float64)
    ends = (p[-1:], p[:2]) if closed else (2 * p[:1] - p[1:2], 2 * p[-1:] - p[-2:-1])
    p = np.concatenate([ends[0], p, ends[1]])
    t = np.linspace(0, 1, each, endpoint=False)[:, None]
    found = [0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3)
             for a, b, c, d in zip(p, p[1:], p[2:], p[3:])]
    return np.concatenate(found if closed else [*found, p[-2:-1]])


def bezier(start, bend, end, count: int) -> np.ndarray:
    """A quadratic curve [count,2]."""
    t = np.linspace(0, 1, count)[:, None]
    return (1 - t) ** 2 * start + 2 * t * (1 - t) * bend + t**2 * end


def fixed(points) -> np.ndarray:
    """Canvas pixels → OpenCV's fixed-point pixels of the fine picture, whose pixel centres are whole numbers."""
    return np.round(np.asarray(points) * FINE * 2**SHIFT - 2 ** (SHIFT - 1)).astype(np.int32)


def fine() -> np.ndarray:
    return np.zeros((SIDE * FINE, SIDE * FINE), np.uint8)


def reduced(picture: np.ndarray, soft: float = 0.0) -> np.ndarray:
    small = cv2.resize(picture, (SIDE, SIDE), interpolation=cv2.INTER_AREA)
    return blur(small.astype(np.float32) / 255, soft)


def thick(width: float) -> int:
    return max(1, round(float(width) * FINE))


def filled(*rings, soft: float = 0.0) -> np.ndarray:
    """Coverage [SIDE,SIDE] of the union of polygons."""
    picture = fine()
    for ring in rings:
        cv2.fillPoly(picture, [fixed(ring)], 255, cv2.LINE_AA, SHIFT)
    return reduced(picture, soft)


def lines(curves, width: float, soft: float = 0.0, closed: bool = False) -> np.ndarray:
    """Coverage of curves of one width."""
    picture = fine()
    for curve in curves:
        cv2.polylines(picture, [fixed(curve)], closed, 255, thick(width), cv2.LINE_AA, SHIFT)
    return reduced(picture, soft)


def normals(curve: np.ndarray) -> np.ndarray:
    """Unit vectors across the curve."""
    along = np.gradient(curve, axis=0)
    return np.stack([-along[:, 1], along[:, 0]], 1) / (np.hypot(*along.T)[:, None] + 1e-6)


def tapered(curve, width: float, ends: tuple[float, float] = (0.0, 0.0), soft: float = 0.0) -> np.ndarray:
    """Coverage of one stroke that swells to `width`; `ends` are the shares of it at the start and the end."""
    curve = np.asarray(curve)
    t = np.linspace(0, 1, len(curve))
    end = np.where(t < 0.5, *ends)
    half = normals(curve) * (width / 2 * (end + (1 - end) * np.sin(np.pi * t)))[:, None]
    return filled(np.concatenate([curve + half, (curve - half)[::-1]]), soft=soft)


class Hairs:
    """Opaque hairs painted over one another."""

    def __init__(self):
        self.colours, self.covered = np.zeros((SIDE * FINE, SIDE * FINE, 3), np.uint8), fine()

    def add(self, curve, width, colour) -> None:
        """curve [n,2]; width and colour of the whole hair, or of each of its n−1 pieces."""
        points, widths, colours = fixed(curve), np.asarray(width), np.asarray(colour, float)
        if widths.ndim == 0 and colours.ndim == 1:
            pieces = [(points, widths, colours)]
        else:
            count = len(points) - 1
            pieces = zip((points[i:i + 2] for i in range(count)), np.broadcast_to(widths, count),
                         np.broadcast_to(colours, (count, 3)))
        for piece, w, c in pieces:
            cv2.polylines(self.colours, [piece], False, c.tolist(), thick(w), cv2.LINE_AA, SHIFT)
            cv2.polylines(self.covered, [piece], False, 255, thick(w), cv2.LINE_AA, SHIFT)

    def painted(self) -> tuple[np.ndarray, np.ndarray]:
        """(colours [SIDE,SIDE,3], coverage [SIDE,SIDE])"""
        share = self.covered.astype(np.float32) / 255
        colour = cv2.resize(self.colours * share[..., None], (SIDE, SIDE), interpolation=cv2.INTER_AREA)
        coverage = cv2.resize(share, (SIDE, SIDE), interpolation=cv2.INTER_AREA)
        return colour / np.maximum(coverage, 1e-3)[..., None], coverage
