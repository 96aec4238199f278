"""All filters by name: what a request calls them, which area they claim, in which order they are painted.

Left out, since drawing could not make them believable on photos: an open mouth (teeth), a double chin (faint), a receding
hairline (ragged), fringes on short hair, beards below long hair, and a bald head before a busy background.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

import numpy as np

from photos.filters import age, baldness, bangs, brows, expression, eyes, eyewear, facial_hair, hair_colour, makeup, shapes, skin
from photos.filters.edit import Edit
from photos.filters.portrait import Portrait

LEAST_PIXELS = 12  # that an edit must touch
AREAS = {"eyeglasses": "eyes", "pupils": "eyes", "under_eyes": "eyes", "expression": "lips"}
PAINT, WARP, OVER = range(3)  # a warp carries along what is painted before it; frames lie over everything


@dataclass(frozen=True)
class Filter:
    """`draw(portrait, random, strength)`; `words` follow "a person"; `region` is PASL's; `without` names the photo beside
    its filtered copy; `usual` draws what a request teaches, where `draw` has styles that no word tells apart."""

    draw: Callable[[Portrait, np.random.Generator, float], Edit | None]
    words: tuple[str, ...]
    region: str
    order: int = PAINT
    without: tuple[str, ...] = field(default=())
    weakest: float = 0.75
    usual: Callable[[Portrait, np.random.Generator, float], Edit | None] | None = None

    @property
    def area(self) -> str:
        """What two attributes can't both claim."""
        return AREAS.get(self.region, self.region)


def colours(family, names: tuple[str, ...], words: Callable[[str], tuple[str, ...]], region: str, suffix: str, **more) -> dict:
    return {f"{name}_{suffix}": Filter(partial(family, name=name), words(name), region, **more) for name in names}


NO_GLASSES = ("without glasses", "with no glasses")
FILTERS: dict[str, Filter] = {
    **colours(hair_colour.hair_colour, tuple(hair_colour.RAMPS), lambda c: (f"with {c} hair",), "hair", "hair", weakest=0.9),
    "bangs": Filter(bangs.bangs, ("with bangs",), "forehead", without=("without bangs",)),
    "bald": Filter(baldness.bald, ("with a bald head",), "hair"),
    **colours(makeup.lipstick, tuple(makeup.LIPSTICKS), lambda c: (f"wearing {c} lipstick", f"with {c} lipstick"), "lips", "lipstick",
              without=("without lipstick",)),
    "heavy_makeup": Filter(makeup.heavy_makeup, ("with heavy makeup", "wearing heavy makeup"), "makeup",
                           without=("without makeup", "with no makeup")),
    "rosy_cheeks": Filter(skin.rosy_cheeks, ("with rosy cheeks",), "cheeks"),
    **colours(skin.skin_tone, ("pale", "tan"), lambda c: (f"with {c} skin",), "skin", "skin"),
    "eyeglasses": Filter(partial(eyewear.eyewear, dark=False), ("wearing glasses", "wearing eyeglasses"), "eyeglasses", OVER, NO_GLASSES,
                         usual=partial(eyewear.eyewear, dark=False, usual=True)),
    "sunglasses": Filter(partial(eyewear.eyewear, dark=True), ("wearing sunglasses",), "eyeglasses", OVER, ("without sunglasses", *NO_GLASSES),
                         usual=partial(eyewear.eyewear, dark=True, usual=True)),
    "beard": Filter(partial(facial_hair.facial_hair, name="beard"), ("with a full beard", "with a beard"), "beard",
                    without=("without a beard", "with a clean-shaven face")),
    "goatee": Filter(partial(facial_hair.facial_hair, name="goatee"), ("with a goatee",), "beard", without=("with a clean-shaven face",)),
    "mustache": Filter(partial(facial_hair.facial_hair, name="mustache"), ("with a mustache",), "beard",
                       without=("without a mustache", "with a clean-shaven face")),
    "stubble": Filter(partial(facial_hair.facial_hair, name="stubble"), ("with stubble",), "beard", without=("with a clean-shaven face",)),
    "bushy_eyebrows": Filter(brows.bushy, ("with bushy eyebrows", "with thick eyebrows"), "eyebrows"),
    "arched_eyebrows": Filter(brows.arched, ("with arched eyebrows",), "eyebrows", WARP),
    "big_lips": Filter(shapes.big_lips, ("with big lips", "with full lips"), "lips", WARP),
    "big_nose": Filter(shapes.big_nose, ("with a big nose",), "nose", WARP),
    "pointy_nose": Filter(shapes.pointy_nose, ("with a pointy nose",), "nose", WARP),
    "big_eyes": Filter(shapes.big_eyes, ("with big eyes",), "eyes", WARP),
    "slim_face": Filter(shapes.slim_face, ("with a slim face",), "face_shape", WARP),
    "chubby": Filter(shapes.chubby, ("with a chubby face",), "face_shape", WARP),
    "smile": Filter(expression.smile, ("smiling", "with a smile"), "expression", WARP),
    "bags_under_eyes": Filter(age.bags, ("with bags under the eyes",), "under_eyes"),
    "wrinkles": Filter(age.wrinkles, ("with wrinkles",), "skin", without=("without wrinkles",)),
    **colours(eyes.eye_colour, tuple(eyes.COLOURS), lambda c: (f"with {c} eyes",), "pupils", "eyes", weakest=1.0),
}
NAMES = tuple(FILTERS)


def applied(p: Portrait, name: str, seed: int, usual: bool = False) -> Edit | None:
    """The photo with this attribute, reproducible by seed; None if it makes no sense or is already present."""
    random = np.random.default_rng([seed, NAMES.index(name)])
    chosen = FILTERS[name]
    draw = chosen.usual if usual and chosen.usual else chosen.draw
    edit = draw(p, random, random.uniform(chosen.weakest, 1))
    return edit if edit and (edit.mask > 0).sum() >= LEAST_PIXELS else None


def compatible(a: str, b: str) -> bool:
    """Whether both can be seen on one face: of different areas, at most one warp, and no paint below dark glasses."""
    first, second = FILTERS[a], FILTERS[b]
    hidden = "sunglasses" in (a, b) and {first.area, second.area} & {"eyebrows", "makeup"}
    return first.area != second.area and not (first.order == second.order == WARP) and not hidden


def both(p: Portrait, a: str, b: str, seed: int, usual: tuple[str, ...] = ()) -> Edit | None:
    """Two attributes at once, those of `usual` as a request teaches them; the mask is the union."""
    if not compatible(a, b):
        raise ValueError(f"{a} and {b} cannot be drawn together")
    a, b = sorted((a, b), key=lambda name: FILTERS[name].order)
    first = applied(p, a, seed, a in usual)
    second = first and applied(p.painted(first.image), b, seed, b in usual)
    if not second:
        return None
    mask = np.maximum(first.mask, second.mask)
    image = np.where((mask > 0)[..., None], second.image, p.image)
    return Edit(image, mask)
