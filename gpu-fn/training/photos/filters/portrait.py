"""A photo with what filters must know of it: landmarks, mattes of hair, person and skin, tones and light.

Pixels and lengths are of the canvas (256 a side); `unit` is photos/face.py's, about 1/113 of brow to chin.
"""

from dataclasses import dataclass, replace
from functools import cached_property

import cv2
import numpy as np
from scipy import ndimage

from photos import mesh
from photos.face import Face
from photos.filters import points as at
from photos.filters.canvas import LUMA, SIDE, X, Y, blur, fall, lab, local_mean, ramp
from photos.filters.strokes import filled, spline

FALLBACK_TONE = np.array([65.0, 12.0, 15.0])  # of skin, where the face shows none


@dataclass(eq=False)
class Portrait:
    """photo uint8 [512,512,3]; landmarks [478,2] as shares; mattes: hair and person 0 to 1, skin bool, all [256,256].

    `side` is the crop's in pixels of the original, `glasses` whether the person wears some (as a person saw it).
    """

    photo: np.ndarray
    landmarks: np.ndarray
    hair: np.ndarray
    person: np.ndarray
    skin_area: np.ndarray
    side: float = 400.0
    glasses: bool = False

    def __post_init__(self):
        self.p = self.landmarks.astype(np.float64) * SIDE
        self.face = Face(self.landmarks.astype(np.float64))
        self.unit = self.face.unit * SIDE
        self.soft = float(np.clip(0.55 * SIDE / max(self.side, 1) - 0.05, 0.25, 0.7))  # blur of a stroke as sharp as the photo
        self.hair = joined(self.hair)

    def painted(self, image: np.ndarray) -> "Portrait":
        """The same face with other pixels [256,256,3]; the fine photo is unchanged where nothing changed."""
        change = cv2.resize(image.astype(np.float32) - self.image, self.photo.shape[1::-1], interpolation=cv2.INTER_LINEAR)
        found = replace(self, photo=np.clip(np.round(self.photo + change), 0, 255).astype(np.uint8))
        found.__dict__["image"] = image  # as it was painted: reducing the fine photo would soften it
        return found

    @cached_property
    def image(self) -> np.ndarray:
        return cv2.resize(self.photo, (SIDE, SIDE), interpolation=cv2.INTER_AREA)

    @cached_property
    def colours(self) -> np.ndarray:
        return self.image.astype(np.float32)

    @cached_property
    def lab(self) -> np.ndarray:
        return lab(self.colours)

    def at(self, indices) -> np.ndarray:
        """Landmarks [n,2] or [2]."""
        return self.p[list(indices)] if np.ndim(indices) else self.p[indices]

    @cached_property
    def axes(self) -> tuple[np.ndarray, np.ndarray]:
        """Unit vectors to the picture's right along the eyes, and down the face."""
        across = self.p[263] - self.p[33]
        across = across / np.hypot(*across)
        return across, np.array([-across[1], across[0]])

    @cached_property
    def brow_y(self) -> float:
        return self.face.brow_y * SIDE

    @cached_property
    def middle(self) -> float:
        """x of the face's middle."""
        return self.face.x * SIDE

    # ---------- areas

    def eyes(self, soft: float = 0.5) -> np.ndarray:
        return filled(*[spline(self.at(eye), 4) for eye in mesh.EYES], soft=soft)

    def lips(self, soft: float = 0.7) -> np.ndarray:
        return filled(spline(self.at(mesh.LIPS), 6), soft=soft)

    def opening(self, soft: float = 0.5) -> np.ndarray:
        return filled(spline(self.at(mesh.OPENING), 6), soft=soft)

    def brows(self, rise: float = 0.0, soft: float = 1.0) -> np.ndarray:
        """Both brows, their upper edge `rise` units higher."""
        lift = self.axes[1] * rise * self.unit
        return filled(*[spline(np.concatenate([self.at(top) - lift, self.at(low)[::-1]]), 4)
                        for top, low in zip(mesh.BROW_TOPS, mesh.BROW_BOTTOMS)], soft=soft * self.unit)

    @cached_property
    def matte(self) -> np.ndarray:
        """The hair's coverage, its rim measured from colours: where a pixel lies between the hair's colour beside it and
        its surroundings'."""
        hair, colours = self.hair, self.colours
        band = ndimage.grey_dilation(hair, 7) > 0.12
        sure = (ndimage.grey_erosion(hair, 3) > 0.9).astype(np.float32)
        off = (ndimage.grey_dilation(hair, 9) < 0.04).astype(np.float32)
        (front, front_seen), (back, back_seen) = local_mean(colours, sure, 3.5), local_mean(colours, off, 4.5)
        apart = front - back
        contrast = (apart**2).sum(-1)
        share = np.clip(((colours - back) * apart).sum(-1) / np.maximum(contrast, 1), 0, 1)
        trust = ramp(np.sqrt(contrast), 30, 75) * (front_seen > 0.004) * (back_seen > 0.004) * band * (sure < 0.5)
        near = fall(ndimage.distance_transform_edt(hair < 0.35), 2.5, 5.5)
        share = np.clip((share - 0.06) / 0.9, 0, 1) * near
        return np.clip(hair * (1 - trust) + np.maximum(share, 0.35 * hair) * trust, 0, 1).astype(np.float32)

    @cached_property
    def skin(self) -> np.ndarray:
        """Soft matte without hair and eyes."""
        soft = cv2.ximgproc.guidedFilter(self.colours / 255, self.skin_area.astype(np.float32), 4, 4e-4)
        return np.clip((soft - 0.15) / 0.7, 0, 1) * fall(self.hair, 0.15, 0.8) * (1 - self.eyes())

    @cached_property
    def core(self) -> np.ndarray:
        """bool: surely the face's skin, no feature of it"""
        face = filled(self.at(mesh.FOREHEAD_ARC + mesh.JAW[::-1])) > 0.5
        brows = [np.concatenate([self.at(top), self.at(low)[::-1]]) for top, low in zip(mesh.BROW_TOPS, mesh.BROW_BOTTOMS)]
        features = filled(*[self.at(lid) for lid in mesh.LIDS], self.at(mesh.LIPS), *brows, soft=1.5) > 0.05
        return face & (self.hair < 0.2) & ~features

    # ---------- tones and light

    @cached_property
    def tone(self) -> np.ndarray:
        """The skin's median L*a*b*."""
        return np.median(self.lab[self.core], 0) if self.core.sum() > 50 else FALLBACK_TONE

    @cached_property
    def relief(self) -> float:
        """How strongly shadows show on this skin, about 0.55 to 1."""
        return 0.55 + 0.45 * self.tone[0] / 65

    @cached_property
    def light(self) -> np.ndarray:
        """How brightly the face is lit where: the skin's low-passed lightness over its median."""
        weight, lightness = self.core.astype(np.float32), self.lab[..., 0]
        near, seen = local_mean(lightness, weight, 9)
        far, reached = local_mean(lightness, weight, 30)
        found = np.where(reached > 1e-3, np.where(seen > 0.02, near, far), self.tone[0])
        return np.clip(blur(found.astype(np.float32), 3) / self.tone[0], 0.35, 1.35)

    @cached_property
    def exposure(self) -> float:
        """1 in good light, less in the dark."""
        return float(np.clip(np.percentile(self.lab[self.core][:, 0], 95) / 78, 0.72, 1.06)) if self.core.any() else 1.0

    @cached_property
    def palette(self) -> np.ndarray | None:
        """The hair's colours from dark to light [64,3]; None if there is little hair."""
        deep = ndimage.binary_erosion(self.hair > 0.85, iterations=2)
        if deep.sum() < 250:
            return None
        found = self.colours[deep]
        found = found[np.argsort(found @ LUMA)]
        cuts = (np.linspace(0.04, 0.96, 65) * (len(found) - 1)).astype(int)
        return np.stack([found[a:b + 1].mean(0) for a, b in zip(cuts, cuts[1:])])

    @cached_property
    def brow_colour(self) -> np.ndarray:
        """RGB of the brows' darker third."""
        found = self.colours[self.brows(soft=0) > 0.5]
        light = found @ LUMA
        return found[light <= np.quantile(light, 0.3)].mean(0)

    # ---------- hair

    @cached_property
    def hairline(self) -> np.ndarray:
        """y of the first hair above the brows in each column [256], NaN if there is none."""
        brow = max(int(self.brow_y), 1)
        above = self.hair[:brow][::-1] > 0.5
        return np.where(above.any(0), brow - above.argmax(0), np.nan)

    @cached_property
    def crown(self) -> int | None:
        """The highest y of hair above the face."""
        columns = slice(int(max(self.middle - 25, 0)), int(self.middle + 25))
        rows = (self.hair[:, columns] > 0.5).any(1)
        return int(rows.argmax()) if rows.any() else None

    @cached_property
    def long_hair(self) -> float:
        """Share of the hair that hangs below the nose's tip."""
        seen = self.hair > 0.5
        return float(seen[int(self.p[mesh.NOSE_TIP, 1]):].sum() / (seen.sum() + 1))

    @cached_property
    def coherence(self) -> float:
        """How much the hair runs one way, 0 to 1."""
        (xx, yy, xy), _ = structure(self.lab[..., 0], (self.hair > 0.8).astype(np.float32), 3)
        weight = self.hair > 0.8
        one_way = np.sqrt((xx - yy) ** 2 + 4 * xy**2) / (xx + yy + 1e-3)
        return float(one_way[weight].sum() / (weight.sum() + 1))

    # ---------- the face's state

    @cached_property
    def parted(self) -> float:
        """Units between the lips; 0 closed."""
        return float((self.p[14, 1] - self.p[13, 1]) / self.unit)

    @cached_property
    def eye_openness(self) -> float:
        """Height over width of the eye that is less open."""
        return float(min(np.hypot(*(self.p[a] - self.p[b])) / np.hypot(*(self.p[c] - self.p[d])) for a, b, c, d in at.LID_HEIGHTS))

    @cached_property
    def bearded(self) -> bool:
        """Whether the chin is hairy or much darker than the cheeks."""
        chin = self.core & (self.p[at.LIP_BOTTOM, 1] < Y) & (self.p[mesh.CHIN, 1] > Y)
        cheeks = self.core & (self.p[mesh.NOSE_BASE, 1] > Y) & (self.p[145, 1] + 4 * self.unit < Y)
        if chin.sum() < 40:
            return True
        dark = cheeks.any() and self.lab[chin][:, 0].mean() < 0.62 * self.lab[cheeks][:, 0].mean()
        return bool(self.hair[chin].mean() > 0.15 or dark)


def joined(hair: np.ndarray) -> np.ndarray:
    """Only the hair that hangs together with the head's: no small islands."""
    labels, count = ndimage.label(hair > 0.3)
    if count < 2:
        return hair
    sizes = ndimage.sum(hair > 0.3, labels, range(1, count + 1))
    keep = np.isin(labels, 1 + np.flatnonzero(sizes > 0.08 * sizes.max()))
    return hair * np.clip(blur(ndimage.binary_dilation(keep, iterations=4).astype(np.float32), 1), 0, 1)


def structure(lightness: np.ndarray, weight: np.ndarray, sigma: float):
    """((xx,yy,xy) of the structure tensor averaged under `weight`, the gradient's magnitude)"""
    soft = blur(lightness, 0.8)
    gx, gy = cv2.Sobel(soft, cv2.CV_32F, 1, 0), cv2.Sobel(soft, cv2.CV_32F, 0, 1)
    return tuple(blur(weight * z, sigma) for z in (gx * gx, gy * gy, gx * gy)), np.hypot(gx, gy)


__all__ = ["Portrait", "X", "Y", "structure"]
