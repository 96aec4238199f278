"""Areas without landmarks: hair by MediaPipe's segmenter, skin by the face's own colours. They replace a parser.

The segmenter is `hair_segmentation.tflite` (Apache-2.0): red, green, blue and an empty fourth channel in, background
and hair out. It takes a full beard for hair, which is taken back here, and misses braids and dyed short hair.
"""

from pathlib import Path

import cv2
import numpy as np
from scipy import ndimage

from photos import mesh
from photos.face import Face
from photos.masks import hairline_of
from photos.regions import beard
from photos.shapes import Shape, union

SIDE = 256  # pixels a side at which skin is found by its colours
BEARDED = 0.25  # share of the beard's region above which hair in it is a beard
SPREAD = np.array([3.2, 3.0, 3.0])  # deviations in L, a, b within which a colour is the face's own
LEAST_SPREAD = np.array([6.0, 2.5, 2.5])  # of L (0..100), a and b: an evenly lit face has shaded sides all the same
LEAST_SEEN = 50  # pixels of bare face below which nothing is known of its colours


class Teachers:
    def __init__(self, hair: Path):
        from mediapipe.python.solutions import selfie_segmentation  # seconds, and only workers need it
        from mediapipe.tasks.python import BaseOptions, vision
        cv2.setNumThreads(1)
        self.person = selfie_segmentation.SelfieSegmentation(model_selection=0)
        self.segmenter = vision.ImageSegmenter.create_from_options(vision.ImageSegmenterOptions(
            base_options=BaseOptions(model_asset_path=str(hair)), output_confidence_masks=True))

    def parse(self, image: np.ndarray, points: np.ndarray) -> dict[str, np.ndarray]:
        """Crop uint8 [s,s,3] and mesh [478,2] as shares of it → `hair` and `skin`, bool [s,s]."""
        person = self.person.process(image).segmentation_mask
        matte = refined(self.hair_of(image), image) * np.clip(2.2 * cv2.GaussianBlur(person, (0, 0), 3), 0, 1)
        hair = without_beard(matte > 0.5, Face(points))
        face = Face(points, hairline_of(hair, Face(points)))
        return {"hair": hair, "skin": skin_of(image, face, hair, person > 0.5)}

    def hair_of(self, image: np.ndarray) -> np.ndarray:
        """float [s,s] in 0..1"""
        from mediapipe import Image, ImageFormat
        four = np.ascontiguousarray(np.dstack([image, np.zeros(image.shape[:2], np.uint8)]))
        found = self.segmenter.segment(Image(image_format=ImageFormat.SRGBA, data=four)).confidence_masks[1].numpy_view()
        return cv2.resize(found.squeeze(), image.shape[1::-1])


def refined(matte: np.ndarray, image: np.ndarray) -> np.ndarray:
    """The matte drawn to the photo's own edges by a guided filter (He et al., 2010), steepened again."""
    smooth = cv2.ximgproc.guidedFilter(image.astype(np.float32) / 255, matte.astype(np.float32), 8, 2e-4)
    return np.clip((smooth - 0.1) / 0.8, 0, 1)


def without_beard(hair: np.ndarray, face: Face) -> np.ndarray:
    """bool [s,s] → bool [s,s]"""
    region = union(beard(face), len(hair))
    return hair & ~region if (hair & region).sum() > BEARDED * region.sum() else hair


def joined(area: np.ndarray, to: np.ndarray) -> np.ndarray:
    """The parts of an area, bool [s,s], that hang together with a part of `to`."""
    labels, _ = ndimage.label(area)
    kept = np.unique(labels[to & area])
    return np.isin(labels, kept[kept > 0])


def bare(face: Face, side: int) -> np.ndarray:
    """Where the mesh has nothing but skin: no eyes, brows or lips; bool [side,side]."""
    inner = union([[Shape(face.ring(mesh.FOREHEAD_ARC + mesh.JAW[::-1]))]], side)
    brows = [np.concatenate([face.ring(top), face.ring(bottom)[::-1]]) for top, bottom in zip(mesh.BROW_TOPS, mesh.BROW_BOTTOMS)]
    taken = [*(face.ring(ring) for ring in mesh.EYES), face.ring(mesh.LIPS), *brows]
    return inner & ~union([[Shape(ring, 3.5 * face.unit)] for ring in taken], side)


def likeness(image: np.ndarray, sample: np.ndarray) -> np.ndarray:
    """Whether a pixel has the sample's colours, bool [s,s]: within SPREAD deviations of their median in CIE L*a*b*."""
    lab = cv2.cvtColor(image.astype(np.float32) / 255, cv2.COLOR_RGB2LAB)
    seen = lab[sample]
    middle = np.median(seen, 0)
    deviation = np.maximum(1.4826 * np.median(np.abs(seen - middle), 0), LEAST_SPREAD)
    return (((lab - middle) / (SPREAD * deviation)) ** 2).sum(-1) < 1


def skin_of(image: np.ndarray, face: Face, hair: np.ndarray, person: np.ndarray) -> np.ndarray:
    """Face, ears and neck, bool [s,s]: the person, without hair, of the face's own colours and joined to the face.

    Within the face's outline every colour is skin, but for hair and eyes; outside of it skin is looked for from the
    eyes down. Hands count where they touch the face.
    """
    small = cv2.resize(image, (SIDE, SIDE), interpolation=cv2.INTER_AREA)
    hair, person = (cv2.resize(area.astype(np.uint8), (SIDE, SIDE), interpolation=cv2.INTER_AREA) > 0 for area in (hair, person))
    outline = union([[Shape(face.outline(), face.unit)]], SIDE) & ~hair
    sample = bare(face, SIDE) & ~hair
    if sample.sum() < LEAST_SEEN:
        found = outline
    else:
        below = (np.arange(SIDE) + 0.5)[:, None] / SIDE > face.eyes[:, 1].mean()
        found = joined(outline | (likeness(small, sample) & person & ~hair & below), outline)
        found = ndimage.binary_fill_holes(ndimage.binary_closing(found, iterations=2) & ~hair | outline) & ~hair
    eyes = union([[Shape(face.ring(ring))] for ring in mesh.EYES], SIDE)
    return cv2.resize((found & ~eyes).astype(np.float32), image.shape[1::-1]) > 0.5
