"""The GPU function on Modal: `npm run deploy:gpu`; see infra/README.md. Its knobs come from the environment of the deploy."""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import modal

MODEL = os.environ.get("GPU_MODEL", "flux-dev")
GPU = os.environ.get("GPU_TYPE", "H100")
SCALEDOWN_SECONDS = int(os.environ.get("GPU_SCALEDOWN_SECONDS", "300"))
MIN_CONTAINERS = int(os.environ.get("GPU_MIN_CONTAINERS", "0"))
MAX_CONTAINERS = int(os.environ.get("GPU_MAX_CONTAINERS", "1"))

APP_FILE = "infra/deploy/modal/modal_app.py"
APP, PACKAGES, POLICIES, WEIGHTS, PORT = "/app", "/opt/cuda", "/opt/moderation", "/weights", 8000
# in a container, this file is alone
ROOT = Path(__file__).resolve().parents[3] if modal.is_local() else Path(APP)
MANIFEST = f"{WEIGHTS}/{MODEL}/manifest.json"
# Modal's own defaults are an eighth of a core and 128 MiB. Policies and pictures use the processor; weights read from the
# volume stay in the machine's memory.
CORES, MEMORY_MIB = 4, 32 * 1024
# Seconds before an ended server is restarted; they double each time, until a server has run for an hour.
RESTART_SECONDS, RESTART_SECONDS_MAX, STEADY_SECONDS = 1, 60, 3600
MODERATION = ["MODERATION_OFF", "MODERATION_THRESHOLDS", "MODERATION_NO_FACE"]
LIBRARIES = f"{PACKAGES}/nvidia/cu13/lib:{PACKAGES}/nvidia/cudnn/lib"
SERVER = {
    "HOST": "0.0.0.0",
    "PORT": str(PORT),
    "DEVICE": "cuda",
    "MODEL_MANIFEST": MANIFEST,
    "THREADS": str(CORES),
    # float32 is float32: text encoders, autoencoder and embedders are small, and what they round stays in the picture
    "NVIDIA_TF32_OVERRIDE": "0",
    "LD_LIBRARY_PATH": LIBRARIES,
    "MODERATION_WEIGHTS": POLICIES,
    **{name: os.environ[name] for name in MODERATION if name in os.environ},
}

image = (
    modal.Image.from_registry("node:22.23.3-bookworm-slim", add_python="3.12")
    .workdir(APP)
    .add_local_file(ROOT / "infra/deploy/docker/cuda-requirements.txt", f"{APP}/cuda-requirements.txt", copy=True)
    .run_commands(
        f"python -m pip install --no-cache-dir --no-deps --require-hashes --target {PACKAGES} -r cuda-requirements.txt"
    )
    .add_local_file(
        ROOT / "gpu-fn/src/moderation/requirements.txt", f"{APP}/moderation-requirements.txt", copy=True
    )
    .run_commands(
        f"python -m pip install --no-cache-dir --no-deps --require-hashes --target {POLICIES} -r moderation-requirements.txt"
    )
    .add_local_file(ROOT / "package.json", f"{APP}/package.json", copy=True)
    .add_local_file(ROOT / "package-lock.json", f"{APP}/package-lock.json", copy=True)
    .add_local_file(ROOT / ".npmrc", f"{APP}/.npmrc", copy=True)
    .run_commands("npm ci --omit=dev")
    .add_local_dir(ROOT / "shared", f"{APP}/shared", copy=True)
    .add_local_dir(ROOT / "gpu-fn/src", f"{APP}/gpu-fn/src", copy=True)
    .add_local_dir(ROOT / "gpu-fn/models", f"{APP}/gpu-fn/models", copy=True, ignore=["moderation*"])
    .add_local_dir(ROOT / "infra/deploy/docker", f"{APP}/infra/deploy/docker", copy=True)
    .run_commands(f"node infra/deploy/docker/provider.ts {PACKAGES}")
)
weights = modal.Volume.from_name("flux-sculptor-weights", create_if_missing=True)
app = modal.App("flux-sculptor", image=image)


# A web function of a class: Modal's JavaScript client, which serves gpu:status and gpu:warm, does not know servers.
# One run at a time is the server's own rule. The other inputs are health and cancelling, which must not start a GPU.
@app.cls(
    gpu=GPU,
    cpu=CORES,
    memory=MEMORY_MIB,
    env=SERVER,
    # beside it, if results are to carry their origin: WATERMARK_SECRET, WATERMARK_TAG, C2PA_CERTIFICATES,
    # C2PA_PRIVATE_KEY, C2PA_TIMESTAMP_URL (edge/docs/provenance.md)
    secrets=[modal.Secret.from_name("flux-sculptor-gpu", required_keys=["GPU_SECRET"])],
    volumes={WEIGHTS: weights},
    scaledown_window=SCALEDOWN_SECONDS,
    min_containers=MIN_CONTAINERS,
    max_containers=MAX_CONTAINERS,
    timeout=20 * 60,
)
@modal.concurrent(max_inputs=8, target_inputs=1)
class Gpu:
    @modal.enter()
    def start(self):
        self.stopping = threading.Event()
        self.launch()
        threading.Thread(target=self.watch, daemon=True).start()

    def launch(self):
        """Until it reloads, a container sees the volume as of its start; weights may have been added since."""
        self.started = time.monotonic()
        weights.reload()
        manifest = Path(os.environ["MODEL_MANIFEST"])  # the deployment's knobs are not known in here
        if not manifest.exists():
            raise RuntimeError(f"there is no {manifest}: modal run {APP_FILE}::fetch_weights --accept-licence")
        self.server = subprocess.Popen(["node", "gpu-fn/src/server/main.ts"], cwd=APP)

    def watch(self):
        """Restarts a server that ended: its container stays, with the weights in memory."""
        pause = RESTART_SECONDS
        while not self.stopping.wait(0.5):
            if self.server.poll() is None:
                continue
            if time.monotonic() - self.started > STEADY_SECONDS:
                pause = RESTART_SECONDS
            print(f"the server is not running: another start in {pause} s", file=sys.stderr, flush=True)
            if self.stopping.wait(pause):
                return
            pause = min(2 * pause, RESTART_SECONDS_MAX)
            try:
                self.launch()
            except Exception as error:  # a volume that is away must not end this thread: nobody else starts the server
                print(f"it did not start: {error}", file=sys.stderr, flush=True)

    @modal.web_server(PORT, startup_timeout=60, label="flux-sculptor-gpu", requires_proxy_auth=True)
    def serve(self):
        """The server listens at once and reports `loading` until the model is loaded."""

    @modal.exit()
    def stop(self):
        """Scaling down or preemption, which leave 30 s: the edit under way ends after its step and is `interrupted`."""
        self.stopping.set()
        self.server.send_signal(signal.SIGTERM)
        self.server.wait(timeout=20)


@app.function(
    cpu=2,
    memory=4 * 1024,
    volumes={WEIGHTS: weights},
    secrets=[modal.Secret.from_name("flux-sculptor-weights", required_keys=["HF_TOKEN"])],
    timeout=3 * 60 * 60,
)
def fetch_weights(model: str = MODEL, accept_licence: bool = False, int8: bool = False):
    """Fills the volume before the deployment; a second run checks it. Use `--int8` for cards below 40 GiB."""
    options = ["--accept-licence"] * accept_licence + ["--int8"] * int8
    subprocess.run(["node", "gpu-fn/src/cli/weights.ts", model, "--to", f"{WEIGHTS}/{model}", *options], cwd=APP, check=True)
    weights.commit()
