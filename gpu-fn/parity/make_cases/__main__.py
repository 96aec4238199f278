"""Writes the small parity cases beside this folder (`cases/<kind>/`), in the layout of `npm run parity`.

An independent implementation, in plain PyTorch, of `docs/algorithm.md`: `npm test` checks the TypeScript engine against it
without any other reference. Everything is drawn from seeds: with one version of torch on one kind of processor, every run writes the same bytes.
Run: `python gpu-fn/parity/make_cases`
"""

import torch

from autoencoder_case import make_autoencoder
from background_case import make_background
from clip_case import make_clip
from flux_case import make_flux
from packing_case import make_packing
from pasl_case import make_pasl
from schedule_case import make_schedules
from sculpting_case import make_sculpting
from solver_case import make_solver
from t5_case import make_t5

torch.set_grad_enabled(False)
torch.set_num_threads(1)
for make in (make_flux, make_autoencoder, make_clip, make_t5, make_schedules, make_packing, make_solver,
             make_sculpting, make_background, make_pasl):
    make()
