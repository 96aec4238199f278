"""The eighteen regions of the paper's Figure 10 from landmarks: where an attribute is, or would be.

Pure. Sizes are the renderer's (text2mask/regions/shapes.ts), so that photos and renders teach the same regions; the
outlines are the landmarks'.
"""

import numpy as np

from photos import mesh
from photos.face import Face
from photos.shapes import Region, Shape, rounded

# Landmarks do not see these: without a parser they are where a face of these proportions has them.
ESTIMATED = ("skin", "hair", "hairline", "forehead")


def beard(f: Face) -> Region:
    return [[Shape(np.concatenate([f.jaw(14 * f.unit), f.ring(mesh.BEARD_EDGE)]), 3 * f.unit)]]


def face_shape(f: Face) -> Region:
    dip = [(f.x, f.eyes[:, 1].mean() + 16 * f.unit)]
    return [[Shape(np.concatenate([f.jaw(3 * f.unit), dip]), 5 * f.unit)]]


def chin(f: Face) -> Region:
    jaw = f.jaw(14 * f.unit)
    low = jaw[f.ring(mesh.JAW)[:, 1] > f.chin_y - 24 * f.unit]
    x, y = f.points[mesh.CHIN]
    return [[Shape(np.concatenate([low, [(x, y - 8 * f.unit)]]), 3 * f.unit)],
            [Shape(rounded(x, y - 8 * f.unit, 26 * f.unit, 14 * f.unit))]]


def neck(f: Face) -> np.ndarray:
    left, right = f.ring((172, 397))
    sink = f.chin_y + 34 * f.unit
    return np.array([left, right, (right[0] + 3 * f.unit, sink), (left[0] - 3 * f.unit, sink)])


def ears(f: Face) -> list[Shape]:
    """The ears that the head's turn leaves in sight."""
    sides = zip((mesh.LEFT_SIDE, mesh.RIGHT_SIDE), (-1, 1), f.shares)
    return [Shape(rounded(f.points[side, 0] + out * 3 * f.unit, f.points[side, 1] + 4 * f.unit, 7 * f.unit, 15 * f.unit))
            for side, out, share in sides if share > 0.38]


def skin(f: Face) -> Region:
    taken = [Shape(f.ring(eye), inside=False) for eye in mesh.EYES]
    return [[Shape(neck(f)), *ears(f), Shape(f.outline(), f.unit), *taken]]


def hair(f: Face) -> Region:
    """Hair of middling volume down to the chin, around the face."""
    top = f.arc(f.hairline + 34 * f.unit, 21 * f.unit)
    (left, _), (right, _), low = top[0], top[-1], f.chin_y - 8 * f.unit
    ends = np.array([(right + 2 * f.unit, low - 30 * f.unit), (right - 6 * f.unit, low),
                     (left + 6 * f.unit, low), (left - 2 * f.unit, low - 30 * f.unit)])
    return [[Shape(np.concatenate([top, ends]), 5 * f.unit), Shape(neck(f), inside=False),
             Shape(f.outline(), inside=False)]]


def hairline(f: Face) -> Region:
    outer, inner = f.arc(f.hairline + 25 * f.unit, 2 * f.unit), f.arc(f.hairline - 9 * f.unit, -9 * f.unit)
    return [[Shape(np.concatenate([outer, inner[::-1]]), 1.5 * f.unit)]]


def forehead(f: Face) -> Region:
    arc = f.arc(f.hairline + 10 * f.unit, -2 * f.unit)
    ends = arc[arc[:, 1] < f.brow_y + 8 * f.unit]
    return [[Shape(np.concatenate([ends, [(f.points[mesh.BROW_CENTRE, 0], f.brow_y)]]), 3 * f.unit)]]


def lips(f: Face) -> Region:
    return [[Shape(f.ring(mesh.LIPS), 3.5 * f.unit), Shape(f.ring(mesh.OPENING), inside=False)]]


def mouth(f: Face) -> Region:
    """Lips and opening, and where closed, open, smiling and sad mouths reach."""
    x, y = f.mid(mesh.LIPS)
    return [[Shape(f.ring(mesh.LIPS), 4.5 * f.unit)], [Shape(rounded(x, y + 3 * f.unit, 35 * f.across, 22 * f.unit))]]


def nose(f: Face) -> Region:
    return [[Shape(f.ring(mesh.NOSE), 7 * f.unit)]]


def eyebrows(f: Face) -> Region:
    return [[Shape(np.concatenate([f.ring(top, dy=-8 * f.unit), f.ring(bottom)[::-1]]), 3 * f.unit)]
            for top, bottom in zip(mesh.BROW_TOPS, mesh.BROW_BOTTOMS)]


def under_eyes(f: Face) -> Region:
    return [[Shape(f.ring(ring, dy=3 * f.unit), 2.5 * f.unit)] for ring in mesh.UNDER_EYES]


def pupils(f: Face) -> Region:
    found = []
    for centre, *rim in mesh.IRISES:
        radius = np.linalg.norm(f.ring(tuple(rim)) - f.points[centre], axis=1).mean() + 2 * f.unit
        found.append([Shape(rounded(*f.points[centre], radius, radius))])
    return found


def eyes(f: Face) -> Region:
    return [[Shape(f.ring(ring), 5 * f.unit)] for ring in mesh.LIDS]


def cheeks(f: Face) -> Region:
    return [[Shape(f.ring(ring, dy=3 * f.unit), 4 * f.unit)] for ring in mesh.CHEEKS]


def makeup(f: Face) -> Region:
    return [[Shape(f.ring(ring), 5 * f.unit)] for ring in mesh.SHADOW] + cheeks(f) + lips(f)


def expression(f: Face) -> Region:
    x, y = f.mid(mesh.LIPS)
    wide = Shape(rounded(x, y + 2 * f.unit, 41 * f.across, 26 * f.unit))
    return [[wide], *mouth(f), *cheeks(f), *eyes(f), *eyebrows(f)]


def eyeglasses(f: Face) -> Region:
    """Lenses of any frame, the bridge, and the temples to the face's sides."""
    found, bridge = [], f.eyes.mean(0)
    for (x, y), side in zip(f.eyes, (mesh.FOREHEAD_ARC[0], mesh.FOREHEAD_ARC[-1])):
        found.append([Shape(rounded(x, y, 25 * f.across, 22 * f.unit, 4))])
        end = f.points[side, 0]
        found.append([Shape(np.array([(x, y - 13 * f.unit), (end, y - 13 * f.unit), (end, y + f.unit), (x, y + f.unit)]))])
    return [*found, [Shape(rounded(*bridge, 14 * f.across, 8 * f.unit, 4))]]


SHAPES = {shape.__name__: shape for shape in (
    beard, face_shape, chin, skin, hair, hairline, forehead, mouth, lips, nose, eyebrows, under_eyes, pupils, eyes,
    makeup, cheeks, expression, eyeglasses)}
