"""What the regions measure a face by: landmarks in an aligned crop, so that up is up."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from photos import mesh

RENDERED = 113.0  # units of the renderer's canvas from the brows to the chin (text2mask/geometry.ts)
THIRD = 0.46  # hairline above the brows' upper edge, as a share of that to the chin: facial thirds, from the brows' middle


@dataclass(frozen=True)
class Face:
    """`points` [478,2] as shares of the crop; `found` is the hairline's height above the brows, if it was seen."""

    points: np.ndarray
    found: float | None = None

    def ring(self, indices: tuple[int, ...], dx: float = 0.0, dy: float = 0.0) -> np.ndarray:
        """These points [n,2], moved by (dx,dy)."""
        return self.points[list(indices)] + (dx, dy)

    def mid(self, indices: tuple[int, ...]) -> np.ndarray:
        return self.ring(indices).mean(0)

    @cached_property
    def brow_y(self) -> float:
        return float(self.mid(mesh.BROW_TOPS[0] + mesh.BROW_TOPS[1])[1])

    @cached_property
    def chin_y(self) -> float:
        return float(self.points[mesh.CHIN, 1])

    @cached_property
    def unit(self) -> float:
        """One unit of the renderer's canvas at this face's size: sizes here compare with text2mask/regions/shapes.ts."""
        return (self.chin_y - self.brow_y) / RENDERED

    @cached_property
    def eyes(self) -> np.ndarray:
        """Centres of both eyes [2,2]."""
        return np.stack([self.mid(eye) for eye in mesh.EYES])

    @cached_property
    def across(self) -> float:
        """A unit along x near the eyes: narrower where the head is turned (the renderer's eyes are 54 apart)."""
        return min(self.unit, float(self.eyes[1, 0] - self.eyes[0, 0]) / 54)

    @cached_property
    def x(self) -> float:
        """The middle between the face's two sides."""
        return float(self.mid((mesh.LEFT_SIDE, mesh.RIGHT_SIDE))[0])

    @cached_property
    def hairline(self) -> float:
        """Height above the brows."""
        return self.found if self.found is not None else THIRD * (self.chin_y - self.brow_y)

    @cached_property
    def shares(self) -> tuple[float, float]:
        """How much of the face's width lies left and right of the nose: (½,½) from the front."""
        left, nose, right = self.points[[mesh.LEFT_SIDE, mesh.NOSE_TIP, mesh.RIGHT_SIDE], 0]
        width = max(right - left, 1e-9)
        return float((nose - left) / width), float((right - nose) / width)

    def arc(self, height: float, widen: float = 0.0) -> np.ndarray:
        """The forehead's outline from the left eye to the right one, its top `height` above the brows, [15,2].

        The mesh ends below the hairline: what it has above the brows is stretched.
        """
        ring = self.ring(mesh.FOREHEAD_ARC)
        top = max(self.brow_y - self.points[mesh.FOREHEAD, 1], 1e-9)
        above = ring[:, 1] < self.brow_y
        ring[above, 1] = self.brow_y - (self.brow_y - ring[above, 1]) * height / top
        ring[:, 0] += widen * np.sign(ring[:, 0] - self.x)
        return ring

    def jaw(self, hang: float = 0.0) -> np.ndarray:
        """The outline from ear to ear below, [21,2]; from the mouth on it sinks, at the chin by `hang`."""
        ring = self.ring(mesh.JAW)
        mouth = self.mid(mesh.MOUTH_CORNERS)[1]
        ring[:, 1] += hang * np.clip((ring[:, 1] - mouth) / max(self.chin_y - mouth, 1e-9), 0, 1)
        return ring

    def outline(self) -> np.ndarray:
        """The whole face from hairline to chin, [36,2]."""
        return np.concatenate([self.arc(self.hairline), self.jaw()[::-1]])
