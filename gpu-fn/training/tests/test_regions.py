"""The eighteen regions of a hand-made face: their places and nesting."""

import numpy as np
import pytest
from conftest import REGIONS
from hand_made import APART, BROW, CHIN, EYE, HALF, MOUTH, NOSE, X, landmarks

from photos.face import THIRD, Face
from photos.masks import masks_of
from photos.regions import ESTIMATED, SHAPES
from photos.shapes import Shape, canvas, coverage, rounded, union

SIDE = 64
MASKS, MARKED = masks_of(landmarks(), REGIONS, SIDE)
MASK = dict(zip(REGIONS, MASKS))


def at(region: str, x: float, y: float) -> int:
    return int(MASK[region][int(y * SIDE), int(x * SIDE)])


def test_every_region_has_a_shape_in_the_projects_order():
    assert list(SHAPES) == REGIONS
    assert len(REGIONS) == 18


def test_masks_are_coverage():
    assert MASKS.dtype == np.uint8 and MASKS.shape == (18, SIDE, SIDE)
    for region, mask in MASK.items():
        assert mask.max() == 255 and mask.min() == 0, region
        assert np.count_nonzero((mask > 0) & (mask < 255)) > 0, f"{region} has no soft edge"


@pytest.mark.parametrize(("region", "x", "y"), [
    ("beard", X, CHIN), ("beard", X, NOSE + 0.05), ("face_shape", X - HALF + 0.01, 0.6), ("chin", X, CHIN - 0.02),
    ("skin", X, MOUTH), ("skin", X, BROW - 0.05), ("skin", X, CHIN + 0.08), ("hair", X - HALF - 0.05, 0.5),
    ("hair", X, 0.1), ("hairline", X, BROW - THIRD * (CHIN - BROW)), ("forehead", X, 0.3), ("mouth", X, MOUTH),
    ("lips", X, MOUTH - 0.02), ("nose", X, NOSE - 0.02), ("eyebrows", X + APART, BROW), ("under_eyes", X - APART, EYE + 0.035),
    ("pupils", X + APART, EYE), ("eyes", X - APART, EYE), ("makeup", X + APART, EYE - 0.025), ("cheeks", X + 0.14, 0.59),
    ("expression", X, MOUTH + 0.05), ("eyeglasses", X, EYE), ("eyeglasses", X - HALF + 0.02, EYE - 0.02),
])
def test_a_region_covers_a_point(region: str, x: float, y: float):
    assert at(region, x, y) == 255


@pytest.mark.parametrize(("region", "x", "y"), [
    ("beard", X, EYE), ("beard", X - APART, 0.58), ("face_shape", X, BROW), ("chin", X, MOUTH), ("skin", X + APART, EYE),
    ("hair", X, NOSE), ("hair", X, CHIN + 0.04), ("hairline", X, EYE), ("hairline", X, BROW - 0.03), ("forehead", X, EYE),
    ("mouth", X, NOSE - 0.02), ("lips", X, MOUTH), ("nose", X + APART, EYE), ("eyebrows", X, BROW), ("under_eyes", X, EYE),
    ("pupils", X, EYE), ("eyes", X, EYE), ("cheeks", X, NOSE), ("expression", X, CHIN), ("eyeglasses", X, MOUTH),
])
def test_a_region_does_not_cover_a_point(region: str, x: float, y: float):
    assert at(region, x, y) == 0


@pytest.mark.parametrize(("inner", "outer"), [
    ("lips", "mouth"), ("mouth", "expression"), ("cheeks", "expression"), ("eyes", "expression"), ("eyebrows", "expression"),
    ("pupils", "eyes"), ("lips", "makeup"), ("cheeks", "makeup"), ("eyes", "eyeglasses"), ("mouth", "face_shape"),
])
def test_regions_are_nested(inner: str, outer: str):
    assert (MASK[inner] <= MASK[outer]).all()


@pytest.mark.parametrize("region", REGIONS)
def test_a_symmetric_face_has_symmetric_regions(region: str):
    difference = np.abs(MASK[region].astype(int) - MASK[region][:, ::-1].astype(int))
    assert difference.max() <= 64  # of 255, in single cells of the edge
    assert difference.mean() < 3


@pytest.mark.parametrize("region", REGIONS)
def test_regions_move_with_the_face(region: str):
    cells = 3
    moved, _ = masks_of(landmarks() - (cells / SIDE, cells / SIDE), [region], SIDE)
    inside = slice(cells, SIDE - cells)
    shifted = MASK[region][inside, inside].astype(int)
    assert np.abs(moved[0][:SIDE - 2 * cells, :SIDE - 2 * cells] - shifted).max() <= 32


def test_only_regions_without_landmarks_are_estimated():
    assert set(MARKED) == set(ESTIMATED) == {"skin", "hair", "hairline", "forehead"}


def test_a_turned_head_has_one_ear_and_narrower_glasses():
    turned = landmarks()
    turned[:, 0] = X + (turned[:, 0] - X) * np.where(turned[:, 0] < X, 0.5, 1.0)
    face, front = Face(turned), Face(landmarks())
    assert front.shares == pytest.approx((0.5, 0.5))
    assert face.shares[0] < 0.38 < face.shares[1]
    assert face.across < front.across and face.unit == pytest.approx(front.unit)


def test_a_shape_grows_by_the_given_amount():
    square = np.array([(0.25, 0.25), (0.75, 0.25), (0.75, 0.75), (0.25, 0.75)])
    assert canvas([Shape(square)], 400).mean() == pytest.approx(0.25, abs=0.01)
    assert canvas([Shape(square, 0.1)], 400).mean() == pytest.approx(0.25 + 4 * 0.05 + np.pi * 0.01, abs=0.01)


def test_layers_subtract_and_regions_unite():
    outer, inner = rounded(0.5, 0.5, 0.4, 0.4), rounded(0.5, 0.5, 0.2, 0.2)
    hollow = [Shape(outer), Shape(inner, inside=False)]
    assert canvas(hollow, 400).mean() == pytest.approx(np.pi * (0.16 - 0.04), abs=0.01)
    assert union([hollow, [Shape(inner)]], 400).mean() == pytest.approx(np.pi * 0.16, abs=0.01)


def test_coverage_is_the_share_of_a_cell_inside_the_shape():
    fine = np.zeros((16, 16), bool)
    fine[:8, :4] = True
    assert coverage(fine, 2).tolist() == [[128, 0], [0, 0]]
