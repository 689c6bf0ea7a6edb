"""U-Net and text encoder as one trained thing, and its configuration."""

from __future__ import annotations

from torch import Tensor, nn

from .stunet import VARIANTS, SpaceTimeUNet
from .text import TextEncoder
from .tokenizer import Tokenizer


class Lumiere(nn.Module):
    """`text` and `unet`, trained jointly; `forward` is one training pass."""

    def __init__(self, variant: str, vocabulary: int, preconditioned: bool = True, space_time: bool = True) -> None:
        super().__init__()
        self.variant = VARIANTS[variant]
        width = self.variant.text_width
        self.text = TextEncoder(vocabulary, width, layers=4 if variant != "tiny" else 1)
        self.unet = SpaceTimeUNet(self.variant, preconditioned, space_time)

    def forward(self, sample: Tensor, timestep: Tensor, seconds: Tensor, tokens: Tensor) -> Tensor:
        text, mask = self.text(tokens)
        return self.unet(sample, timestep, seconds, text, mask)


def build_model(variant: str, tokenizer: Tokenizer | None = None, preconditioned: bool = True, space_time: bool = True) -> Lumiere:
    """A model with fresh weights and the vocabulary's size."""
    return Lumiere(variant, len(tokenizer or Tokenizer()), preconditioned, space_time)
