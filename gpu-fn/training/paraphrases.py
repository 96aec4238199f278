"""The texts that PASL is trained with: each region's wordings as vectors, varied at every draw.

A wording nobody trained lands near the trained ones, not on them: so vectors are blended with another wording's of
the region, shaken by noise, and now and then the teacher's own in place of the tower's, which differ as the tower
differs from its teacher on new words.
"""

import torch

TEACHER, BLENDED, NOISE = 0.25, 0.5, 0.8  # shares of the draws; the noise's largest deviation (a vector's is about 1)


class Paraphrases:
    """`tower` and `teacher`: text vectors [n_r,d] of each region's wordings, in one order."""

    def __init__(self, tower: list[torch.Tensor], teacher: list[torch.Tensor]):
        self.pairs = [torch.stack(both) for both in zip(teacher, tower)]

    def some(self, pair: torch.Tensor, count: int) -> torch.Tensor:
        """[count,d] of one region, by the tower or by the teacher."""
        return pair[(torch.rand(count) >= TEACHER).long(), torch.randint(pair.shape[1], (count,))]

    def region(self, pair: torch.Tensor, count: int) -> torch.Tensor:
        share = torch.rand(count, 1) * 0.5 * (torch.rand(count, 1) < BLENDED)
        blended = torch.lerp(self.some(pair, count), self.some(pair, count), share)
        return blended + NOISE * torch.rand(count, 1) * torch.randn_like(blended)

    def draw(self, images: int, each: int) -> torch.Tensor:
        """`each` texts of every region for every image: [images, regions·each, d], a region's texts side by side."""
        found = [self.region(pair, images * each).unflatten(0, (images, each)) for pair in self.pairs]
        return torch.cat(found, 1)
