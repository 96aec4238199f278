"""Masks of a portrait: its landmarks' regions, and what a parser saw of them."""

import numpy as np
from PIL import Image

from photos.face import Face
from photos.regions import ESTIMATED, SHAPES
from photos.shapes import OVERSAMPLED, coverage, union

SEEN_BETTER = ("skin", "hair")  # a parser's area replaces the estimate; for other regions it is added to it
LEAST = 0.002  # share of the crop below which a parser saw nothing: then the estimate is kept, such as for a bald head's hair
LOWEST, HIGHEST = 0.45, 1.4  # a hairline outside of these shares of its estimate is a fringe, or a bald head


def hairline_of(hair: np.ndarray, face: Face) -> float | None:
    """Height of the hairline above the brows from a parser's hair, bool [s,s]; None if it cannot be determined.

    In each column of the face's middle, the first hair above the brows; the columns' median.
    """
    side, estimate = len(hair), face.hairline
    brow = int(np.clip(face.brow_y * side, 1, side))
    reach = 20 * face.across
    columns = slice(*np.clip(np.round([(face.x - reach) * side, (face.x + reach) * side]), 0, side).astype(int))
    above = hair[:brow, columns][::-1]
    seen = above.any(0)
    if seen.size == 0 or seen.mean() < 0.5:
        return None
    height = float(np.median(above[:, seen].argmax(0))) / side
    return height if LOWEST * estimate < height < HIGHEST * estimate else None


def scaled(area: np.ndarray, side: int) -> np.ndarray:
    """bool [h,w] → bool [side,side]"""
    return np.asarray(Image.fromarray(area.astype(np.uint8) * 255).resize((side, side), Image.Resampling.BOX)) > 127


def masks_of(points: np.ndarray, names: list[str], side: int,
             parsed: dict[str, np.ndarray] | None = None) -> tuple[np.ndarray, list[str]]:
    """(coverage uint8 [regions,side,side] in the order of `names`, the regions that are estimated).

    `points` [478,2] are shares of the crop, `parsed` a parser's areas by region, bool [h,w].
    """
    fine = side * OVERSAMPLED
    seen = {name: scaled(area, fine) for name, area in (parsed or {}).items() if area.mean() > LEAST}
    face, estimated = Face(points), set(ESTIMATED) - set(seen)
    if "hair" in seen and (height := hairline_of(seen["hair"], face)) is not None:
        face = Face(points, height)
        estimated -= {"hairline", "forehead"}
    found = []
    for name in names:
        inside = seen[name] if name in SEEN_BETTER and name in seen else union(SHAPES[name](face), fine)
        found.append(coverage(inside | seen[name] if name in seen else inside, side))
    return np.stack(found), [name for name in names if name in estimated]
