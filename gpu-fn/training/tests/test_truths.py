"""Counterfactuals to judge by: several attributes at once, and the crop's place in the photo."""

import numpy as np
import pytest

from photos.filters.catalogue import applied
from photos.filters.truths import all_of, five
from test_filters import SHORT


def test_one_attribute_is_the_filter_itself():
    single, edit = applied(SHORT, "beard", 3), all_of(SHORT, ["beard"], 3)
    assert (edit.image == single.image).all() and (edit.mask == single.mask).all()


def test_three_attributes_at_once_all_show_and_change_nothing_else():
    names = ["bushy_eyebrows", "red_lipstick", "black_hair"]
    edit = all_of(SHORT, names, 1)
    assert (edit.image[edit.mask == 0] == SHORT.image[edit.mask == 0]).all()
    for name in names:
        own = applied(SHORT, name, 1).mask > 128
        assert (edit.mask[own] > 0).mean() > 0.95, name
        assert (edit.image[own] != SHORT.image[own]).any(-1).mean() > 0.5, name


def test_incompatible_attributes_are_refused_or_left_out():
    with pytest.raises(ValueError, match="cannot be drawn together"):
        all_of(SHORT, ["beard", "goatee"], 0)
    assert all_of(SHORT, ["beard", "bangs"], 0) is None  # no fringe on short hair


def test_five_points_go_from_the_left_eye_to_the_right_corner_of_the_mouth():
    left, right, nose, mouth_left, mouth_right = five(SHORT.landmarks * 100)
    assert left[0] < nose[0] < right[0] and mouth_left[0] < mouth_right[0]
    assert left[1] < nose[1] < mouth_left[1]
