"""GroupNorm, modulation and SiLU in one kernel: half of the network's memory traffic on a GPU.

PyTorch's CUDA GroupNorm wants [N, C, H, W] contiguous, so in a channels_last network every norm
costs two transposes besides its own passes, and the modulation and the SiLU after it one pass each.
Here one program reads the channels of one group of one frame once (at most 32x32 pixels: they fit
into registers) and writes once; the backward pass does the same. Sums are kept in float32.

Only training on a GPU uses this (`--fused`): what is exported is `layers.FrameNorm`. The parity test
runs the kernels in Triton's interpreter, where Triton is installed.
"""

from __future__ import annotations

import torch
import triton
import triton.language as tl
from torch import Tensor

MOST_PIXELS = 1024  # a program holds pixels x 16 channels in registers
EPSILON = 1e-5


@triton.jit
def _forward(
    x, weight, bias, film, out, stats, pixels, channels, groups, frames, epsilon,
    FILM: tl.constexpr, BLOCK: tl.constexpr, WIDTH: tl.constexpr,
):  # fmt: skip
    frame = tl.program_id(0).to(tl.int64)
    group = tl.program_id(1)
    row = tl.arange(0, BLOCK)[:, None]
    column = group * WIDTH + tl.arange(0, WIDTH)[None, :]
    inside = row < pixels
    place = frame * pixels * channels + row * channels + column
    value = tl.load(x + place, mask=inside, other=0.0).to(tl.float32)
    count = pixels * WIDTH
    mean = tl.sum(tl.sum(value, 0), 0) / count
    centred = tl.where(inside, value - mean, 0.0)
    root = tl.rsqrt(tl.sum(tl.sum(centred * centred, 0), 0) / count + epsilon)
    z = centred * root * tl.load(weight + column).to(tl.float32) + tl.load(bias + column).to(tl.float32)
    if FILM:
        line = film + (frame // frames) * 2 * channels
        z = z * (1 + tl.load(line + column).to(tl.float32)) + tl.load(line + channels + column).to(tl.float32)
    tl.store(out + place, (z * tl.sigmoid(z)).to(out.dtype.element_ty), mask=inside)
    tl.store(stats + (frame * groups + group) * 2, mean)
    tl.store(stats + (frame * groups + group) * 2 + 1, root)


@triton.jit
def _backward(
    x, weight, bias, film, stats, dout, dx, sums, pixels, channels, groups, frames, count_frames,
    FILM: tl.constexpr, BLOCK: tl.constexpr, WIDTH: tl.constexpr,
):  # fmt: skip
    """`sums` [2, N, C] float32: gradients of gain and offset of each frame's channels."""
    frame = tl.program_id(0).to(tl.int64)
    group = tl.program_id(1)
    row = tl.arange(0, BLOCK)[:, None]
    column = group * WIDTH + tl.arange(0, WIDTH)[None, :]
    inside = row < pixels
    place = frame * pixels * channels + row * channels + column
    value = tl.load(x + place, mask=inside, other=0.0).to(tl.float32)
    gradient = tl.load(dout + place, mask=inside, other=0.0).to(tl.float32)
    mean = tl.load(stats + (frame * groups + group) * 2)
    root = tl.load(stats + (frame * groups + group) * 2 + 1)
    gain = tl.load(weight + column).to(tl.float32)
    offset = tl.load(bias + column).to(tl.float32)
    if FILM:
        line = film + (frame // frames) * 2 * channels
        factor = 1 + tl.load(line + column).to(tl.float32)
        gain = gain * factor
        offset = offset * factor + tl.load(line + channels + column).to(tl.float32)
    normal = tl.where(inside, (value - mean) * root, 0.0)
    z = normal * gain + offset
    s = tl.sigmoid(z)
    dz = gradient * (s + z * s * (1 - s))
    channel = group * WIDTH + tl.arange(0, WIDTH)
    tl.store(sums + frame * channels + channel, tl.sum(dz * normal, 0))
    tl.store(sums + (count_frames + frame) * channels + channel, tl.sum(dz, 0))
    g = dz * gain
    count = pixels * WIDTH
    first = tl.sum(tl.sum(g, 0), 0) / count
    second = tl.sum(tl.sum(g * normal, 0), 0) / count
    tl.store(dx + place, ((g - first - normal * second) * root).to(dx.dtype.element_ty), mask=inside)


class _NormSilu(torch.autograd.Function):
    @staticmethod
    def forward(context, x: Tensor, weight: Tensor, bias: Tensor, film: Tensor | None, width: int) -> Tensor:  # type: ignore[override]
        x = x.contiguous(memory_format=torch.channels_last)
        n, channels, height, width_pixels = (int(size) for size in x.shape)
        pixels, groups = height * width_pixels, channels // width
        if film is not None:
            film = film.contiguous()
        frames = n // int(film.shape[0]) if film is not None else 1
        out = torch.empty_like(x)
        stats = torch.empty(n, groups, 2, dtype=torch.float32, device=x.device)
        block = triton.next_power_of_2(pixels)
        _forward[(n, groups)](
            x, weight, bias, weight if film is None else film, out, stats, pixels, channels, groups, frames, EPSILON,
            FILM=film is not None, BLOCK=block, WIDTH=width, num_warps=8 if block > 256 else 4,
        )  # fmt: skip
        context.save_for_backward(x, weight, bias, film, stats)
        context.sizes = (pixels, channels, groups, frames, block, width)
        return out

    @staticmethod
    def backward(context, dout: Tensor):  # type: ignore[override]
        x, weight, bias, film, stats = context.saved_tensors
        pixels, channels, groups, frames, block, width = context.sizes
        dout = dout.contiguous(memory_format=torch.channels_last)
        n = int(x.shape[0])
        dx = torch.empty_like(x)
        sums = torch.empty(2, n, channels, dtype=torch.float32, device=x.device)
        _backward[(n, groups)](
            x, weight, bias, weight if film is None else film, stats, dout, dx, sums, pixels, channels, groups, frames, n,
            FILM=film is not None, BLOCK=block, WIDTH=width, num_warps=16 if block > 256 else 4,
        )  # fmt: skip
        if film is None:
            dweight, dbias = sums.sum(1)
            return dx, dweight, dbias, None, None
        sums = sums.reshape(2, n // frames, frames, channels).sum(2)
        dweight, dbias = (sums * (1 + film[:, :channels].float())).sum(1)
        dfilm = torch.cat([sums[0] * weight + sums[1] * bias, sums[1]], 1).to(film.dtype)
        return dx, dweight, dbias, dfilm, None


def fits(x: Tensor, width: int) -> bool:
    """Whether the kernel can take `x` [N, C, H, W]: a frame of one group must fit into registers."""
    return x.is_cuda and int(x.shape[2]) * int(x.shape[3]) <= MOST_PIXELS and int(x.shape[1]) % width == 0


def norm_silu(x: Tensor, weight: Tensor, bias: Tensor, width: int, film: Tensor | None = None) -> Tensor:
    """silu((norm(x) * weight + bias) * (1 + scale) + shift), channels_last.

    x [N, C, H, W]; weight, bias [C] float32; film [B, 2C] holds scale and shift of each clip, whose
    N / B frames lie side by side; `width` channels a group.
    """
    return _NormSilu.apply(x, weight, bias, film, width)
