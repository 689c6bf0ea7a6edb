"""Building blocks of the Space-Time U-Net.

Activations are `[B*T, C, H, W]` everywhere: the 2D convolutions see frames as a batch, and the
temporal ones see the same memory as `[B, C, T, H*W]`. With `channels_last` memory that second view
costs nothing in PyTorch, and as ONNX it becomes Transpose - Conv2D - Transpose, about twice as fast
on a CPU as Conv1D over pixels. No 5D operation appears anywhere, for the same reason.

Source: Bar-Tal et al., "Lumiere: A Space-Time Diffusion Model for Video Generation", 2024,
section 3.1 (factorised space-time convolutions; attention only at the coarsest level).
"""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn
from torch.nn import functional

CHANNELS_PER_GROUP = 16
CHANNELS_PER_HEAD = 64
# Initial gain of every layer that ends a residual branch: blocks start close to the identity, yet
# every parameter receives a gradient from the first step on.
RESIDUAL_GAIN = 0.2


class FrameNorm(nn.GroupNorm):
    """GroupNorm over one frame that keeps bf16 activations bf16.

    Autocast would widen them to float32 and double the memory traffic that training is bound by;
    the kernel sums in float32 anyway. It exports as Reshape-InstanceNormalization-Reshape-Mul-Add.
    """

    def forward(self, x: Tensor) -> Tensor:  # type: ignore[override]
        if x.dtype != torch.bfloat16:
            return super().forward(x)
        with torch.autocast(x.device.type, enabled=False):
            return functional.group_norm(x, self.num_groups, self.weight.to(x.dtype), self.bias.to(x.dtype), self.eps)


class NormSilu(FrameNorm):
    """FrameNorm, then scale and shift of `film` [B, 2C] where given, then SiLU.

    `fused` is set by training on a GPU (see fused.py); everything else, exporting included, takes
    the plain operations.
    """

    fused = False

    def forward(self, x: Tensor, film: Tensor | None = None) -> Tensor:  # type: ignore[override]
        if self.fused:
            from . import fused  # needs Triton, which only a GPU's PyTorch brings

            if fused.fits(x, CHANNELS_PER_GROUP):
                return fused.norm_silu(x, self.weight, self.bias, CHANNELS_PER_GROUP, film)
        h = super().forward(x)
        if film is not None:
            channels, frames = int(film.shape[1]) // 2, int(x.shape[0]) // int(film.shape[0])
            film = film.unsqueeze(1).expand(-1, frames, -1).reshape(-1, 2 * channels, 1, 1)
            h = h * (1 + film[:, :channels]) + film[:, channels:]
        return functional.silu(h)


