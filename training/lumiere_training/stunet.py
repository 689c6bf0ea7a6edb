"""The Space-Time U-Net: the whole clip in one pass.

Source: Bar-Tal et al., "Lumiere", 2024. Space and time are both down- and up-sampled; convolutions
are factorised (2D in space, then 1D in time); attention lives at the coarsest level, text attention
at the two coarsest. One input layout serves every conditional task of the paper (text to video,
first frame, any frames, inpainting, cinemagraph):

    sample   [B, T, 7, H, W]  noisy RGB, mask (1 = given), given RGB times mask
    timestep [B]              0 = clean, 1 = noise
    seconds  [B]              length of the clip
    text     [B, L, 256]      token features of `text.TextEncoder`
    text_mask [B, L]          1 for a token, 0 for padding
    returns  [B, T, 3, H, W]  the velocity, noise minus clean (see flow_matching.py)

H and W are multiples of 16, T of 8.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

from .layers import (
    SpaceAttention,
    SpaceTimeAttention,
    SpaceTimeBlock,
    TemporalConv,
    TextAttention,
    TimeAttention,
    norm_silu,
    sinusoids,
)
from .text import pooled

INPUT_CHANNELS = 7
DATA_DEVIATION = 0.6  # root mean square of the world's pixels in -1..1, at every size trained on
DETAIL_DEVIATION = 0.25  # of what is left of them when their surroundings are known: see `precondition`
PATCH = 4  # the stem folds 4x4 pixels; levels then run at 1/4, 1/8, 1/16 and 1/16 of the size
TRACKED_LEVELS = (1, 2, 3)  # with attention over places and times together: 1/8 of the size and coarser
HIDDEN_TOKEN = -1e4  # added to the attention score of padding


@dataclass(frozen=True)
class Variant:
    """Size of one U-Net. `parameters` (millions) and `gmac` (80x128x128) are what tests hold it to."""

    name: str
    channels: tuple[int, int, int, int]
    blocks: tuple[int, int, int, int]
    parameters: float = 0.0
    gmac: float = 0.0
    text_width: int = 256


VARIANTS: dict[str, Variant] = {
    variant.name: variant
    for variant in (
        Variant("S", (48, 96, 192, 256), (1, 1, 2, 1), 7.4, 23.2),
        Variant("M", (64, 128, 256, 384), (2, 2, 2, 2), 16.7, 52.4),
        Variant("large", (128, 256, 512, 1024), (2, 2, 3, 3), 110.4, 224.3),
        # Not for use: keeps tests and fixtures small.
        Variant("tiny", (16, 16, 32, 32), (1, 1, 1, 1), text_width=32),
    )
}


class Downsample(nn.Module):
    """Halve time (mean of frame pairs), then halve space (3x3, stride 2): [B*T,C,H,W] -> [B*T/2,C',H/2,W/2]."""

    def __init__(self, channels: int, out_channels: int) -> None:
        super().__init__()
        self.space = nn.Conv2d(channels, out_channels, 3, stride=2, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        n, channels, height, width = (int(size) for size in x.shape)
        pairs = x.reshape(n // 2, 2, channels, height, width)
        return self.space((pairs[:, 0] + pairs[:, 1]) * 0.5)


class Upsample(nn.Module):
    """3x3 at the small size, then repeat space and time: [B*T,C,H,W] -> [B*2T,C',sH,sW].

    The convolution before the repeat costs an eighth of one after it.
    """

    def __init__(self, channels: int, out_channels: int, space: int) -> None:
        super().__init__()
        self.space = space
        self.mix = nn.Conv2d(channels, out_channels, 3, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        x = self.mix(x)
        if self.space > 1:
            x = functional.interpolate(x, scale_factor=float(self.space), mode="nearest")
        n, channels, height, width = (int(size) for size in x.shape)
        if x.is_cuda and x.is_contiguous(memory_format=torch.channels_last):
            # The same repeat with the channels left last in memory: the one below would turn them.
            rows = x.permute(0, 2, 3, 1).unsqueeze(1).expand(n, 2, height, width, channels)
            return rows.reshape(2 * n, height, width, channels).permute(0, 3, 1, 2)
        # Repeat time by view-expand-reshape: a 5D Resize is ten times slower at inference.
        return x.unsqueeze(1).expand(n, 2, channels, height, width).reshape(2 * n, channels, height, width)


def precondition(timestep: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Scale of the noisy clip that the layers see, its share that goes straight to the output, scale of what they make.

    Each [B, 1, 1, 1, 1]. The straight part is the best guess of the velocity that is linear in one noisy pixel, if
    the clip were only its detail (`DETAIL_DEVIATION`): then what the layers make is smooth at the noisy end, nearly
    the clip itself, and noise need not be carried through a stem that folds 16 pixels into one. Inputs and targets
    have variance one. Measured on S at 16x32x32 after 3,200 clips: validation .23, with the whole clip's deviation
    .31 to .37, without any of this .70 (ADR 0020).

    Sources: Karras et al., "Elucidating the Design Space of Diffusion-Based Generative Models", 2022, section 5;
    Li and He, "Back to Basics: Let Denoising Generative Models Denoise", 2025, for predicting what is smooth.
    """
    t = timestep.float().view(-1, 1, 1, 1, 1)
    detail, whole = ((1 - t) ** 2 * deviation**2 + t**2 for deviation in (DETAIL_DEVIATION, DATA_DEVIATION))
    keep = (t - (1 - t) * DETAIL_DEVIATION**2) / detail
    scale = torch.sqrt((1 - keep * t) ** 2 + DATA_DEVIATION**2 * (1 + keep * (1 - t)) ** 2)
    return torch.rsqrt(whole), keep, scale


@functools.lru_cache(maxsize=2)
def _taps(device: torch.device) -> Tensor:
    """Which of 81 weights of a 3x3 convolution over three channels stands where in a folded one: [48 * 48 * 9, 81] of 0 and 1.

    A product with it rather than indices: their gradient sorts, which a recorded pass may not wait for.
    """
    place = torch.arange(3 * PATCH * PATCH)
    channel, row, column = place // PATCH**2, place // PATCH % PATCH, place % PATCH
    cell = (torch.arange(3) - 1) * PATCH
    # Where an input place lies from an output place, in pixels, for each of the 3x3 neighbouring cells: 0..2 is inside.
    down = (cell + row.view(1, -1, 1) - row.view(-1, 1, 1) + 1).unsqueeze(3)
    across = (cell + column.view(1, -1, 1) - column.view(-1, 1, 1) + 1).unsqueeze(2)
    inside = (down >= 0) & (down < 3) & (across >= 0) & (across < 3)
    number = (channel.view(-1, 1, 1, 1) * 3 + channel.view(1, -1, 1, 1)) * 9 + down * 3 + across
    which = torch.where(inside, number, torch.full_like(number, 81)).flatten()
    return functional.one_hot(which, 82)[:, :81].float().to(device)


def fold_smooth(weight: Tensor, bias: Tensor) -> tuple[Tensor, Tensor]:
    """A 3x3 convolution [3, 3, 3, 3] over whole pictures as one over pictures folded by `PATCH`: [48, 48, 3, 3].

    The same numbers as `conv2d(pixel_shuffle(x))`, before the shuffle. On a GPU three channels are padded to eight at
    full size, which took a seventh of a training step; 48 at a sixteenth of the places fit its units.
    """
    side = 3 * PATCH * PATCH
    return (_taps(weight.device) @ weight.flatten()).reshape(side, side, 3, 3), bias.repeat_interleave(PATCH**2)


class SpaceTimeUNet(nn.Module):
    """See the module's docstring for shapes.

    `preconditioned`, `space_time`: False only for weights from before `precondition` and `SpaceTimeAttention`.
    """

    folded = False  # set by `layers.use_fused`: see `fold_smooth`

    def __init__(self, variant: Variant, preconditioned: bool = True, space_time: bool = True) -> None:
        super().__init__()
        self.variant = variant
        self.preconditioned = preconditioned
        channels, blocks = variant.channels, variant.blocks
        embedding = 2 * channels[0]
        self.time_features = channels[0]
        self.time_in = nn.Linear(channels[0], embedding)
        self.time_out = nn.Linear(embedding, embedding)
        self.text_pooled = nn.Linear(variant.text_width, embedding)
        self.stem = nn.Conv2d(INPUT_CHANNELS, channels[0], PATCH, stride=PATCH)

        def stack(in_channels: int, out_channels: int, count: int) -> nn.ModuleList:
            return nn.ModuleList(
                SpaceTimeBlock(in_channels if index == 0 else out_channels, out_channels, embedding) for index in range(count)
            )

        self.encoder = nn.ModuleList(stack(channels[level], channels[level], blocks[level]) for level in range(4))
        self.down = nn.ModuleList(
            [
                Downsample(channels[0], channels[1]),
                Downsample(channels[1], channels[2]),
                TemporalConv(channels[2], channels[3], stride=2),
            ]
        )
        self.encoder_text = TextAttention(channels[2], variant.text_width)
        self.time_attention = TimeAttention(channels[3])
        self.space_attention = SpaceAttention(channels[3])
        self.text_attention = TextAttention(channels[3], variant.text_width)
        self.middle = SpaceTimeBlock(channels[3], channels[3], embedding)
        self.up = nn.ModuleList(
            [
                Upsample(channels[1], channels[0], 2),
                Upsample(channels[2], channels[1], 2),
                Upsample(channels[3], channels[2], 1),
            ]
        )
        self.decoder = nn.ModuleList(stack(2 * channels[level], channels[level], blocks[level]) for level in range(3))
        self.decoder_text = TextAttention(channels[2], variant.text_width)
        # By level. The finest one looks at 1/8 of the size: at 1/4 it would cost more than all the rest.
        levels = TRACKED_LEVELS if space_time else ()
        self.encoder_tracks = nn.ModuleDict({str(level): SpaceTimeAttention(channels[level]) for level in levels})
        self.decoder_tracks = nn.ModuleDict({str(level): SpaceTimeAttention(channels[level]) for level in levels if level == 2})
        self.head_norm = norm_silu(channels[0])
        self.head = nn.Conv2d(channels[0], 3 * PATCH * PATCH, 3, padding=1)
        # A 3x3 after the shuffle: without it high guidance shows a 4x4 checker.
        self.smooth = nn.Conv2d(3, 3, 3, padding=1)
        with torch.no_grad():
            self.head.weight.mul_(0.1)
            self.head.bias.zero_()
            nn.init.dirac_(self.smooth.weight)
            self.smooth.weight.add_(0.01 * torch.randn_like(self.smooth.weight))
            self.smooth.bias.zero_()

    def condition(self, timestep: Tensor, text: Tensor, text_mask: Tensor) -> Tensor:
        """Activated embedding [B, E] of the time step and the mean of the caption's tokens."""
        features = sinusoids(timestep, self.time_features, longest=4.0, shortest=0.004).to(text.dtype)
        hidden = self.time_out(functional.silu(self.time_in(features)))
        return functional.silu(hidden + self.text_pooled(pooled(text, text_mask)))

    def forward(self, sample: Tensor, timestep: Tensor, seconds: Tensor, text: Tensor, text_mask: Tensor) -> Tensor:
        """The velocity; see the module's docstring."""
        if not self.preconditioned:
            return self.layers(sample, timestep, seconds, text, text_mask)
        shrink, keep, scale = precondition(timestep)
        noisy, given = sample[:, :, :3], sample[:, :, 3:]
        made = self.layers(torch.cat([noisy * shrink, given], dim=2), timestep, seconds, text, text_mask)
        return noisy * keep + made * scale

    def layers(self, sample: Tensor, timestep: Tensor, seconds: Tensor, text: Tensor, text_mask: Tensor) -> Tensor:
        """What is learned: [B, T, 3, H, W] from inputs of variance one."""
        batch, frames, _, height, width = (int(size) for size in sample.shape)
        condition = self.condition(timestep, text, text_mask)
        bias = ((1.0 - text_mask.to(text.dtype)) * HIDDEN_TOKEN)[:, None, None, :]

        def times(level: int) -> Tensor:
            """Seconds [B, T] of a level's frames."""
            index = torch.arange(frames >> level, dtype=torch.float32, device=sample.device) + 0.5
            return seconds.float().unsqueeze(1) * (index / (frames >> level)).unsqueeze(0)

        def track(x: Tensor, attentions: nn.ModuleDict, level: int) -> Tensor:
            return attentions[str(level)](x, times(level)) if str(level) in attentions else x

        x = self.stem(sample.reshape(batch * frames, INPUT_CHANNELS, height, width))
        skips: list[Tensor] = []
        for level in range(3):
            for block in self.encoder[level]:
                x = block(x, condition, frames >> level)
            x = track(x, self.encoder_tracks, level)
            if level == 2:
                x = self.encoder_text(x, text, bias)
            skips.append(x)
            x = self.down[level](x) if level < 2 else self.down[level](x, frames >> level)
        for index, block in enumerate(self.encoder[3]):
            x = block(x, condition, frames >> 3)
            if index == 0:
                x = self.text_attention(self.space_attention(self.time_attention(x, times(3))), text, bias)
                x = track(x, self.encoder_tracks, 3)
        x = self.middle(x, condition, frames >> 3)
        for level in (2, 1, 0):
            x = torch.cat([self.up[level](x), skips[level]], dim=1)
            for block in self.decoder[level]:
                x = block(x, condition, frames >> level)
            x = track(x, self.decoder_tracks, level)
            if level == 2:
                x = self.decoder_text(x, text, bias)
        x = self.head(self.head_norm(x))
        if self.folded:
            weight, bias = fold_smooth(self.smooth.weight, self.smooth.bias)
            x = functional.pixel_shuffle(functional.conv2d(x, weight, bias, padding=1), PATCH)
        else:
            x = self.smooth(functional.pixel_shuffle(x, PATCH))
        return x.reshape(batch, frames, 3, height, width)


def build(name: str) -> SpaceTimeUNet:
    """The U-Net of one of `VARIANTS`, with fresh weights."""
    return SpaceTimeUNet(VARIANTS[name])


def count_parameters(module: nn.Module) -> int:
    """Number of trained numbers."""
    return sum(parameter.numel() for parameter in module.parameters())


def count_macs(name: str, frames: int = 80, size: int = 128, tokens: int = 32) -> int:
    """Multiply-accumulates of one pass of batch 1, counted without computing (meta tensors)."""
    from torch.utils.flop_counter import FlopCounterMode

    with torch.device("meta"):
        network = build(name).eval()
        text = torch.zeros(1, tokens, VARIANTS[name].text_width)
        inputs = (torch.zeros(1, frames, 7, size, size), torch.zeros(1), torch.zeros(1), text, torch.ones(1, tokens))
        with FlopCounterMode(display=False) as counter, torch.no_grad():
            network(*inputs)
    return counter.get_total_flops() // 2
