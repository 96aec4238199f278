"""Views of portraits: image, masks and the photo's edge move together; covers hide hair and skin alone."""

import json

import numpy as np
import pytest
import torch
from conftest import REGIONS
from photos import covers
from photos.portrait import Portrait
from photos.shards import describe, write_shard
from photos.views import Placed, Views, aligned, mixed, moved

SIZE, SIDE, FINE = 64, 32, 4  # pixels of a view, of its masks; a portrait's to them
HAIR, SKIN = REGIONS.index("hair"), REGIONS.index("skin")


def disc(side: int, x: float = 0.55, y: float = 0.45, radius: float = 0.12) -> np.ndarray:
    """uint8 [side,side]: 255 in a disc off the middle, drawn smoothly."""
    at = (np.arange(side) + 0.5) / side
    distance = np.hypot(at[None] - x, at[:, None] - y)
    return np.round(255 * np.clip((radius - distance) * side + 0.5, 0, 1)).astype(np.uint8)


@pytest.fixture
def views(scratch) -> Views:
    """One portrait at twice FFHQ's side whose photo ends at its left and right quarter; its image is its mask."""
    from data import Split
    image = np.repeat(disc(FINE * SIZE)[..., None], 3, 2)
    masks = np.repeat(disc(FINE * SIDE)[None], len(REGIONS), 0)
    row = {"file": "a.jpg", "photo": [50, 100], "crop": [[-25, 0], [75, 0], [75, 100], [-25, 100]]}
    describe(scratch / "data/photos", {"size": FINE * SIZE, "mask_size": FINE * SIDE, "scale": 2.0})
    write_shard(scratch / "data/photos", 0, [Portrait(image, masks, row)])
    return Views(Split("photos"), SIZE, SIDE)


def shade(images: torch.Tensor) -> torch.Tensor:
    """What the image says the mask is: [n,side,side] in 0..1."""
    return torch.nn.functional.avg_pool2d((images[:, 0] + 1) / 2, SIZE // SIDE)


def test_an_aligned_view_is_the_middle_of_the_portrait(views):
    images, truth, inside = views.at(np.zeros(1, int), aligned(1))
    assert images.shape == (1, 3, SIZE, SIZE) and truth.shape == (1, len(REGIONS), SIDE, SIDE)
    expected = torch.from_numpy(disc(SIDE, 0.6, 0.4, 0.24)).float() / 255
    assert (truth[0, 0] - expected).abs().mean() < 0.01
    assert inside.min() == 1  # FFHQ's square is the photo's whole width


def test_image_and_masks_move_together(views):
    torch.manual_seed(3)
    images, truth, _ = views.at(np.zeros(40, int), mixed(40))
    assert (shade(images) - truth[:, 0]).abs().mean() < 0.01
    assert truth[:, 0].amax((1, 2)).min() > 0.99  # the face never leaves the view
    middles = (truth[:, 0] * torch.arange(SIDE)).sum((1, 2)) / truth[:, 0].sum((1, 2))
    assert middles.std() > 3


def test_a_farther_view_sees_the_photos_border(views):
    far = Placed(torch.zeros(1), torch.full((1,), 2.0), torch.zeros(1, 2), torch.ones(1))
    _, _, inside = views.at(np.zeros(1, int), far)
    assert inside[0, 0, :, : SIDE // 4].max() == 0 and inside[0, 0, :, SIDE // 4: -SIDE // 4].min() == 1


def test_moved_views_stay_within_bounds_and_are_reproducible():
    one, again = (moved(500, torch.Generator().manual_seed(5)) for _ in range(2))
    assert torch.equal(one.roll, again.roll) and torch.equal(one.centre, again.centre)
    assert one.roll.abs().max() <= 25 and 20 < one.roll.max()
    assert 1 / 1.4 <= one.side.min() < 0.75 and 1.35 < one.side.max() <= 1 / 0.7 + 1e-6
    assert one.centre.abs().max() <= 0.22


def test_training_views_change_colour_within_bounds(views):
    torch.manual_seed(0)
    np.random.seed(0)
    images, truth, inside = views.draw(np.zeros(8, int))
    assert images.min() >= -1 and images.max() <= 1 and images.std((1, 2, 3)).min() > 0
    assert truth.min() >= 0 and truth.max() <= 1 + 1e-6 and set(inside.unique().tolist()) <= {0.0, 1.0}


def face() -> tuple[np.ndarray, np.ndarray]:
    """A portrait of one colour whose regions are boxes where a face has them."""
    masks = np.zeros((len(REGIONS), SIDE, SIDE), np.uint8)
    boxes = {"hair": (8, 4, 24, 12), "skin": (9, 8, 23, 28), "forehead": (10, 8, 22, 12), "eyebrows": (10, 12, 22, 14),
             "eyes": (10, 14, 22, 17), "face_shape": (9, 14, 23, 26)}
    for name, (left, top, right, bottom) in boxes.items():
        masks[REGIONS.index(name), top:bottom, left:right] = 255
    return np.full((SIZE, SIZE, 3), 128, np.uint8), masks


def test_a_cover_changes_the_image_and_hides_only_hair_and_skin():
    image, masks = face()
    np.random.seed(0)
    changed = hidden = 0
    for _ in range(60):
        painted, left = covers.covered(image, masks)
        changed += (painted != image).any()
        others = [index for index in range(len(REGIONS)) if index not in (HAIR, SKIN)]
        assert (left[others] == masks[others]).all() and (left[HAIR] <= masks[HAIR]).all()
        covered = np.repeat(np.repeat(left[HAIR] < masks[HAIR] / 2, 2, 0), 2, 1)
        if covered.any():
            hidden += 1
            assert (painted[covered] != 128).any(1).mean() > 0.9
    assert changed == 60 and hidden > 10


def test_a_portrait_without_a_face_stays_unchanged():
    image, masks = face()
    painted, left = covers.covered(image, np.zeros_like(masks))
    assert painted is image and left.max() == 0


def test_a_split_selects_the_photos(tmp_path):
    from argparse import Namespace
    from photos.build import listing
    for name in ("a.jpg", "b.jpg", "c.jpg"):
        (tmp_path / name).write_bytes(b"")
    split = tmp_path / "split.json"
    split.write_text(json.dumps({"images": [{"file": "a.jpg", "split": "train"}, {"file": "b.jpg", "split": "test"}]}))
    options = Namespace(photos=tmp_path, split=split, parts=["train", "val"], first=0, count=None)
    assert listing(options) == ["a.jpg"]
    options.parts = ["val"]
    with pytest.raises(ValueError, match="none of them selected"):
        listing(options)
