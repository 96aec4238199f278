"""`.safetensors` files without the package of that name, and without NumPy, which torch does not bring along:
https://huggingface.co/docs/safetensors"""

import ctypes
import json
import struct
from pathlib import Path

import torch

TYPES = {"BF16": torch.bfloat16, "F32": torch.float32, "I32": torch.int32}
NAMES = {kind: name for name, kind in TYPES.items()}


def load(*paths: Path) -> dict[str, torch.Tensor]:
    """All tensors of some files, mapped: bytes are read when they are copied elsewhere."""
    tensors = {}
    for path in paths:
        with path.open("rb") as file:
            (length,) = struct.unpack("<Q", file.read(8))
            header = json.loads(file.read(length))
        whole = torch.from_file(str(path), shared=False, size=path.stat().st_size, dtype=torch.uint8)
        for name, entry in header.items():
            start, end = (8 + length + offset for offset in entry["data_offsets"])
            tensors[name] = whole[start:end].view(TYPES[entry["dtype"]]).view(entry["shape"])
    return tensors


def save(tensors: dict[str, torch.Tensor], path: Path) -> None:
    header, at, chunks = {}, 0, []
    for name, tensor in tensors.items():
        stored = tensor.detach().cpu().contiguous()
        chunk = ctypes.string_at(stored.data_ptr(), stored.nbytes)
        header[name] = {
            "dtype": NAMES[tensor.dtype], "shape": list(tensor.shape), "data_offsets": [at, at + len(chunk)],
        }  # fmt: skip
        chunks.append(chunk)
        at += len(chunk)
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    path.write_bytes(struct.pack("<Q", len(text)) + text + b"".join(chunks))
