"""Acts as Modal in a local container: enters the class of infra/deploy/modal/modal_app.py and exits it on a line of input.

Each reload of the volume, the server's start and its end are a line of JSON. With RELOAD_FAILS=N, the Nth reload fails.
"""

import json
import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "infra/deploy/modal"))

import modal_app  # noqa: E402

modal_app.APP = str(ROOT)


class Volume:
    reloads = 0

    def reload(self):
        self.reloads += 1
        fails = self.reloads == int(os.environ.get("RELOAD_FAILS", "0"))
        print(json.dumps({"reloaded": not fails}), flush=True)
        if fails:
            raise RuntimeError("the volume is away")


modal_app.weights = Volume()
gpu = modal_app.Gpu._get_user_cls()()
gpu.start()
print(json.dumps({"pid": gpu.server.pid}), flush=True)
sys.stdin.readline()
gpu.stop()
print(json.dumps({"pid": gpu.server.pid, "ended": gpu.server.returncode}), flush=True)
