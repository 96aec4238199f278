"""What the benchmark's classifier names: an attribute's yes or no in a portrait, and whether it can be seen there.

None where hats, hair, beards or dark lenses hide it, or where a continuous value lies between yes and no: such
portraits neither teach the attribute nor count in its accuracy.
"""

import torch

HAIR = ["none", "black", "brown", "blond", "red", "gray", "white", "blue", "pink", "purple", "green"]


def tone(a: dict, low: float, high: float, margin: float = 0.1) -> bool | None:
    """Whether the skin's tone (0 pale … 1 deep) is from `low` to `high`; None within `margin` outside of them."""
    if low <= a["skinTone"] <= high:
        return True
    return None if low - margin < a["skinTone"] < high + margin else False


def where(seen: bool, answer: bool) -> bool | None:
    return answer if seen else None


def head(a: dict) -> bool:
    return a["hat"] == "none"


def eyes(a: dict) -> bool:
    return a["eyewear"] != "sunglasses"


def brows(a: dict) -> bool:
    return eyes(a) and a["bangs"] == "none"


def chin(a: dict) -> bool:
    return a["beard"] in ("none", "mustache")


BINARY = {
    "beard": lambda a: a["beard"] == "full",
    "eyeglasses": lambda a: a["eyewear"] != "none",
    "bangs": lambda a: a["bangs"] != "none",
    "lipstick": lambda a: a["lipstick"] != "none",
    "smile": lambda a: a["expression"] == "smile",
    "sad": lambda a: a["expression"] == "sad",
    "goatee": lambda a: a["beard"] == "goatee",
    "mustache": lambda a: a["beard"] == "mustache",
    "sunglasses": lambda a: a["eyewear"] == "sunglasses",
    "rosy_cheeks": lambda a: a["cheeks"] == "rosy",
    "bushy_eyebrows": lambda a: where(brows(a), a["eyebrows"] == "bushy"),
    "arched_eyebrows": lambda a: where(brows(a), a["eyebrows"] == "arched"),
    "big_nose": lambda a: a["nose"] == "big",
    "pointy_nose": lambda a: a["nose"] == "pointy",
    "big_lips": lambda a: a["lips"] == "big",
    "closed_eyes": lambda a: where(eyes(a), a["eyes"] == "closed"),
    "open_mouth": lambda a: where(a["expression"] != "smile", a["mouth"] == "open"),
    "pale_skin": lambda a: tone(a, 0.0, 0.14),
    "tan_skin": lambda a: tone(a, 0.46, 0.62),
    "dark_skin": lambda a: tone(a, 0.76, 1.0),
    "heavy_makeup": lambda a: where(eyes(a), a["makeup"] == "heavy"),
    "bags_under_eyes": lambda a: where(eyes(a), a["underEyes"] == "bags"),
    "receding_hairline": lambda a: where(
        head(a) and a["hairStyle"] != "bald" and a["bangs"] == "none", a["hairline"] == "receding"),
    "double_chin": lambda a: where(chin(a), a["doubleChin"] == "double"),
    "bald": lambda a: where(head(a), a["hairStyle"] == "bald"),
    "wrinkles": lambda a: where(head(a) and a["bangs"] == "none", a["wrinkles"] == "forehead"),
    "man": lambda a: a["gender"] == "man",
}


def hair(a: dict) -> str:
    """Hair colour as seen; bald and covered heads have none, dark brown counts as brown."""
    if a["hairStyle"] == "bald" or not head(a):
        return "none"
    return {"dark brown": "brown"}.get(a["hairColor"], a["hairColor"])


UNKNOWN = -100  # hair class that is not judged
IMPLIED = {"sunglasses": ("eyeglasses",), **{f"{colour}_lipstick": ("lipstick",) for colour in ("red", "pink", "dark")}}
# What a drawn attribute leaves open about others: hidden, or near to them.
OPEN = {"beard": ("goatee", "mustache", "double_chin"), "goatee": ("beard", "mustache"), "mustache": ("beard", "goatee"),
        "stubble": ("beard", "goatee", "mustache"), "heavy_makeup": ("lipstick", "rosy_cheeks", "bushy_eyebrows"),
        "sunglasses": ("heavy_makeup", "bags_under_eyes", "bushy_eyebrows", "arched_eyebrows"), "smile": ("big_lips",),
        "big_lips": ("smile",), "bangs": ("wrinkles", "bald"), "bald": ("bangs",)}


def photo_labels(row: dict) -> tuple[torch.Tensor, torch.Tensor]:
    """(yes 1, no 0, unknown -1: float [1+k, attributes]; hair class or UNKNOWN [1+k]) of a row of photos/filters/build.py.

    A filter draws nothing that is there already: so the photo lacks whatever its row draws, and nothing else is known.
    """
    drawn = [[], *([name for name in edit["names"] if not name.startswith("no_")] for edit in row["edits"])]
    taken = [name.removeprefix("no_") for edit in row["edits"] for name in edit["names"] if name.startswith("no_")]
    shown = [names if any(name.startswith("no_") for name in asked) else [*names, *taken]
             for names, asked in zip(drawn, [[], *(edit["names"] for edit in row["edits"])])]
    every = {name for names in shown for name in names}
    known = {part for name in every for part in (name, *IMPLIED.get(name, ()))} & BINARY.keys()
    yes = torch.full((len(shown), len(BINARY)), -1.0)
    colours = torch.full((len(shown),), UNKNOWN)
    for i, names in enumerate(shown):
        there = {part for name in names for part in (name, *IMPLIED.get(name, ()))}
        hidden = {part for name in names for part in OPEN.get(name, ())} - there
        for j, name in enumerate(BINARY):
            if name in known and name not in hidden:
                yes[i, j] = float(name in there)
        for name in names:
            if name.removesuffix("_hair") in HAIR:
                colours[i] = HAIR.index(name.removesuffix("_hair"))
            elif name == "bald":
                colours[i] = HAIR.index("none")
    return yes, colours


def labels(portraits: list[dict]) -> tuple[torch.Tensor, torch.Tensor]:
    """(yes 1, no 0 or unseen −1: float [n, attributes]; hair class [n])"""
    def number(answer: bool | None) -> float:
        return -1.0 if answer is None else float(answer)
    return (torch.tensor([[number(test(a)) for test in BINARY.values()] for a in portraits]),
            torch.tensor([HAIR.index(hair(a)) for a in portraits]))
