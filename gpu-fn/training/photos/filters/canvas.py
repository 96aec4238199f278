"""Pictures as float arrays of SIDE × SIDE pixels: ramps, blurs, colour spaces, noise, and holes that are filled."""

import cv2
import numpy as np

SIDE = 256  # pixels a side of what filters draw on; warps read the photo at twice as many
Y, X = np.mgrid[0:SIDE, 0:SIDE].astype(np.float32) + 0.5  # centres of the pixels
LUMA = np.array([0.3, 0.59, 0.11], np.float32)

cv2.setNumThreads(1)


def ramp(x, low: float, high: float):
    """0 below `low`, 1 above `high`, smooth between."""
    t = np.clip((x - low) / (high - low), 0, 1)
    return t * t * (3 - 2 * t)


def fall(x, low: float, high: float):
    """1 below `low`, 0 above `high`."""
    return 1 - ramp(x, low, high)


def bump(x, centre: float, width: float):
    """A Gaussian of height 1."""
    return np.exp(-(((x - centre) / width) ** 2))


def spot(x: float, y: float, rx: float, ry: float) -> np.ndarray:
    """A Gaussian spot around (x,y), [SIDE,SIDE]."""
    return np.exp(-(((X - x) / rx) ** 2 + ((Y - y) / ry) ** 2))


def blur(x: np.ndarray, sigma: float) -> np.ndarray:
    return cv2.GaussianBlur(x, (0, 0), sigma) if sigma > 0.05 else x


def mix(a, b, share):
    """Blends a (`share` 0) and b (`share` 1)."""
    return a + (b - a) * (share[..., None] if np.ndim(share) == 2 and np.ndim(a) != 2 else share)


def lab(rgb: np.ndarray) -> np.ndarray:
    """RGB of 0 to 255 → CIE L*a*b*."""
    return cv2.cvtColor((rgb / 255).astype(np.float32), cv2.COLOR_RGB2LAB)


def rgb(values: np.ndarray) -> np.ndarray:
    """CIE L*a*b* → RGB of 0 to 255."""
    return np.clip(cv2.cvtColor(values.astype(np.float32), cv2.COLOR_LAB2RGB), 0, 1) * 255


def lab_of(colour) -> np.ndarray:
    """One colour [3]."""
    return lab(np.asarray(colour, np.float32)[None, None])[0, 0]


def white_noise(random: np.random.Generator) -> np.ndarray:
    return random.standard_normal((SIDE, SIDE)).astype(np.float32)


def noise(random: np.random.Generator, sigma: float) -> np.ndarray:
    """Smooth noise of deviation 1."""
    found = blur(white_noise(random), sigma)
    return found / (found.std() + 1e-6)


def local_mean(x: np.ndarray, weight: np.ndarray, sigma: float) -> tuple[np.ndarray, np.ndarray]:
    """(mean of x where `weight` is, as far as `sigma` reaches; how much of it there was)."""
    total = blur(weight, sigma)
    if x.ndim == 3:
        return blur(x * weight[..., None], sigma) / np.maximum(total, 1e-4)[..., None], total
    return blur(x * weight, sigma) / np.maximum(total, 1e-4), total


def continued(x: np.ndarray, known: np.ndarray) -> np.ndarray:
    """x [h,w,c] where `known` is 1, continued smoothly elsewhere by a push-pull pyramid."""
    if min(x.shape[:2]) <= 2:
        mean = (x * known[..., None]).sum((0, 1)) / (known.sum() + 1e-6)
        return np.where(known[..., None] > 0.01, x, mean).astype(np.float32)
    size = (x.shape[1] // 2, x.shape[0] // 2)
    share = cv2.resize(known, size, interpolation=cv2.INTER_AREA)
    half = cv2.resize(x * known[..., None], size, interpolation=cv2.INTER_AREA) / np.maximum(share, 1e-4)[..., None]
    low = continued(half.astype(np.float32), np.minimum(2 * share, 1))
    up = cv2.resize(low, (x.shape[1], x.shape[0]), interpolation=cv2.INTER_LINEAR)
    return mix(up, x, known)
