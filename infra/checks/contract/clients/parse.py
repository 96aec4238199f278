"""Parses files of Swift and Kotlin by their grammars: `parse.py FILE…`, a line for each; 1 if one has an error."""

import sys
from pathlib import Path

import tree_sitter_kotlin
import tree_sitter_swift
from tree_sitter import Language, Parser

GRAMMARS = {".swift": Language(tree_sitter_swift.language()), ".kt": Language(tree_sitter_kotlin.language())}


def faults(node):
    """Lines of what the grammar does not know."""
    if node.is_missing or node.type == "ERROR":
        yield node.start_point[0] + 1
    for child in node.children:
        yield from faults(child)


failed = False
for name in sys.argv[1:]:
    path = Path(name)
    tree = Parser(GRAMMARS[path.suffix]).parse(path.read_bytes())
    lines = sorted(set(faults(tree.root_node)))
    failed = failed or bool(lines)
    if lines:
        print(f"{path.name}: not parsed at lines {lines}")
print(f"{len(sys.argv) - 1} files parsed")
sys.exit(failed)
