"""Filters that draw attributes on photos: exact masks, the right place, nothing where the attribute is already."""

import cv2
import numpy as np
import pytest
from conftest import REGIONS
from drawn_face import portrait

from photos import mesh
from photos.filters import counterfactuals, makeup, skin
from photos.filters.canvas import SIDE
from photos.filters.catalogue import FILTERS, NAMES, applied, both, compatible
from photos.filters.counterfactuals import Drawn, View, row_of
from photos.filters.hair_colour import hair_colour

SHORT, LONG = portrait(), portrait(long=True)
PLACES = {  # x and y of what the mask must lie in, as shares
    "lips": ((0.33, 0.67), (0.55, 0.84)), "nose": ((0.3, 0.7), (0.4, 0.75)), "eyebrows": ((0.22, 0.78), (0.26, 0.55)),
    "eyeglasses": ((0.2, 0.8), (0.36, 0.66)), "pupils": ((0.33, 0.67), (0.45, 0.52)), "under_eyes": ((0.28, 0.72), (0.44, 0.62)),
    "beard": ((0.22, 0.78), (0.5, 1.0)), "cheeks": ((0.2, 0.8), (0.42, 0.75)),
}


def made(name: str, seed: int = 0):
    """(portrait, edit) of the first portrait that may get this attribute."""
    return next((p, edit) for p in (SHORT, LONG) if (edit := applied(p, name, seed)))


def changed(p, edit) -> np.ndarray:
    return (edit.image != p.image).any(-1)


@pytest.mark.parametrize("name", NAMES)
def test_no_bit_changes_outside_the_mask(name):
    p, edit = made(name)
    assert edit.image.dtype == edit.mask.dtype == np.uint8 and edit.image.shape == (SIDE, SIDE, 3)
    assert not changed(p, edit)[edit.mask == 0].any()
    assert changed(p, edit).sum() > 12 and (edit.mask > 0).mean() < 0.7


@pytest.mark.parametrize("name", NAMES)
def test_the_same_seed_gives_the_same_picture(name):
    p, edit = made(name)
    again = applied(p, name, 0)
    assert (again.image == edit.image).all() and (again.mask == edit.mask).all()


@pytest.mark.parametrize("name", ["eyeglasses", "sunglasses", "beard", "red_lipstick", "heavy_makeup", "blond_hair"])
def test_seeds_vary_shapes_and_colours(name):
    p, edit = made(name)
    assert any((applied(p, name, seed).image != edit.image).any() for seed in (1, 2, 3))


@pytest.mark.parametrize("name", ["eyeglasses", "sunglasses"])
def test_a_request_teaches_one_pair_of_glasses(name):
    first = applied(SHORT, name, 0, usual=True)
    assert all((applied(SHORT, name, seed, usual=True).image == first.image).all() for seed in (1, 2, 3))
    drawn = Drawn(SHORT, 3)
    assert (drawn.single(name, usual=True).image == first.image).all() and (drawn.single(name).image != first.image).any()
    lips = both(SHORT, "red_lipstick", name, 3, usual=(name,))
    assert (lips.image[first.mask > 0] == first.image[first.mask > 0]).all()


@pytest.mark.parametrize("name", [name for name in NAMES if FILTERS[name].region in PLACES])
def test_the_mask_lies_where_the_attribute_is_on_both_sides(name):
    (left, right), (top, low) = PLACES[FILTERS[name].region]
    edit = made(name)[1]
    y, x = np.nonzero(edit.mask > 25)
    assert left * SIDE <= x.min() and x.max() <= right * SIDE and top * SIDE <= y.min() and y.max() <= low * SIDE
    halves = (x < SIDE / 2).sum(), (x >= SIDE / 2).sum()
    assert min(halves) > 0.6 * max(halves)  # the face is symmetric


@pytest.mark.parametrize("name", [name for name in NAMES if name.endswith("_hair")])
def test_hair_colours_stay_in_the_hair(name):
    p, edit = made(name)
    near = cv2.dilate((p.hair > 0.05).astype(np.uint8), np.ones((9, 9)))
    assert edit.mask[near == 0].max() == 0 and (edit.mask[p.hair > 0.95] > 200).mean() > 0.9


def test_hair_colours_change_in_the_right_direction():
    for name, lighter in (("blond_hair", True), ("black_hair", False)):
        p, edit = made(name)
        inside = p.hair > 0.95
        assert (edit.image[inside].mean() > p.image[inside].mean()) == lighter
    p, edit = made("red_hair")
    red, _, blue = edit.image[p.hair > 0.95].mean(0)
    assert red > 2 * blue


def test_draws_no_glasses_over_glasses_and_nothing_on_brows_behind_them():
    worn = portrait(glasses=True)
    assert not any(applied(worn, name, 0) for name in ("eyeglasses", "sunglasses", "bushy_eyebrows", "arched_eyebrows", "big_eyes"))


def test_draws_no_beard_on_a_beard_or_below_long_hair():
    assert portrait(beard=True).bearded and not SHORT.bearded
    for name in ("beard", "goatee", "mustache", "stubble"):
        assert applied(SHORT, name, 0)
        assert applied(portrait(beard=True), name, 0) is None and applied(LONG, name, 0) is None


