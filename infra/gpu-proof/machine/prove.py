"""FLUX.1-dev on one GPU: random weights, PyTorch's references, then the project's figures.

    python prove.py [--device cpu] [--manifest FILE] [--minutes 9] [--out FOLDER]

For a machine with Python 3.12 and torch of CUDA 13, and both archives of `npm run gpu-proof:pack` unpacked in one folder,
this file among them. Nothing is downloaded. Ends with 1 where an error is too large or the time is over.
"""

import argparse
import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[2]

# Weights, and what PyTorch and ONNX Runtime read of them at once.
ROOM = 40e9


def libraries() -> str:
    """LD_LIBRARY_PATH: the CUDA libraries that torch contains, those that it lacks, then what was set: perhaps the driver's."""
    spec = importlib.util.find_spec("nvidia")
    found = [str(path) for place in (spec.submodule_search_locations if spec else []) for path in Path(place).glob("*/lib")]
    return ":".join([*found, str(ROOT / "lib"), *filter(None, [os.environ.get("LD_LIBRARY_PATH")])])


def roomy(least: float) -> str | None:
    """A folder in memory, otherwise wherever there is room."""
    places = [place for place in ("/dev/shm", tempfile.gettempdir(), str(ROOT))
              if os.path.isdir(place) and shutil.disk_usage(place).free > least]
    return places[0] if places else None


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--device", choices=("cuda", "cpu"), default="cuda")
    parser.add_argument("--manifest", type=Path, default=ROOT / "gpu-fn/models/flux-dev/manifest.json")
    parser.add_argument("--minutes", type=float, default=9, help="time limit for everything")
    parser.add_argument("--out", type=Path, help="folder for the picture")
    options = parser.parse_args()
    start = time.time()
    deadline = start + 60 * options.minutes
    place = roomy(ROOM if options.device == "cuda" else 1e9)
    if place is None:
        print(f"error: no folder has {ROOM / 1e9:.0f} GB", file=sys.stderr)
        return 1
    # float32 stays float32
    environment = os.environ | {"LD_LIBRARY_PATH": libraries(), "NVIDIA_TF32_OVERRIDE": "0"}
    node = [str(ROOT / "bin/node"), str(HERE / "prove.ts")]
    with tempfile.TemporaryDirectory(prefix="gpu-proof-", dir=place) as folder:
        steps = [
            ("random weights", [*node, "weights", str(options.manifest), folder]),
            ("references", [sys.executable, str(HERE / "references.py"), folder, options.device]),
            ("figures", [*node, "figures", folder, options.device, str(int(1000 * deadline))]),
        ]
        failed = False
        for name, command in steps:
            # torch finds its own libraries
            env = os.environ if command[0] == sys.executable else environment
            try:
                status = subprocess.run(command, env=env, timeout=max(1, deadline + 30 - time.time())).returncode
            except subprocess.TimeoutExpired:
                status = 1
                print(f"{name}: the time is over", flush=True)
            print(f"-- {name}: {time.time() - start:.0f} s from the start", flush=True)
            failed = failed or status != 0
            if status != 0 and name != "figures":
                break
        picture = Path(folder, "edited.png")
        if options.out and picture.exists():
            shutil.copy(picture, options.out)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
