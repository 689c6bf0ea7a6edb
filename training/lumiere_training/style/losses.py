"""How a painted picture is judged while training.

Content: the answers of the third size, each channel's own mean and deviation taken out, so that
content and style do not pull at the same numbers. Style: mean, deviation and correlations of the
answers at four sizes. Correlations (after Gatys et al., 2016) carry the texture, means and
deviations (after Huang and Belongie, 2017) the palette and contrast.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional

from .features import TAPS, Features

CONTENT_TAP = TAPS.index("block3_conv1")
CORRELATED = 3  # sizes whose correlations are compared; those of the fourth are too many to be told apart by a crop


def normalised(answer: Tensor) -> Tensor:
    """Each channel of each sample to mean 0 and deviation 1."""
    mean = answer.mean((2, 3), keepdim=True)
    return (answer - mean) / ((answer - mean).square().mean((2, 3), keepdim=True) + 1e-2).sqrt()


@dataclass(frozen=True)
class StyleNumbers:
    """What is kept of style pictures: per size means and deviations [N, C], correlations [N, C, C]."""

    means: list[Tensor]
    deviations: list[Tensor]
    correlations: list[Tensor]

    def of(self, rows: Tensor) -> StyleNumbers:
        """Those of some of the pictures."""
        return StyleNumbers(*([one[rows] for one in kept] for kept in (self.means, self.deviations, self.correlations)))


def style_numbers(answers: list[Tensor]) -> StyleNumbers:
    """Measured on `Features`' answers."""
    means, deviations, correlations = [], [], []
    for k, answer in enumerate(answers):
        mean = answer.mean((2, 3))
        centred = (answer - mean[:, :, None, None]).flatten(2)
        means.append(mean)
        deviations.append((centred.square().mean(2) + 1e-4).sqrt())
        if k < CORRELATED:
            correlations.append(centred @ centred.transpose(1, 2) / centred.shape[2])
    return StyleNumbers(means, deviations, correlations)


def join(parts: list[StyleNumbers]) -> StyleNumbers:
    """Several as one."""
    return StyleNumbers(
        *([torch.cat(level) for level in zip(*(getattr(part, name) for part in parts))] for name in ("means", "deviations", "correlations"))
    )


def style_loss(answers: list[Tensor], wanted: StyleNumbers) -> tuple[Tensor, Tensor]:
    """Palette term and texture term, each about 1 for unrelated pictures; averaged over samples."""
    got = style_numbers(answers)
    palette = torch.zeros(())
    for k in range(len(answers)):
        scale = wanted.deviations[k].square().mean(1, keepdim=True) + 1e-2
        palette = palette + (((got.means[k] - wanted.means[k]).square() + (got.deviations[k] - wanted.deviations[k]).square()) / scale).mean()
    texture = torch.zeros(())
    for a, b in zip(got.correlations, wanted.correlations):
        texture = texture + ((a - b).square().sum((1, 2)) / (b.square().sum((1, 2)) + 1e-2)).clamp(max=20).mean()
    return palette / len(answers), texture / CORRELATED


def content_loss(painted: Tensor, content: Tensor) -> Tensor:
    """Of two answers at the content's size."""
    return (normalised(painted) - normalised(content)).square().mean()


def _steepness(picture: Tensor) -> Tensor:
    """How steep the light of `picture` is, [N, 1, H - 2, W - 2], against its own root of mean squares."""
    light = (picture * picture.new_tensor([0.299, 0.587, 0.114]).view(1, 3, 1, 1)).sum(1, keepdim=True)
    across = light[..., 1:-1, 2:] - light[..., 1:-1, :-2]
    down = light[..., 2:, 1:-1] - light[..., :-2, 1:-1]
    steep = (across.square() + down.square() + 1e-5).sqrt()
    return steep / (steep.square().mean((1, 2, 3), keepdim=True) + 1e-4).sqrt()


def drawing_loss(painted: Tensor, content: Tensor, window: int = 7, scales: int = 3) -> Tensor:
    """How far edges of the light are no longer where, and as prominent as, they were; about 0 to 1.

    One minus the structure and contrast of SSIM over windows of edges (as `docs/style.md` measures
    content, so it is no independent judge of a run trained with it): a stroke across a flat place
    counts as much as an edge that is lost. At each further scale the pictures are half as large:
    there a rim of light around a thing is an edge that was not in the frame.
    """
    total = painted.new_zeros(())
    for scale in range(scales):
        if scale > 0:
            painted, content = functional.avg_pool2d(painted, 2), functional.avg_pool2d(content, 2)
        a, b = _steepness(painted), _steepness(content)
        mean_a, mean_b = functional.avg_pool2d(a, window, 2), functional.avg_pool2d(b, window, 2)
        spread_a = functional.avg_pool2d(a * a, window, 2) - mean_a.square()
        spread_b = functional.avg_pool2d(b * b, window, 2) - mean_b.square()
        common = functional.avg_pool2d(a * b, window, 2) - mean_a * mean_b
        total = total + 1 - ((2 * common + 0.02) / (spread_a + spread_b + 0.02)).mean()
    return total / scales


def variation(picture: Tensor) -> Tensor:
    """Mean squared step between neighbours: a little against speckle."""
    return (picture[..., 1:] - picture[..., :-1]).square().mean() + (picture[..., 1:, :] - picture[..., :-1, :]).square().mean()


@torch.no_grad()
def style_bank(features: Features, pictures: Tensor, chunk: int = 16) -> StyleNumbers:
    """The numbers of many pictures."""
    return join([style_numbers(features(pictures[k : k + chunk])) for k in range(0, len(pictures), chunk)])