def test_gives_no_colour_that_the_hair_already_has():
    assert applied(portrait(hair=(26, 23, 25)), "black_hair", 0) is None
    assert applied(SHORT, "black_hair", 0)
    assert applied(portrait(lips=(178, 16, 30)), "red_lipstick", 0) is None and applied(SHORT, "red_lipstick", 0)


def test_draws_no_smile_on_a_smile_and_a_smile_lifts_the_corners():
    assert applied(portrait(smile=0.03), "smile", 0) is None
    p, edit = made("smile")
    corner = p.p[mesh.MOUTH_CORNERS[0]].round().astype(int)
    patch = (slice(corner[1] - 12, corner[1] + 13), slice(corner[0] - 8, corner[0] + 9))
    red = (p.image[patch].astype(int), edit.image[patch].astype(int))
    heights = [(np.arange(25)[:, None] * (c[..., 0] - c[..., 1] > 60)).sum() / (c[..., 0] - c[..., 1] > 60).sum() for c in red]
    assert heights[1] < heights[0] - 0.5


def test_draws_no_fringe_on_short_hair_and_no_bald_head_below_long_hair():
    assert applied(SHORT, "bangs", 0) is None and applied(LONG, "bangs", 0)
    assert applied(LONG, "bald", 0) is None and applied(SHORT, "bald", 0)


@pytest.mark.parametrize("draw", [lambda p, r, k: skin.skin_tone(p, r, k, "tan"), lambda p, r, k: makeup.lipstick(p, r, k, "dark"),
                                  lambda p, r, k: hair_colour(p, r, k, "blond"), FILTERS["wrinkles"].draw, FILTERS["big_nose"].draw])
def test_less_strength_changes_less(draw):
    change = [np.abs(draw(SHORT, np.random.default_rng(0), strength).image.astype(int) - SHORT.image).sum() for strength in (0.5, 1)]
    assert 0 < change[0] < 0.9 * change[1]


def test_two_attributes_at_once_both_show_and_are_in_the_mask():
    edit = both(SHORT, "red_hair", "sunglasses", 0)
    hair, glasses = applied(SHORT, "red_hair", 0), applied(SHORT, "sunglasses", 0)
    assert (edit.mask == np.maximum(hair.mask, glasses.mask)).all()
    assert not (edit.image != SHORT.image).any(-1)[edit.mask == 0].any()
    alone = (hair.mask > 0) & (glasses.mask == 0)
    assert (edit.image[alone] == hair.image[alone]).all()
    for x, y in SHORT.face.eyes * SIDE:
        assert edit.image[int(y) + 8, int(x)].mean() < 110 < SHORT.image[int(y) + 8, int(x)].mean()


def test_a_warp_moves_paint_too():
    edit = both(SHORT, "smile", "blue_eyes", 0)
    assert (edit.mask >= applied(SHORT, "smile", 0).mask).all()


def test_refuses_two_attributes_of_the_same_area():
    for a, b in (("red_hair", "blond_hair"), ("big_lips", "red_lipstick"), ("big_nose", "slim_face"), ("sunglasses", "heavy_makeup")):
        assert not compatible(a, b)
        with pytest.raises(ValueError, match="together"):
            both(SHORT, a, b, 0)


def row(removal: bool, view: View | None = None):
    random = np.random.default_rng(5)
    masks = np.zeros((len(REGIONS), 64, 64), np.uint8)
    return row_of(Drawn(SHORT, 5), random, dict.fromkeys(NAMES, 0), 5, removal, view or View(random, SIDE, plain=True), masks, 32)


def test_a_row_adds_attributes_one_by_one_and_two_at_once():
    found = row(removal=False)
    assert found.captions[0] == counterfactuals.SOURCE and found.images.shape == (6, SIDE, SIDE, 3)
    assert (found.images[0] == SHORT.image).all() and [len(names) for names in found.names] == [1, 1, 1, 1, 2]
    assert all(text.startswith("a person ") for text in found.captions[1:])


def test_the_truth_for_a_removed_attribute_is_the_photo():
    found = row(removal=True)
    assert found.names[0][0].startswith("no_") and ("without" in found.captions[1] or "no " in found.captions[1] or "clean" in found.captions[1])
    assert (found.images[1] == SHORT.image).all() and (found.images[0] != SHORT.image).any()


def test_pictures_and_masks_of_a_row_have_the_same_crop():
    view = View(np.random.default_rng(2), 128)
    mark = np.zeros((SIDE, SIDE, 3), np.uint8)
    cv2.circle(mark, (150, 110), 30, (255, 255, 255), -1)
    mask = cv2.resize(mark[..., 0], (64, 64), interpolation=cv2.INTER_AREA)[None]
    picture, coverage = view.image(mark)[..., 0] > 90, cv2.resize(view.masks(mask, 32)[0], (128, 128)) > 127
    assert (picture & coverage).sum() > 0.9 * (picture | coverage).sum() > 0
