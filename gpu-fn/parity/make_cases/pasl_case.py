"""`pasl`: features, logits, mask and losses."""

import torch
import torch.nn.functional as F

from case_files import write_case
from parameters import Draw, linear


def make_pasl():
    c = dict(channels=[4, 6, 6, 8, 8, 8], strides=[1, 2, 2, 2, 1, 1], leaky_slope=0.01, text_dim=10, text_hidden=12)
    draw, p, width = Draw(9), {}, 3
    for i, to in enumerate(c["channels"]):
        draw.layer(p, f"encoder.conv{i + 1}", to, width, 3, 3)
        width = to
    draw.layer(p, "projector.linear1", c["text_hidden"], c["text_dim"])
    draw.layer(p, "projector.linear2", width, c["text_hidden"])
    image, text = draw.normal(2, 3, 16, 24).clamp(-1, 1), draw.normal(2, c["text_dim"])
    x = image
    for i, stride in enumerate(c["strides"]):
        x = F.conv2d(x, p[f"encoder.conv{i + 1}.weight"], p[f"encoder.conv{i + 1}.bias"], stride=stride, padding=1)
        x = F.leaky_relu(x, c["leaky_slope"])
    feature = linear(p, "projector.linear2", F.relu(linear(p, "projector.linear1", text)))
    logits = torch.einsum("bchw,bc->bhw", x, feature)
    mask = logits.sigmoid()
    truth = (torch.rand(mask.shape, generator=draw.generator) > 0.6).float()
    bce = -(truth * F.logsigmoid(logits) + (1 - truth) * F.logsigmoid(-logits)).mean((1, 2))
    dice = 1 - 2 * (mask * truth).sum((1, 2)) / (mask.sum((1, 2)) + truth.sum((1, 2)))
    io = {"in.image": image, "in.text": text, "in.gt": truth, "out.f_img": x, "out.f_text": feature,
          "out.logits": logits, "out.mask": mask, "out.bce": bce, "out.dice": dice, "out.loss": (bce + dice).mean()[None]}
    write_case("pasl", {"kind": "pasl", **c}, io, weights=p)
