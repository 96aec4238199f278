"""Glasses, hats and hands drawn over a portrait, so that regions are found under what covers them.

Hair and skin are what is seen: a cover takes them away (a hand of the person's own colour is skin). All other regions
stay where they are.
"""

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from data import REGIONS

HAIR, SKIN, FOREHEAD, BROWS, EYES, FACE, GLASSES = (
    REGIONS.index(name) for name in ("hair", "skin", "forehead", "eyebrows", "eyes", "face_shape", "eyeglasses"))


def box(mask: np.ndarray) -> tuple[float, float, float, float] | None:
    """Left, top, right and bottom of where a mask is more than half, as shares of its side."""
    y, x = np.nonzero(mask > 127)
    return None if len(x) == 0 else tuple(np.array([x.min(), y.min(), x.max() + 1, y.max() + 1]) / len(mask))


def textured(size: int, colour: np.ndarray) -> np.ndarray:
    """A surface of one colour with shading and weave, float [size,size,3]."""
    coarse = np.random.randn(8, 8) * np.random.uniform(3, 25)
    shade = np.asarray(Image.fromarray(coarse.astype(np.float32)).resize((size, size), Image.Resampling.BICUBIC))
    return np.clip(colour + shade[..., None] + np.random.randn(size, size, 1) * np.random.uniform(0, 10), 0, 255)


def drawn(size: int, draw_on) -> np.ndarray:
    """Coverage float [size,size] of what a function draws; it gets the canvas's side."""
    canvas = Image.new("L", (2 * size, 2 * size))
    draw_on(ImageDraw.Draw(canvas), 2 * size)
    return np.asarray(canvas.resize((size, size), Image.Resampling.BOX), np.float32) / 255


