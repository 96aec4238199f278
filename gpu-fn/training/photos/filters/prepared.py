"""From a photo to a Portrait: a loose crop around the face, its landmarks, mattes of hair, person and skin.

Needs requirements-photos.txt and MediaPipe's hair segmenter (photos/teachers.py).
"""

import cv2
import numpy as np
from PIL import Image
from scipy import ndimage

from photos.alignment import Crop, crop_of, sampled
from photos.face import Face
from photos.filters.canvas import SIDE
from photos.filters.portrait import Portrait
from photos.masks import hairline_of
from photos.teachers import Teachers, refined, skin_of

LARGEST, LEAST = 1.16, 0.98  # side of the crop to FFHQ's
BEYOND = 0.035  # share of the crop that may lie outside of the photo
MOST_BEYOND = 0.1
SHIFTS = [(x, y) for y in (0.03, 0, 0.06, -0.03, -0.06) for x in (0, 0.03, -0.03, 0.06, -0.06)]  # of FFHQ's side


def crop_within(points: np.ndarray, width: int, height: int) -> Crop | None:
    """The largest square around the face within the photo, moved slightly if that helps."""
    face, best, most = crop_of(points), None, 0.0
    for scale in np.linspace(LARGEST, LEAST, 10):
        for x, y in SHIFTS:
            crop = face.grown(scale)
            crop = Crop(crop.corner + face.across * x - face.down * y, crop.across, crop.down)
            inside = crop.inside(width, height, 48)
            if inside > 1 - BEYOND:
                return crop
            if inside > most + 0.004:
                best, most = crop, inside
    return best if most > 1 - MOST_BEYOND else None


def continued(image: np.ndarray, hair: np.ndarray, outside: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Beyond the photo's edge its outermost pixels, more and more blurred: a mirror image would put a second head there."""
    if not outside.any():
        return image, hair
    distance, (y, x) = ndimage.distance_transform_edt(outside, return_indices=True)
    drawn_out = image[y, x].astype(np.float32)
    for sigma, start, reach in ((4, 0, 8), (14, 8, 24)):
        share = np.clip((distance - start) / reach, 0, 1)[..., None]
        drawn_out = drawn_out * (1 - share) + cv2.GaussianBlur(drawn_out, (0, 0), sigma) * share
    fading = np.where(outside, np.clip(1 - distance / 30, 0, 1), 1)
    return np.clip(np.round(drawn_out), 0, 255).astype(np.uint8), hair[y, x] * fading


def outside_of(crop: Crop, width: int, height: int, side: int) -> np.ndarray:
    """bool [side,side]: which pixels of the crop the photo does not have"""
    u = (np.arange(side) + 0.5) / side
    x, y = (crop.corner[i] + crop.across[i] * u[None] + crop.down[i] * u[:, None] for i in (0, 1))
    return (x < 1) | (x >= width - 1) | (y < 1) | (y >= height - 1)


def prepared(photo: Image.Image, points: np.ndarray, teachers: Teachers, glasses: bool) -> Portrait | None:
    """`points` [478,2] in the photo's pixels; None where the face is too near the photo's edge."""
    crop = crop_within(points, *photo.size)
    if crop is None:
        return None
    image, shares, fine = sampled(photo, crop, 2 * SIDE), crop.shares(points), 2 * SIDE
    person = teachers.person.process(image).segmentation_mask
    hair = refined(teachers.hair_of(image), image) * np.clip(2.2 * cv2.GaussianBlur(person, (0, 0), 3), 0, 1)
    face = Face(shares, hairline_of(hair > 0.5, Face(shares)))
    skin = skin_of(image, face, hair > 0.5, person > 0.5)
    image, hair = continued(image, hair, outside_of(crop, *photo.size, fine))
    hair, person, skin = (cv2.resize(part.astype(np.float32), (SIDE, SIDE), interpolation=cv2.INTER_AREA) for part in (hair, person, skin))
    return Portrait(image, shares, hair, person, skin > 0.5, crop.side, glasses)
