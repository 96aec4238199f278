"""Trains the decoder on under a frozen encoder: torchrun --nproc-per-node 2 train_decoder.py

The latents stay what the flow was trained on, and the pictures get closer to the portraits. Writes ckpt/ae.pt anew.
"""

import numpy as np
import torch

from autoencoder import AutoEncoder
from data import Split, normalised, psnr
from latents import autoencoder
from muon import Optimizers, split
from parallel import RANK, average_gradients, start
from precision import autocast, placed, use_accelerator
from presets import SCRATCH, preset
from run import Average, Run
from train_autoencoder import crops, loss_of

SHARPNESS = 0.004


@torch.no_grad()
def validate(model: AutoEncoder, decoder: dict, count: int = 128) -> float:
    """Mean dB of whole validation portraits."""
    judged = AutoEncoder().to(memory_format=torch.channels_last).eval()
    judged.load_state_dict(model.state_dict())
    judged.decoder.load_state_dict(decoder)
    with autocast():
        return torch.cat([psnr(judged.decode(judged.encode(x)).float(), x)
                          for x in map(normalised, placed(Split("val").images(np.arange(count))).split(32))]).mean().item()


def main() -> None:
    start()
    use_accelerator()
    torch.manual_seed(3)
    shape, data, model = preset()["decoder"], Split("train"), autoencoder()
    model.decoder.requires_grad_(True).train()
    optimizers = Optimizers(*split(model.decoder, ("conv_in", "conv_out", "norm")), shape["muon_lr"], shape["lr"])
    average = Average(model.decoder, 0.997)
    run = Run("decoder", shape["minutes"], shape["batch"])
    run.track(decoder=model.decoder, optimizers=optimizers, average=average)
    for step in run:
        whole = step % 3 == 0  # attention in the middle sees a whole portrait's latent, so it must learn from some
        x = crops(data, *((run.share // 4, preset()["size"]) if whole else (run.share, shape["crop"])))
        with autocast():
            with torch.no_grad():
                mean, logvar = model.moments(x)
            found = model.decoder(mean.contiguous(memory_format=torch.channels_last)).float()
        loss = loss_of(found, x, mean.float(), logvar.float(), SHARPNESS)
        loss.backward()
        average_gradients(model.decoder)
        torch.nn.utils.clip_grad_norm_(model.decoder.parameters(), 1.0)
        optimizers.step(run.rate(1.0, warmup=30))
        average.update()
        run.report(loss=loss, crop_psnr=psnr(found.detach(), x).mean())
        if step % 400 == 399 and RANK == 0:
            run.flush(val_psnr=validate(model, average.values))
    if RANK == 0:
        run.flush(val_psnr=validate(model, average.values, 512))
        finished = autoencoder()
        finished.decoder.load_state_dict(average.values)
        draft = SCRATCH / "ckpt/ae.draft"
        torch.save(finished.state_dict(), draft)
        draft.replace(SCRATCH / "ckpt/ae.pt")


if __name__ == "__main__":
    main()