def hat(forehead: tuple, hair: tuple, brow: float):
    left, top, right, _ = forehead
    wide, middle = (right - left) * np.random.uniform(1.05, 1.35), (left + right) / 2
    low = top + (brow - top) * np.random.uniform(0.1, 0.85)
    high = min(hair[1], top) - np.random.uniform(0, 0.35) * wide
    brim, thick = np.random.uniform(0, 0.5) * wide, np.random.uniform(0.03, 0.12) * wide

    def draw_on(draw: ImageDraw.ImageDraw, side: int) -> None:
        x0, x1, y0, y1 = (round(v * side) for v in (middle - wide / 2, middle + wide / 2, high, low))
        draw.rounded_rectangle((x0, y0, x1, max(y1, y0 + 2)), radius=max(1, (x1 - x0) * np.random.uniform(0.15, 0.45)), fill=255)
        draw.rectangle((x0, (y0 + y1) // 2, x1, max(y1, y0 + 2)), fill=255)
        if brim > 0.1 * wide:
            draw.ellipse((x0 - brim * side, y1 - thick * side, x1 + brim * side, y1 + thick * side), fill=255)
    return draw_on


def hand(face: tuple):
    left, top, right, bottom = face
    unit = (right - left) * np.random.uniform(0.1, 0.16)  # a finger's width
    x, y = np.random.uniform(left - unit, right + unit), np.random.uniform(top, bottom + 2 * unit)
    angle, fingers = np.random.uniform(0, 2 * np.pi), np.random.randint(1, 5)
    along, across = np.array([np.cos(angle), np.sin(angle)]), np.array([-np.sin(angle), np.cos(angle)])

    def draw_on(draw: ImageDraw.ImageDraw, side: int) -> None:
        for finger in range(fingers):
            start = np.array([x, y]) + across * unit * 1.05 * (finger - fingers / 2)
            end = start + along * unit * np.random.uniform(3, 5)
            draw.line([*(start * side), *(end * side)], fill=255, width=max(1, round(unit * side)))
            for cx, cy in (start * side, end * side):
                draw.ellipse((cx - unit * side / 2, cy - unit * side / 2, cx + unit * side / 2, cy + unit * side / 2), fill=255)
        if fingers > 2:
            cx, cy = (np.array([x, y]) - along * unit) * side
            draw.ellipse((cx - 2.2 * unit * side, cy - 2.2 * unit * side, cx + 2.2 * unit * side, cy + 2.2 * unit * side), fill=255)
    return draw_on


def glasses(eyes: tuple):
    """(lenses, frames) around both eyes, whose region spans `eyes`."""
    left, top, right, bottom = eyes
    width, y = (right - left) * np.random.uniform(0.4, 0.56), (top + bottom) / 2 + (bottom - top) * np.random.uniform(-0.1, 0.3)
    height, rim = width * np.random.uniform(0.55, 0.95), width * np.random.uniform(0.02, 0.1)
    centres, round_, spread = ((left * 0.75 + right * 0.25), (left * 0.25 + right * 0.75)), np.random.uniform(0.15, 0.5), np.random.uniform(1.15, 1.6)

    def draw_on(draw: ImageDraw.ImageDraw, side: int, frames: bool) -> None:
        pen = max(1, round(rim * side)) if frames else 0
        for x in centres:
            corners = ((x - width / 2) * side, (y - height / 2) * side, (x + width / 2) * side, (y + height / 2) * side)
            draw.rounded_rectangle(corners, radius=round_ * height * side, fill=None if frames else 255, outline=255, width=max(pen, 1))
        if frames:
            draw.line((*(np.array([centres[0] + width / 2, y]) * side), *(np.array([centres[1] - width / 2, y]) * side)), fill=255, width=pen)
            for x, way in zip(centres, (-1, 1)):
                start = np.array([x + way * width / 2, y - height / 4])
                draw.line((*(start * side), *((start + (way * width * (spread - 1), 0)) * side)), fill=255, width=pen)
    return (lambda draw, side: draw_on(draw, side, False)), (lambda draw, side: draw_on(draw, side, True))


def over(image: np.ndarray, coverage: np.ndarray, surface: np.ndarray) -> np.ndarray:
    return image + (surface - image) * coverage[..., None]


def covered(image: np.ndarray, masks: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """uint8 [s,s,3] and coverage uint8 [regions,m,m] with a pair of glasses, a hat or a hand over them."""
    size, side = len(image), masks.shape[-1]
    painted, masks = image.astype(np.float32), masks.copy()
    forehead, hair, brows, eyes, face = (box(masks[r]) for r in (FOREHEAD, HAIR, BROWS, EYES, FACE))
    if forehead is None or brows is None or eyes is None or face is None:
        return image, masks
    kind = np.random.choice(["glasses", "hat", "hand"], p=[0.45, 0.3, 0.25])
    state = np.random.get_state()

    def again(shape, pixels: int) -> np.ndarray:
        np.random.set_state(state)  # the same shape at both sizes
        return drawn(pixels, shape)

    if kind == "glasses":
        lenses, frames = glasses(eyes)
        tint, dark = np.random.uniform(0, 120, 3), np.random.choice([np.random.uniform(0, 0.25), np.random.uniform(0.6, 0.97)])
        painted = over(painted, dark * drawn(size, lenses), textured(size, tint))
        painted = over(painted, drawn(size, frames) * np.random.uniform(0.6, 1), textured(size, np.random.uniform(0, 160, 3)))
    else:
        shape = hat(forehead, hair or forehead, brows[1]) if kind == "hat" else hand(face)
        state = np.random.get_state()
        at, on_grid = again(shape, size), again(shape, side)
        own = kind == "hand" and np.random.rand() < 0.8
        seen = np.asarray(Image.fromarray(masks[SKIN]).resize((size, size))) > 127
        colour = np.median(image[seen], 0) * np.random.uniform(0.8, 1.1) if own and seen.any() else np.random.uniform(0, 255, 3)
        soft = np.asarray(Image.fromarray((255 * at).astype(np.uint8)).filter(ImageFilter.GaussianBlur(1)), np.float32) / 255
        painted = over(painted, soft, textured(size, colour))
        masks[HAIR] = np.round(masks[HAIR] * (1 - on_grid))
        masks[SKIN] = np.round(masks[SKIN] * (1 - on_grid) + 255 * on_grid * own)
    return np.clip(np.round(painted), 0, 255).astype(np.uint8), masks