def norm_silu(channels: int) -> NormSilu:
    """A norm of 16 channels a group with modulation and SiLU behind it."""
    return NormSilu(channels // CHANNELS_PER_GROUP, channels, eps=1e-5)


def use_fused(model: nn.Module) -> None:
    """Let the norms of `model` run as the kernels of fused.py and its last convolution folded, on a GPU with Triton."""
    model.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    for module in model.modules():
        if isinstance(module, NormSilu):
            module.fused = True
        if hasattr(module, "folded"):
            module.folded = True


def group_norm(channels: int) -> FrameNorm:
    """A norm of 16 channels a group."""
    return FrameNorm(channels // CHANNELS_PER_GROUP, channels, eps=1e-5)


def sinusoids(positions: Tensor, width: int, longest: float, shortest: float) -> Tensor:
    """Sine and cosine features of `positions` [...], periods geometric from longest to shortest.

    Returns [..., width]. Position and period share one unit.
    """
    half = width // 2
    steps = torch.arange(half, dtype=torch.float32, device=positions.device) / max(half - 1, 1)
    frequency = (2 * math.pi / longest) * torch.exp(steps * math.log(longest / shortest))
    angle = positions.float().unsqueeze(-1) * frequency
    return torch.cat([torch.sin(angle), torch.cos(angle)], dim=-1)


def to_time_rows(x: Tensor, frames: int) -> Tensor:
    """[B*T, C, H, W] -> [B, C, T, H*W]; a view when `x` is channels_last."""
    n, channels, height, width = (int(size) for size in x.shape)
    rows = x.reshape(n // frames, frames, channels, height * width)
    return rows.permute(0, 2, 1, 3)


def from_time_rows(rows: Tensor, height: int, width: int) -> Tensor:
    """[B, C, T, H*W] -> [B*T, C, H, W]; the inverse of `to_time_rows`."""
    batch, channels, frames, _ = (int(size) for size in rows.shape)
    return rows.permute(0, 2, 1, 3).reshape(batch * frames, channels, height, width)


class TemporalConv(nn.Conv2d):
    """1D convolution over time of kernel 3, run as Conv2D (3x1) on [B, C, T, H*W]."""

    def __init__(self, channels: int, out_channels: int, stride: int = 1) -> None:
        super().__init__(channels, out_channels, (3, 1), stride=(stride, 1), padding=(1, 0))

    def forward(self, x: Tensor, frames: int) -> Tensor:  # type: ignore[override]
        height, width = int(x.shape[2]), int(x.shape[3])
        return from_time_rows(super().forward(to_time_rows(x, frames)), height, width)


class SpaceTimeBlock(nn.Module):
    """GN-SiLU-Conv3x3, GN-FiLM-SiLU, temporal convolution, residual: [B*T, Cin, H, W] -> Cout."""

    def __init__(self, in_channels: int, out_channels: int, embedding: int) -> None:
        super().__init__()
        self.norm_space = norm_silu(in_channels)
        self.space = nn.Conv2d(in_channels, out_channels, 3, padding=1)
        self.norm_time = norm_silu(out_channels)
        self.film = nn.Linear(embedding, 2 * out_channels)
        self.time = TemporalConv(out_channels, out_channels)
        self.skip = nn.Conv2d(in_channels, out_channels, 1) if in_channels != out_channels else nn.Identity()
        with torch.no_grad():
            self.time.weight.mul_(RESIDUAL_GAIN)
            self.film.weight.mul_(RESIDUAL_GAIN)
            self.film.bias.zero_()

    def forward(self, x: Tensor, condition: Tensor, frames: int) -> Tensor:
        """`condition` [B, E] is the activated embedding of time step and pooled text."""
        h = self.space(self.norm_space(x))
        h = self.norm_time(h, self.film(condition))
        return self.skip(x) + self.time(h, frames)


class Attention(nn.Module):
    """Multi-head attention over token rows [N, L, C]; keys and values from `context` when given."""

    def __init__(self, channels: int, context: int | None = None) -> None:
        super().__init__()
        self.heads = max(1, channels // CHANNELS_PER_HEAD)
        source = channels if context is None else context
        self.query = nn.Linear(channels, channels)
        self.key_value = nn.Linear(source, 2 * channels)
        self.out = nn.Linear(channels, channels)
        with torch.no_grad():
            self.out.weight.mul_(RESIDUAL_GAIN)
            self.out.bias.zero_()

    def forward(self, x: Tensor, context: Tensor | None = None, bias: Tensor | None = None) -> Tensor:
        """`bias` [N, 1, 1, L] is added to the scores (a large negative number hides a token)."""
        rows, length, channels = (int(size) for size in x.shape)
        source = x if context is None else context
        source_length = int(source.shape[1])
        depth = channels // self.heads
        query = self.query(x).reshape(rows, length, self.heads, depth).transpose(1, 2)
        key, value = self.key_value(source).chunk(2, dim=-1)
        key = key.reshape(rows, source_length, self.heads, depth).transpose(1, 2)
        value = value.reshape(rows, source_length, self.heads, depth).transpose(1, 2)
        bias = None if bias is None else bias.to(query.dtype)
        mixed = functional.scaled_dot_product_attention(query, key, value, attn_mask=bias)
        return self.out(mixed.transpose(1, 2).reshape(rows, length, channels))


class TimeAttention(nn.Module):
    """Self-attention of every pixel over the frames; frames know their time in seconds, not index."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.norm = group_norm(channels)
        self.position = nn.Linear(32, channels)
        self.attention = Attention(channels)

    def forward(self, x: Tensor, times: Tensor) -> Tensor:
        """x [B*T, C, H, W], times [B, T] in seconds."""
        batch, frames = (int(size) for size in times.shape)
        channels, height, width = (int(size) for size in x.shape[1:])
        pixels = height * width
        rows = self.norm(x).reshape(batch, frames, channels, pixels).permute(0, 3, 1, 2)
        position = self.position(sinusoids(times, 32, longest=40.0, shortest=0.1).to(x.dtype))
        rows = (rows + position.unsqueeze(1)).reshape(batch * pixels, frames, channels)
        mixed = self.attention(rows).reshape(batch, pixels, frames, channels)
        return x + mixed.permute(0, 2, 3, 1).reshape(batch * frames, channels, height, width)


class SpaceAttention(nn.Module):
    """Self-attention inside each frame: the text-to-image half of the paper's coarsest level.

    Without it a frame's hue drifted from one side to the other: convolutions at 8x8 do not see
    the whole frame early enough.
    """

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.norm = group_norm(channels)
        self.position = nn.Linear(32, channels)
        self.attention = Attention(channels)

    def forward(self, x: Tensor) -> Tensor:
        """x [B*T, C, H, W]."""
        n, channels, height, width = (int(size) for size in x.shape)
        down = (torch.arange(height, dtype=torch.float32, device=x.device) + 0.5) / height
        across = (torch.arange(width, dtype=torch.float32, device=x.device) + 0.5) / width
        features = torch.cat(
            [
                sinusoids(down, 16, 2.0, 0.2).unsqueeze(1).expand(-1, width, -1),
                sinusoids(across, 16, 2.0, 0.2).unsqueeze(0).expand(height, -1, -1),
            ],
            dim=-1,
        ).reshape(height * width, 32)
        rows = self.norm(x).reshape(n, channels, height * width).transpose(1, 2)
        mixed = self.attention(rows + self.position(features.to(x.dtype)))
        return x + mixed.transpose(1, 2).reshape(n, channels, height, width)


MOST_KEYS = 2048
TRACK_SPEEDS = (0.1, 0.2, 0.4)  # widths a second, both ways along both axes
TRACK_FEATURES = 32 + 2 * 2 * len(TRACK_SPEEDS) * 6


def track_features(times: Tensor, height: int, width: int) -> Tensor:
    """Where and when each place of a level is, and where things that pass it at `TRACK_SPEEDS` started.

    times [B, T] in seconds; returns [B, T*H*W, TRACK_FEATURES]. Places whose features of one speed agree lie on the
    path of one moving thing: sines of place and of time alone only tell an attention what is near, not what is on
    the way.
    """
    batch, frames = (int(size) for size in times.shape)
    shape = (batch, frames, height, width)
    across = (torch.arange(width, dtype=torch.float32, device=times.device) + 0.5) / width
    down = (torch.arange(height, dtype=torch.float32, device=times.device) + 0.5) / height
    x, y = across.view(1, 1, 1, width).expand(shape), down.view(1, 1, height, 1).expand(shape)
    t = times.view(batch, frames, 1, 1).expand(shape)
    parts = [sinusoids(x, 8, 2.0, 0.25), sinusoids(y, 8, 2.0, 0.25), sinusoids(t, 16, 20.0, 0.4)]
    for place in (x, y):
        for speed in TRACK_SPEEDS:
            parts += [sinusoids(place - speed * t, 6, 2.0, 0.5), sinusoids(place + speed * t, 6, 2.0, 0.5)]
    return torch.cat(parts, dim=-1).reshape(batch, frames * height * width, TRACK_FEATURES)


class SpaceTimeAttention(nn.Module):
    """Self-attention of every place at every time to all others of its clip.

    Not in the paper, whose attention is temporal only. Attention along one place finds what stands still and
    attention inside a frame finds what is clear in that frame; a thing that moves through noise shows in neither,
    only along its path (ADR 0026). Beyond `MOST_KEYS` places the keys are means of 2x2x2 of them: all to all at 1/8
    of 80x128x128 would cost more than the rest of the network.
    """

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.norm = group_norm(channels)
        self.position = nn.Linear(TRACK_FEATURES, channels)
        self.attention = Attention(channels)

    def forward(self, x: Tensor, times: Tensor) -> Tensor:
        """x [B*T, C, H, W], times [B, T] in seconds."""
        batch, frames = (int(size) for size in times.shape)
        n, channels, height, width = (int(size) for size in x.shape)
        rows = self.norm(x).reshape(batch, frames, channels, height * width).permute(0, 1, 3, 2)
        rows = rows.reshape(batch, frames * height * width, channels)
        rows = rows + self.position(track_features(times, height, width).to(x.dtype))
        keys = None
        if frames * height * width > MOST_KEYS:
            keys = rows.reshape(batch * frames // 2, 2, height // 2, 2, width // 2, 2, channels).mean(dim=(1, 3, 5))
            keys = keys.reshape(batch, -1, channels)
        mixed = self.attention(rows, keys)
        mixed = mixed.reshape(batch, frames, height * width, channels).permute(0, 1, 3, 2)
        return x + mixed.reshape(n, channels, height, width)


class TextAttention(nn.Module):
    """Cross-attention of every space-time position to the caption's tokens."""

    def __init__(self, channels: int, text_width: int) -> None:
        super().__init__()
        self.norm = group_norm(channels)
        self.attention = Attention(channels, context=text_width)

    def forward(self, x: Tensor, text: Tensor, bias: Tensor) -> Tensor:
        """x [B*T, C, H, W], text [B, L, 256], bias [B, 1, 1, L]."""
        batch = int(text.shape[0])
        n, channels, height, width = (int(size) for size in x.shape)
        frames = n // batch
        rows = self.norm(x).reshape(batch, frames, channels, height * width).permute(0, 1, 3, 2)
        rows = rows.reshape(batch, frames * height * width, channels)
        mixed = self.attention(rows, text, bias)
        mixed = mixed.reshape(batch, frames, height * width, channels).permute(0, 1, 3, 2)
        return x + mixed.reshape(n, channels, height, width)
