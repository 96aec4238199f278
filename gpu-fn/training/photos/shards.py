"""The files of a dataset of photos, as text2mask/shard.ts writes them: data.py reads both.

A shard is `shard-NNNNNN.images` (uint8 [n,size,size,3]), `.masks` (uint8 coverage [n,18,mask_size,mask_size]) and
`.jsonl`, a line a portrait, written last: a shard with it is finished. `skipped.jsonl` lists the photos left out.
"""

import json
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from photos.portrait import Portrait, Skipped

VERSION = "photos-2"  # changes whenever a photo's pixels or masks would


def put(path: Path, content: bytes) -> None:
    """The file appears under its name only when it is complete."""
    draft = path.with_name(f"{path.name}.part")
    draft.write_bytes(content)
    draft.replace(path)


def lines(rows: Iterable[dict]) -> bytes:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()


def describe(folder: Path, layout: dict) -> None:
    """Writes dataset.json, or refuses a folder that was begun with other photos, sizes or parser."""
    path, content = folder / "dataset.json", json.dumps({"source": VERSION, **layout}, indent=1).encode() + b"\n"
    folder.mkdir(parents=True, exist_ok=True)
    if path.exists() and path.read_bytes() != content:
        raise ValueError(f"{path} belongs to another dataset: choose another folder or delete it")
    put(path, content)


def stem(folder: Path, index: int) -> Path:
    return folder / f"shard-{index:06d}"


def finished(folder: Path, index: int) -> bool:
    return stem(folder, index).with_suffix(".jsonl").exists()


def list_skipped(folder: Path, index: int, skipped: list[Skipped]) -> None:
    """Replaces this shard's lines in skipped.jsonl: a shard that is made again lists nothing twice."""
    path = folder / "skipped.jsonl"
    kept = [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []
    kept = [row for row in kept if row["shard"] != index]
    put(path, lines([*kept, *({"shard": index, "file": s.file, "reason": s.reason} for s in skipped)]))


def write_shard(folder: Path, index: int, found: Iterable[Portrait | Skipped]) -> None:
    portraits, skipped = [], []
    for one in found:
        (portraits if isinstance(one, Portrait) else skipped).append(one)
    path = stem(folder, index)
    put(path.with_suffix(".images"), b"".join(np.ascontiguousarray(p.image).tobytes() for p in portraits))
    put(path.with_suffix(".masks"), b"".join(np.ascontiguousarray(p.masks).tobytes() for p in portraits))
    list_skipped(folder, index, skipped)
    put(path.with_suffix(".jsonl"), lines(p.row for p in portraits))
