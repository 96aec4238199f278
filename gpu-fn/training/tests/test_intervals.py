"""No script leaves more than five minutes between its checkpoints."""

import ast
import inspect
from pathlib import Path

import pytest
from conftest import TRAINING

from run import Run

LONGEST = 300  # seconds
SIGNATURE = inspect.signature(Run)


def runs(path: Path) -> list[ast.Call]:
    """Calls of Run and of its subclasses in a script."""
    tree = ast.parse(path.read_text())
    names = {"Run"} | {node.name for node in ast.walk(tree) if isinstance(node, ast.ClassDef)
                       and any(isinstance(base, ast.Name) and base.id == "Run" for base in node.bases)}
    return [node for node in ast.walk(tree) if isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name) and node.func.id in names]


SCRIPTS = [path for path in sorted(TRAINING.glob("*.py")) if path.name != "run.py" and runs(path)]


def test_the_default_is_at_most_five_minutes():
    assert 0 < SIGNATURE.parameters["every"].default <= LONGEST


def test_every_training_script_is_checked():
    training = {path.name for path in TRAINING.glob("*.py") if "run.track(" in path.read_text()} - {"run.py"}
    assert training == {path.name for path in SCRIPTS}
    assert {"distil_text.py", "train_autoencoder.py", "train_pasl.py", "classifier.py", "flow.py", "guidance.py"} <= training


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.stem)
def test_no_script_sets_a_longer_interval(path: Path):
    for call in runs(path):
        given = SIGNATURE.bind_partial(*call.args, **{keyword.arg: keyword.value for keyword in call.keywords}).arguments
        assert "every" not in given or ast.literal_eval(given["every"]) <= LONGEST
