"""The crop around a face: the same one however the photo is turned, shifted and scaled; its pixels antialiased."""

import numpy as np
import pytest
from hand_made import landmarks
from PIL import Image

from photos.alignment import Crop, crop_of, sampled
from photos.landmarks import largest


def placed(angle: float, scale: float, shift: tuple[float, float]) -> np.ndarray:
    cos, sin = np.cos(angle), np.sin(angle)
    return landmarks() @ np.array([[cos, sin], [-sin, cos]]) * scale + shift


@pytest.mark.parametrize(("angle", "scale", "shift"), [(0.0, 500, (0, 0)), (0.4, 300, (80, 10)), (-1.2, 900, (-50, 700)), (3.0, 64, (9, 9))])
def test_landmarks_have_the_same_place_in_every_crop(angle, scale, shift):
    upright = crop_of(landmarks())
    points = placed(angle, scale, shift)
    crop = crop_of(points)
    assert crop.side == pytest.approx(upright.side * scale)
    assert crop.shares(points) == pytest.approx(upright.shares(landmarks()))


def test_the_crop_is_ffhqs_square():
    # eyes 0.23 apart, mouth 0.21 below them: half a side is 2 · 0.23 turned by nothing
    crop = crop_of(landmarks())
    assert crop.side == pytest.approx(4 * 0.23)
    assert crop.across[1] == pytest.approx(0) and crop.down == pytest.approx((0, crop.side))
    assert crop.corner + crop.across / 2 + crop.down / 2 == pytest.approx((0.5, 0.48 + 0.1 * 0.21))


def test_an_upright_crop_at_its_own_size_is_the_photo():
    photo = np.random.default_rng(0).integers(0, 256, (60, 80, 3), np.uint8)
    crop = Crop(np.array([20.0, 10.0]), np.array([32.0, 0]), np.array([0, 32.0]))
    assert (sampled(Image.fromarray(photo), crop, 32) == photo[10:42, 20:52]).all()


def test_a_quarter_turn_turns_the_pixels():
    photo = np.random.default_rng(0).integers(0, 256, (60, 80, 3), np.uint8)
    crop = Crop(np.array([20.0, 42.0]), np.array([0.0, -32.0]), np.array([32.0, 0.0]))
    assert (sampled(Image.fromarray(photo), crop, 32) == np.rot90(photo[10:42, 20:52], -1)).all()


def test_fine_patterns_become_grey_and_not_moire():
    pattern = np.where(np.indices((512, 512)).sum(0) % 2, 255, 0).astype(np.uint8)
    photo = Image.fromarray(np.repeat(pattern[..., None], 3, 2))
    crop = Crop(np.zeros(2), np.array([512.0, 0]), np.array([0, 512.0]))
    assert np.abs(sampled(photo, crop, 64)[8:-8, 8:-8].astype(int) - 127).max() <= 4


def test_beyond_the_edges_the_photo_is_reflected():
    photo = np.zeros((40, 40, 3), np.uint8)
    photo[:, :10] = 200
    crop = Crop(np.array([-8.0, 0.0]), np.array([40.0, 0]), np.array([0, 40.0]))
    found = sampled(Image.fromarray(photo), crop, 40)
    assert (found[:, :17] == 200).all() and (found[:, 20:] == 0).all()
    assert crop.inside(40, 40) == pytest.approx(0.8, abs=0.04)


def test_the_largest_face_is_taken():
    small, large = placed(0, 50, (300, 0)), placed(0, 200, (0, 0))
    assert largest([small, large]) is large
