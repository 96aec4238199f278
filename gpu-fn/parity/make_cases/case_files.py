"""Writes cases in the layout of `npm run parity`: a configuration, inputs and outputs, weights."""

import json
import struct
from pathlib import Path

import torch

CASES = Path(__file__).parent.parent / "cases"
DTYPES = {torch.float32: "F32", torch.int32: "I32"}


def write_tensors(path, tensors):
    header, chunks, offset = {}, [], 0
    for name, tensor in sorted(tensors.items()):
        data = tensor.detach().contiguous().numpy().tobytes()
        span = [offset, offset + len(data)]
        header[name] = {"dtype": DTYPES[tensor.dtype], "shape": list(tensor.shape), "data_offsets": span}
        chunks.append(data)
        offset += len(data)
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    path.write_bytes(struct.pack("<Q", len(text)) + text + b"".join(chunks))


def write_case(name, config, io=None, **weights):
    folder = CASES / name
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config.json").write_text(json.dumps(config, indent=1) + "\n")
    if io:
        write_tensors(folder / "io.safetensors", io)
    for file, tensors in weights.items():
        write_tensors(folder / f"{file}.safetensors", tensors)
