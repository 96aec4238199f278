"""Trains the autoencoder on crops, then on whole images: python train_autoencoder.py

YCbCr error with chroma weighted double, a tiny KL, towards the end a gradient term for sharpness.
Reads drawings (`train`) and photos with what filters drew on them (`photo-edits`), as their shards appear.
"""

import numpy as np
import torch

from autoencoder import AutoEncoder
from data import Split, normalised, psnr
from muon import Optimizers, split
from parallel import RANK, average_gradients
from precision import autocast, placed, use_accelerator
from presets import preset
from run import Average, Run

YCBCR = torch.tensor([[0.299, 0.587, 0.114], [-0.1687, -0.3313, 0.5], [0.5, -0.4187, -0.0813]])
WEIGHTS = torch.tensor([1.0, 2.0, 2.0])
KL = 1e-6


PHOTOS = 2 / 3  # share of the batches, if there are photos


def crops(data: Split, count: int, size: int) -> torch.Tensor:
    """Random crops, most of them on the face, half of them mirrored."""
    images = data.images(np.random.randint(len(data), size=count))
    if data.each > 1:  # a row's counterfactuals as well as its portrait
        images = images[torch.arange(count, device="cpu"), torch.randint(data.each, (count,), device="cpu")]
    full = images.shape[1]
    if size < full:
        corner = np.clip(np.random.normal((full - size) / 2, full / 6, (count, 2)), 0, full - size).astype(int)
        images = torch.stack([image[y:y + size, x:x + size] for image, (y, x) in zip(images, corner)])
    return normalised(placed(images.flip(2) if np.random.rand() < 0.5 else images))


def edges(x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    return x[..., 1:, :] - x[..., :-1, :], x[..., 1:] - x[..., :-1]


def loss_of(found, truth, mean, logvar, sharpness: float):
    difference = torch.einsum("kc,nchw->nkhw", YCBCR.to(found.device), found - truth)
    error = (difference.square() * WEIGHTS.to(found.device)[:, None, None]).mean()
    kl = 0.5 * (mean.square() + logvar.exp() - 1 - logvar).mean()
    sharp = sum((a - b).abs().mean() for a, b in zip(edges(found), edges(truth))) if sharpness else 0.0
    return error + KL * kl + sharpness * sharp


@torch.no_grad()
def validate(values: dict, count: int = 128) -> dict[str, float]:
    """Mean dB of whole validation images through the averaged weights: drawings (val_psnr), photos (photo_psnr)."""
    model, found = AutoEncoder().to(memory_format=torch.channels_last).eval(), {}
    model.load_state_dict(values)
    for name, split in (("val_psnr", Split("val")), ("photo_psnr", Split("photo-held"))):
        if len(split):
            images = split.images(np.arange(min(count, len(split))))
            images = images if split.each == 1 else images[:, 0]
            with autocast():
                found[name] = torch.cat([psnr(model.decode(model.encode(x)).float(), x)
                                         for x in map(normalised, placed(images).split(32))]).mean().item()
    return found


def main() -> None:
    use_accelerator()
    torch.manual_seed(0)
    shape = preset()["autoencoder"]
    drawn, photos, model = Split("train"), Split("photo-edits"), AutoEncoder().to(memory_format=torch.channels_last)
    optimizers = Optimizers(*split(model, ("conv_in", "conv_out", "norm")), shape["muon_lr"], shape["lr"])
    average = Average(model, 0.997)
    run = Run("autoencoder", shape["minutes"], shape["batch"])
    run.track(model=model, optimizers=optimizers, average=average)
    for step in run:
        if step % 100 == 99:
            drawn.refresh()
            photos.refresh()
        whole = run.fraction > 0.7
        count, size = (run.share // 4, preset()["size"]) if whole else (run.share, shape["crop"])
        x = crops(photos if len(photos) and np.random.rand() < PHOTOS else drawn, count, size)
        with autocast():
            mean, logvar = model.moments(x)
            logvar = logvar.float().clamp(-30, 10)
            z = mean.float() + (0.5 * logvar).exp() * torch.randn_like(logvar)
            found = model.decoder(z.contiguous(memory_format=torch.channels_last)).float()
        loss = loss_of(found, x, mean.float(), logvar, 0.005 if whole else 0.0)
        loss.backward()
        average_gradients(model)
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizers.step(run.rate(1.0, warmup=30))
        average.update()
        run.report(loss=loss, crop_psnr=psnr(found.detach(), x).mean())
        if step % 250 == 249 and RANK == 0:
            run.flush(**validate(average.values))
    if RANK == 0:
        run.flush(**validate(average.values, 512))


if __name__ == "__main__":
    main()
