"""Motion measured from pixels: global translation, local flow, warp error, flicker.

A classifier on stacked frames judges direction no better than chance; least squares on image
gradients (Lucas & Kanade, 1981) does, and can be verified on rendered clips first.
Clips are float [N, T, 3, H, W] in 0..1.
"""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional


def gray(video: Tensor) -> Tensor:
    """Brightness [N, T, H, W]."""
    return video[:, :, 0] * 0.299 + video[:, :, 1] * 0.587 + video[:, :, 2] * 0.114


def _blur(x: Tensor, radius: int) -> Tensor:
    """Two box blurs of [M, 1, H, W]."""
    for _ in range(2):
        x = functional.avg_pool2d(functional.pad(x, [radius] * 4, mode="replicate"), 2 * radius + 1, stride=1)
    return x


def _gradients(first: Tensor, second: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """d/dx, d/dy and d/dt of two pictures [M, 1, H, W], per pixel and per frame."""
    middle = functional.pad((first + second) / 2, (1, 1, 1, 1), mode="replicate")
    dx = (middle[:, :, 1:-1, 2:] - middle[:, :, 1:-1, :-2]) / 2
    dy = (middle[:, :, 2:, 1:-1] - middle[:, :, :-2, 1:-1]) / 2
    return dx, dy, second - first


def global_velocity(video: Tensor, seconds: float) -> Tensor:
    """Mean translation of a clip [N, 2] in widths a second (x to the right, y downwards).

    One least-squares translation per frame pair, weighted by gradients, so that a single object on a
    plain ground counts and the plain ground does not; then the median over time.
    """
    n, frames, _, height, width = video.shape
    picture = gray(video).reshape(n * frames, 1, height, width)
    picture = _blur(picture, max(1, width // 32)).reshape(n, frames, 1, height, width)
    # Even out exposure changes between frames: they would look like motion at every edge.
    picture = picture - picture.mean(dim=(3, 4), keepdim=True)
    dx, dy, dt = _gradients(picture[:, :-1].flatten(0, 1), picture[:, 1:].flatten(0, 1))
    sums = [term.mean(dim=(1, 2, 3)) for term in (dx * dx, dx * dy, dy * dy, dx * dt, dy * dt)]
    xx, xy, yy, xt, yt = sums
    ridge = 1e-3 * (xx + yy) + 1e-9
    xx, yy = xx + ridge, yy + ridge
    determinant = (xx * yy - xy * xy).clamp(min=1e-14)
    u, v = -(yy * xt - xy * yt) / determinant, -(xx * yt - xy * xt) / determinant
    rate = frames / seconds / width
    return torch.stack((u.reshape(n, -1).median(1).values, v.reshape(n, -1).median(1).values), 1) * rate


def local_flow(first: Tensor, second: Tensor, passes: int = 3) -> Tensor:
    """Dense flow from `first` to `second` gray pictures [M, 1, H, W]: [M, 2, H, W] in pixels."""
    m, _, height, width = first.shape
    radius = max(2, width // 24)
    flow = torch.zeros(m, 2, height, width, device=first.device)
    a = _blur(first, 1)
    b = _blur(second, 1)
    for _ in range(passes):
        moved = warp(b, flow)
        dx, dy, dt = _gradients(a, moved)
        window = [_blur(term, radius) for term in (dx * dx, dx * dy, dy * dy, dx * dt, dy * dt)]
        xx, xy, yy, xt, yt = window
        xx, yy = xx + 3e-6, yy + 3e-6
        determinant = xx * yy - xy * xy
        step = torch.cat((-(yy * xt - xy * yt) / determinant, -(xx * yt - xy * xt) / determinant), 1)
        flow = flow + step.clamp(-2, 2)
    return flow


def warp(picture: Tensor, flow: Tensor) -> Tensor:
    """Read `picture` [M, C, H, W] at pixel + flow."""
    height, width = picture.shape[2:]
    y, x = torch.meshgrid(torch.arange(height, device=picture.device), torch.arange(width, device=picture.device), indexing="ij")
    gx = (x + flow[:, 0] + 0.5) / width * 2 - 1
    gy = (y + flow[:, 1] + 0.5) / height * 2 - 1
    return functional.grid_sample(picture, torch.stack((gx, gy), -1), padding_mode="border", align_corners=False)


def warp_error(video: Tensor) -> Tensor:
    """Mean absolute difference [N] of each frame to the next one warped back, in 0..255."""
    n, frames, channels, height, width = video.shape
    first, second = video[:, :-1].flatten(0, 1), video[:, 1:].flatten(0, 1)
    flow = local_flow(gray(first.unsqueeze(0))[0].unsqueeze(1), gray(second.unsqueeze(0))[0].unsqueeze(1))
    return (warp(second, flow) - first).abs().mean(dim=(1, 2, 3)).reshape(n, frames - 1).mean(1) * 255


def flicker(video: Tensor) -> Tensor:
    """Mean absolute second difference over time of brightness in 4x4 areas [N], in 0..255.

    Steady motion changes an area's brightness smoothly; flicker goes up and down.
    """
    areas = functional.adaptive_avg_pool2d(gray(video), 4)
    return (areas[:, 2:] - 2 * areas[:, 1:-1] + areas[:, :-2]).abs().mean(dim=(1, 2, 3)) * 255


def judged_direction(velocity: Tensor, options: list[str]) -> list[str]:
    """The one of `options` (left, right, up, down) nearest to each velocity [N, 2]."""
    from .world.attributes import DIRECTIONS

    vectors = torch.tensor([DIRECTIONS[name] for name in options], device=velocity.device)
    return [options[index] for index in (velocity @ vectors.T).argmax(1).tolist()]
