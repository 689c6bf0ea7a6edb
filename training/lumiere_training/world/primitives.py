"""Four primitives carry every scene: spectral textures, Gaussian splats, ridges, signed distances.

None of them loops over frames: time is one more axis of every tensor.
"""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional

from .canvas import Canvas

TILE = 256
RIDGE_POINTS = 1024
MINIMUM_SIGMA = 0.42  # pixels; thinner particles flicker between pixels


class Texture:
    """A periodic fractal texture per clip, read at any coordinate of any frame.

    White noise shaped in the frequency domain to k^(-beta/2 - 4/5), zero below `lowest` cycles a
    tile and above what the picture can show (`scale` world units a tile): no aliasing at 32 pixels
    and no loss at 256. Values have mean 0 and deviation 1.
    """

    def __init__(self, canvas: Canvas, scale: float, beta: float = 2.1, lowest: int = 2, zoom: float = 1.0) -> None:
        self.scale = scale
        frequency = torch.fft.fftfreq(TILE, 1.0 / TILE, device=canvas.device)
        radius = torch.sqrt(frequency.view(-1, 1) ** 2 + frequency[: TILE // 2 + 1].abs().view(1, -1) ** 2)
        highest = 0.42 * canvas.height * scale / 2 * zoom
        shape = radius.clamp(min=1) ** (-beta / 2 - 0.8)
        shape = shape * (radius >= lowest) * torch.sigmoid((highest - radius) / max(highest * 0.08, 0.5))
        noise = canvas.normal(TILE, TILE)
        values = torch.fft.irfft2(torch.fft.rfft2(noise) * shape, s=(TILE, TILE))
        values = values / values.std(dim=(1, 2), keepdim=True).clamp(min=1e-6)
        self.values = functional.pad(values.unsqueeze(1), (0, 1, 0, 1), mode="circular")

    def read(self, x: Tensor, y: Tensor) -> Tensor:
        """Values [N, T, H, W] at world coordinates that broadcast to that shape."""
        n = self.values.shape[0]
        x, y = torch.broadcast_tensors(x, y)
        frames, height, width = x.shape[1:]
        u = torch.remainder(x / self.scale, 1.0) * (2.0 * TILE / (TILE + 1)) - 1 + 1.0 / (TILE + 1)
        v = torch.remainder(y / self.scale, 1.0) * (2.0 * TILE / (TILE + 1)) - 1 + 1.0 / (TILE + 1)
        grid = torch.stack((u.expand(n, -1, -1, -1), v.expand(n, -1, -1, -1)), dim=-1)
        read = functional.grid_sample(
            self.values, grid.reshape(n, frames * height, width, 2), mode="bilinear", padding_mode="border", align_corners=False
        )
        return read.reshape(n, frames, height, width)


def splats(canvas: Canvas, x: Tensor, y: Tensor, sigma_x: Tensor, sigma_y: Tensor, weight: Tensor) -> Tensor:
    """Sum of axis-aligned Gaussians: a bright point each.

    x, y, sigma_x, sigma_y [N, T or 1, P] in world units; weight [N, T or 1, P] -> [N, T, H, W], or
    weight [N, T or 1, P, 3] -> [N, T, 3, H, W]. One product of x- and y-profiles, no loop.
    """
    n, frames, points = canvas.count, canvas.frames, x.shape[-1]
    floor = MINIMUM_SIGMA * canvas.pixel.squeeze(-1)  # [N, T, 1]
    wide, tall = torch.maximum(sigma_x.expand(n, frames, points), floor), torch.maximum(sigma_y.expand(n, frames, points), floor)
    across = torch.exp(-0.5 * ((canvas.x - x.unsqueeze(-1)) / wide.unsqueeze(-1)) ** 2)  # [N,T,P,W]
    rows = canvas.y.transpose(2, 3)  # [N, T, 1, H]
    down = torch.exp(-0.5 * ((rows - y.unsqueeze(-1)) / tall.unsqueeze(-1)) ** 2)  # [N,T,P,H]
    if weight.dim() == 3:
        return torch.matmul((down * weight.unsqueeze(-1)).transpose(2, 3), across)
    stacked = down.unsqueeze(3) * weight.expand(n, frames, points, 3).unsqueeze(-1)  # [N,T,P,3,H]
    mixed = torch.matmul(stacked.reshape(n, frames, points, -1).transpose(2, 3), across)
    return mixed.reshape(n, frames, 3, canvas.height, canvas.width)


class Ridge:
    """A 1-D periodic fractal per clip: the outline of mountains, forests and dunes."""

    def __init__(self, canvas: Canvas, scale: float, beta: float = 2.2, lowest: int = 2, highest: int = 120) -> None:
        self.scale = scale
        frequency = torch.arange(RIDGE_POINTS // 2 + 1, device=canvas.device, dtype=torch.float32)
        shape = frequency.clamp(min=1) ** (-beta / 2 - 0.25) * (frequency >= lowest) * (frequency <= highest)
        values = torch.fft.irfft(torch.fft.rfft(canvas.normal(RIDGE_POINTS)) * shape, n=RIDGE_POINTS)
        self.values = values / values.std(dim=1, keepdim=True).clamp(min=1e-6)

    def read(self, x: Tensor) -> Tensor:
        """Heights [N, T, 1, W] at world x [N, T, 1, W]."""
        n = self.values.shape[0]
        position = torch.remainder(x / self.scale, 1.0) * RIDGE_POINTS
        index = position.floor()
        share = position - index
        flat = index.long().reshape(n, -1) % RIDGE_POINTS
        left = self.values.gather(1, flat).reshape(x.shape)
        right = self.values.gather(1, (flat + 1) % RIDGE_POINTS).reshape(x.shape)
        return left + (right - left) * share


def coverage(canvas: Canvas, distance: Tensor) -> Tensor:
    """Anti-aliased share of the pixel inside a shape, from a signed distance (negative inside)."""
    return (0.5 - distance / canvas.pixel).clamp(0, 1)


def below(canvas: Canvas, line: Tensor, softness: float = 1.0) -> Tensor:
    """1 below the height `line` [N, T, 1, W] (y runs downwards), anti-aliased."""
    return (0.5 + (canvas.y - line) / (canvas.pixel * softness)).clamp(0, 1)


def disc(x: Tensor, y: Tensor, radius: Tensor) -> Tensor:
    """Signed distance to a disc."""
    return torch.sqrt(x * x + y * y + 1e-9) - radius


def ellipse(x: Tensor, y: Tensor, half_width: Tensor, half_height: Tensor) -> Tensor:
    """Signed distance to an ellipse, exact on its edge to first order."""
    k = torch.sqrt((x / half_width) ** 2 + (y / half_height) ** 2 + 1e-9)
    gradient = torch.sqrt((x / half_width**2) ** 2 + (y / half_height**2) ** 2 + 1e-9)
    return k * (k - 1) / gradient


def box(x: Tensor, y: Tensor, half_width: Tensor, half_height: Tensor, corner: Tensor | float = 0.0) -> Tensor:
    """Signed distance to a rectangle with rounded corners."""
    dx, dy = x.abs() - (half_width - corner), y.abs() - (half_height - corner)
    outside = torch.sqrt(dx.clamp(min=0) ** 2 + dy.clamp(min=0) ** 2 + 1e-12)
    return outside + torch.maximum(dx, dy).clamp(max=0) - corner


def capsule(x: Tensor, y: Tensor, ax: Tensor, ay: Tensor, bx: Tensor, by: Tensor, radius: Tensor) -> Tensor:
    """Signed distance to a thick segment from (ax, ay) to (bx, by)."""
    px, py, qx, qy = x - ax, y - ay, bx - ax, by - ay
    share = ((px * qx + py * qy) / (qx * qx + qy * qy + 1e-9)).clamp(0, 1)
    return torch.sqrt((px - qx * share) ** 2 + (py - qy * share) ** 2 + 1e-9) - radius


def taper(x: Tensor, y: Tensor, ax: Tensor, ay: Tensor, bx: Tensor, by: Tensor, start: Tensor, end: Tensor) -> Tensor:
    """Like `capsule`, with a radius that runs from `start` at a to `end` at b (nearly exact)."""
    px, py, qx, qy = x - ax, y - ay, bx - ax, by - ay
    share = ((px * qx + py * qy) / (qx * qx + qy * qy + 1e-9)).clamp(0, 1)
    return torch.sqrt((px - qx * share) ** 2 + (py - qy * share) ** 2 + 1e-9) - (start + (end - start) * share)


def half_plane(x: Tensor, y: Tensor, ax: Tensor, ay: Tensor, bx: Tensor, by: Tensor) -> Tensor:
    """Signed distance to the side of the line a->b that lies to its right on the screen."""
    dx, dy = bx - ax, by - ay
    return ((x - ax) * dy - (y - ay) * dx) / torch.sqrt(dx * dx + dy * dy + 1e-9)


def wrap(position: Tensor, reach: float) -> Tensor:
    """Fold positions into [-reach, reach): particles that leave on one side return on the other."""
    return torch.remainder(position + reach, 2 * reach) - reach
