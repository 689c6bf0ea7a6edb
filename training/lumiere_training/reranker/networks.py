"""The two readers and what they agree on.

Several candidates of one prompt are ranked by how well a second network finds the prompt in them, as DALL-E's samples
were by CLIP (Ramesh et al., 2021). Ours needs no pairs by the million: the world knows what it shows, so one network
reads every attribute from words, another reads it from a clip, and agreement is the evidence that both are of one scene.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

from ..text import TextEncoder, pooled
from ..world.attributes import ABSENT, ATTRIBUTES
from ..world.families import FAMILIES

FRAMES, SIZE = 16, 32  # what is looked at of a clip
CHANNELS = (24, 48, 64, 96, 128, 192)  # of the reader of clips, layer by layer
WIDTH, LAYERS = 128, 2  # of the reader of words
TINY = {"channels": (8,) * 6, "width": 64, "layers": 1}  # for fixtures
# Rendered clips are read more surely than generated ones, which it has never seen, deserve (ADR 0030 has what each costs).
DOUBT = 0.2  # share of a clip's reading that is believed to be a guess
TEMPERATURE = 1.5  # of a clip's reading
FLOOR = 0.02  # share of the expectation that is spread over all values, so that nothing is divided by nothing
# What candidates differ in. Pace and camera are hardly to be seen in what is made yet, light and style are nearly always right.
COMPARED = ("family", "colour", "background", "size", "count", "direction", "density")
# Values of each attribute and, last, that a scene does not have it. Every scene has a family.
VALUES = {name: len(values) + (name != "family") for name, values in ATTRIBUTES.items()}


def classes(labels: dict[str, Tensor]) -> dict[str, Tensor]:
    """Labels with `ABSENT` as the last class of its attribute."""
    return {name: torch.where(values == ABSENT, VALUES[name] - 1, values) for name, values in labels.items() if name in VALUES}


def look(video: Tensor) -> Tensor:
    """uint8 or 0..1 clips [N, T, 3, H, W] -> what is looked at [N, 16, 3, 32, 32] in 0..1."""
    video = video.float() / 255 if video.dtype == torch.uint8 else video
    n, frames = video.shape[:2]
    pick = (torch.arange(FRAMES, device=video.device) * (frames - 1) / (FRAMES - 1) + 0.5).floor().long()
    small = functional.adaptive_avg_pool2d(video[:, pick].flatten(0, 1), SIZE)
    return small.reshape(n, FRAMES, 3, SIZE, SIZE)


def _layer(a: int, b: int, kernel: tuple[int, int, int], stride: tuple[int, int, int]) -> nn.Sequential:
    return nn.Sequential(nn.Conv3d(a, b, kernel, stride, tuple(k // 2 for k in kernel)), nn.GroupNorm(8, b), nn.SiLU())


class ClipReader(nn.Module):
    """3D convolutions that keep time fine until space is small: what moves where must be told from neighbouring frames."""

    def __init__(self, channels: tuple[int, ...] = CHANNELS) -> None:
        super().__init__()
        a, b, c, d, e, f = channels
        self.body = nn.Sequential(
            _layer(3, a, (1, 3, 3), (1, 2, 2)),
            _layer(a, b, (3, 3, 3), (1, 1, 1)),
            _layer(b, c, (3, 3, 3), (1, 2, 2)),
            _layer(c, d, (3, 3, 3), (2, 1, 1)),
            _layer(d, e, (3, 3, 3), (2, 2, 2)),
            _layer(e, f, (3, 3, 3), (1, 1, 1)),
        )
        # The mean tells of the whole picture, the largest value of what is small in it.
        self.heads = nn.ModuleDict({name: nn.Linear(2 * f, size) for name, size in VALUES.items()})

    def forward(self, clip: Tensor) -> dict[str, Tensor]:
        """[N, 16, 3, 32, 32] in 0..1 -> logits [N, values] per attribute."""
        maps = self.body(clip.transpose(1, 2) * 2 - 1).flatten(2)
        features = torch.cat((maps.mean(2), maps.amax(2)), 1)
        return {name: head(features) for name, head in self.heads.items()}


class WordReader(nn.Module):
    """A small caption encoder and one linear layer per attribute."""

    def __init__(self, vocabulary: int, width: int = WIDTH, layers: int = LAYERS) -> None:
        super().__init__()
        self.text = TextEncoder(vocabulary, width, layers)
        self.heads = nn.ModuleDict({name: nn.Linear(width, size) for name, size in VALUES.items()})

    def forward(self, tokens: Tensor) -> dict[str, Tensor]:
        """[N, L] -> logits [N, values] per attribute."""
        features = pooled(*self.text(tokens))
        return {name: head(features) for name, head in self.heads.items()}


class Reranker(nn.Module):
    """Both readers, and what the world shows in each family when nothing is said."""

    def __init__(self, vocabulary: int, channels: tuple[int, ...] = CHANNELS, width: int = WIDTH, layers: int = LAYERS) -> None:
        super().__init__()
        self.words, self.clips = WordReader(vocabulary, width, layers), ClipReader(channels)
        for name, size in VALUES.items():
            self.register_buffer(f"expected_{name}", torch.full((len(FAMILIES), size), 1 / size))

    def forward(self, tokens: Tensor, clip: Tensor) -> Tensor:
        """Agreement [N, 7] of captions [N, L] with clips [N, 16, 3, 32, 32], in the order of `COMPARED`.

        log p(words, clip) / (p(words) p(clip)) of each attribute: what a prompt leaves open is read as what its
        scene is expected to show, agrees with anything, and counts 0.
        """
        said = {name: values.softmax(1) for name, values in self.words(tokens).items()}
        seen = {name: (values / TEMPERATURE).softmax(1) for name, values in self.clips(clip).items()}
        agreement = []
        for name in COMPARED:
            size = VALUES[name]
            table = getattr(self, f"expected_{name}")
            expected = table.mean(0, keepdim=True).expand_as(said[name]) if name == "family" else said["family"] @ table
            expected = (1 - FLOOR) * expected + FLOOR / size
            told = (1 - FLOOR) * said[name] + FLOOR / size
            shown = (1 - DOUBT) * seen[name] + DOUBT * expected
            agreement.append((told * shown / expected).sum(1).log())
        return torch.stack(agreement, 1)
