"""Smooth warps by thin-plate splines: points that move, points that stay, nothing farther than a reach from them."""

import cv2
import numpy as np
from scipy.interpolate import RBFInterpolator

from photos.filters.canvas import SIDE, blur, fall, ramp
from photos.filters.portrait import Portrait

COARSE = 33  # points a side that the spline is evaluated at
MOVED = (0.12, 0.5)  # pixels of movement between which the mask rises


def grid(count: int, low: float, high: float) -> np.ndarray:
    line = np.linspace(low, high, count)
    return np.stack(np.meshgrid(line, line), -1).reshape(-1, 2)


def nearest(points: np.ndarray, to: np.ndarray) -> np.ndarray:
    return np.sqrt(((points[:, None] - to[None]) ** 2).sum(-1)).min(1)


def displacement(goal: np.ndarray, start: np.ndarray, reach: float, fixed: np.ndarray) -> np.ndarray:
    """Where to read the photo, relative to each of its 512 × 512 pixels, in canvas pixels [512,512,2]."""
    around = grid(24, -8, SIDE + 8)
    around = around[nearest(around, goal) > reach]
    at = np.concatenate([goal, around, fixed])
    moves = np.concatenate([start - goal, np.zeros((len(around) + len(fixed), 2))])
    _, unique = np.unique(np.round(at, 1), axis=0, return_index=True)
    coarse = grid(COARSE, 0, SIDE)
    field = RBFInterpolator(at[unique], moves[unique], kernel="thin_plate_spline", smoothing=0.5)(coarse)
    field = field * fall(nearest(coarse, goal), 0.6 * reach, 1.05 * reach)[:, None]
    y, x = (np.mgrid[0:2 * SIDE, 0:2 * SIDE].astype(np.float32) + 0.5) * ((COARSE - 1) / (2 * SIDE))
    return cv2.remap(field.reshape(COARSE, COARSE, 2).astype(np.float32), x, y, cv2.INTER_CUBIC)


def warped(portrait: Portrait, goal, start, reach: float, fixed=()) -> tuple[np.ndarray, np.ndarray]:
    """(colours, coverage) of the photo with the points `start` [n,2] moved to `goal`, those of `fixed` held."""
    fixed = np.asarray(fixed, float).reshape(-1, 2)
    field = displacement(np.asarray(goal, float), np.asarray(start, float), reach, fixed)
    y, x = np.mgrid[0:2 * SIDE, 0:2 * SIDE].astype(np.float32)
    moved = cv2.remap(portrait.photo, x + 2 * field[..., 0], y + 2 * field[..., 1], cv2.INTER_CUBIC, borderMode=cv2.BORDER_REFLECT)
    distance = cv2.resize(np.hypot(field[..., 0], field[..., 1]), (SIDE, SIDE), interpolation=cv2.INTER_AREA)
    colours = cv2.resize(moved, (SIDE, SIDE), interpolation=cv2.INTER_AREA).astype(np.float32)
    return colours, ramp(blur(distance, 1.0), *MOVED)
