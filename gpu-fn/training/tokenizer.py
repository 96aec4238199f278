"""One tokenizer for both text towers: MiniLM's WordPiece with a pruned vocabulary.

Kept are all single characters (so every word tokenises), the most frequent whole words and
suffixes, and every word of the facial vocabulary and of the captions that the full vocabulary has.
"""

import json
import re
from pathlib import Path

from tokenizers import Tokenizer

PAD, UNKNOWN, BOS, EOS = range(4)
SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]"]  # EOS is 3: id 2 would mean CLIP's legacy end-of-text rule


def prune(full: Path, texts: list[str], size: int, length: int) -> tuple[dict, list[int]]:
    """A tokenizer.json of `size` tokens, padded to `length`, and each kept token's id in the full vocabulary."""
    described = json.loads(full.read_text())
    vocabulary: dict[str, int] = described["model"]["vocab"]
    ordered = sorted(vocabulary, key=vocabulary.get)
    words = {word for text in texts for word in re.findall(r"[a-z]+|[^a-z\s]", text.lower())}
    kept = dict.fromkeys(SPECIAL)
    kept.update(dict.fromkeys(t for t in ordered if re.fullmatch(r"(##)?[a-z0-9]|[!-/:-@\[-`{-~]", t)))
    kept.update(dict.fromkeys(t for t in ordered if t in words))
    plain = [t for t in ordered[1996:] if re.fullmatch(r"(##)?[a-z]+", t)]
    suffixes = [t for t in plain if t.startswith("##")][:1200]
    kept.update(dict.fromkeys(suffixes))
    for token in plain:
        if len(kept) >= size:
            break
        if not token.startswith("##"):
            kept[token] = None
    tokens = list(kept)
    described["model"]["vocab"] = {token: index for index, token in enumerate(tokens)}
    described["added_tokens"] = [{**token, "id": SPECIAL.index(token["content"])}
                                 for token in described["added_tokens"] if token["content"] in SPECIAL]
    for entry, index in (("[CLS]", BOS), ("[SEP]", EOS)):
        described["post_processor"]["special_tokens"][entry]["ids"] = [index]
    described["truncation"]["max_length"] = length
    described["padding"]["strategy"] = {"Fixed": length}
    described["padding"]["pad_id"] = PAD
    return described, [vocabulary[token] for token in tokens]


def load(path: Path) -> Tokenizer:
    return Tokenizer.from_file(str(path))


def encode(tokenizer: Tokenizer, texts: list[str]):
    """Token ids int64 [n, length]: [CLS] words [SEP] then padding; longer texts keep their [SEP]."""
    import torch
    return torch.tensor([encoded.ids for encoded in tokenizer.encode_batch(texts)])
