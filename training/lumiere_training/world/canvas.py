"""What a scene draws on: coordinates over space and time of a batch, its labels and its dice.

World coordinates: y runs from -1 (top) to 1 (bottom), x from -aspect to aspect; time in seconds.
The camera is a change of coordinates, so that every scene obeys it without knowing.
Shapes: N clips, T frames, H x W pixels. Fields are [N, T, H, W], pictures [N, T, 3, H, W].
"""

from __future__ import annotations

import torch
from torch import Tensor

from .attributes import ATTRIBUTES, COLOURS, DENSITIES, DIRECTIONS, SIZES, SPEEDS, table

PAN_PACE = 0.26  # world units a second
ZOOM_PACE = 0.13  # natural logarithm of the scale, a second


class Canvas:
    """Coordinates, labels and random numbers of one batch of one family."""

    def __init__(
        self, labels: dict[str, Tensor], frames: int, height: int, width: int, seconds: float, generator: torch.Generator
    ) -> None:
        self.labels = labels
        self.device = generator.device
        self.generator = generator
        self.count = int(labels["family"].shape[0])
        self.frames, self.height, self.width, self.seconds = frames, height, width, seconds
        n = self.count
        moments = (torch.arange(frames, device=self.device, dtype=torch.float32) + 0.5) * (seconds / frames)
        self.time = moments.view(1, frames, 1, 1)
        self.centred = self.time - seconds / 2  # zero in the middle of the clip
        aspect = width / height
        x = ((torch.arange(width, device=self.device) + 0.5) / width * 2 - 1) * aspect
        y = (torch.arange(height, device=self.device) + 0.5) / height * 2 - 1
        self.screen_x, self.screen_y = x.view(1, 1, 1, width), y.view(1, 1, height, 1)
        pan, zoom = self._camera()
        scale = torch.exp(-zoom * self.centred)
        self.x = self.screen_x * scale + pan * self.centred  # [N, T, 1, W]
        self.y = (self.screen_y * scale).expand(n, frames, height, 1)  # [N, T, H, 1]
        self.pixel = (2.0 / height) * scale.expand(n, frames, 1, 1)  # world size of one pixel

    def _camera(self) -> tuple[Tensor, Tensor]:
        names = ATTRIBUTES["camera"]
        pans = {"pan left": -PAN_PACE, "pan right": PAN_PACE}
        zooms = {"zoom in": ZOOM_PACE, "zoom out": -ZOOM_PACE}
        index = self.labels["camera"].clamp(min=0)
        pan = torch.tensor([pans.get(name, 0.0) for name in names], device=self.device)[index]
        zoom = torch.tensor([zooms.get(name, 0.0) for name in names], device=self.device)[index]
        return pan.view(-1, 1, 1, 1), zoom.view(-1, 1, 1, 1)

    # dice -------------------------------------------------------------------------------------
    def rand(self, low: float = 0.0, high: float = 1.0, shape: tuple[int, ...] = (1, 1, 1)) -> Tensor:
        """Uniform numbers [N, *shape]."""
        return torch.rand(self.count, *shape, generator=self.generator, device=self.device) * (high - low) + low

    def normal(self, *shape: int) -> Tensor:
        """Normal numbers [N, *shape]."""
        return torch.randn(self.count, *shape, generator=self.generator, device=self.device)

    # labels -----------------------------------------------------------------------------------
    def _lookup(self, values: dict[str, float], attribute: str, default: float) -> Tensor:
        index = self.labels[attribute]
        found = table(values, self.device)[index.clamp(min=0)]
        return torch.where(index >= 0, found, torch.full_like(found, default)).view(-1, 1, 1, 1)

    def pace(self) -> Tensor:
        """Factor of the speed label [N, 1, 1, 1]; 1 where absent."""
        return self._lookup(SPEEDS, "speed", 1.0) * self.rand(0.88, 1.12)

    def size(self) -> Tensor:
        """Factor of the size label [N, 1, 1, 1]."""
        return self._lookup(SIZES, "size", 1.0) * self.rand(0.92, 1.08)

    def density(self) -> Tensor:
        """Factor of the density label [N, 1, 1, 1]."""
        return self._lookup(DENSITIES, "density", 1.0)

    def heading(self, default: tuple[float, float] = (1.0, 0.0)) -> tuple[Tensor, Tensor]:
        """Unit vector of the direction label, x and y, each [N, 1, 1, 1]."""
        index = self.labels["direction"]
        vectors = table(DIRECTIONS, self.device)[index.clamp(min=0)]
        fallback = torch.tensor(default, device=self.device).expand_as(vectors)
        vectors = torch.where((index >= 0).unsqueeze(1), vectors, fallback)
        return vectors[:, 0].view(-1, 1, 1, 1), vectors[:, 1].view(-1, 1, 1, 1)

    def paint(self, attribute: str = "colour", jitter: float = 0.05) -> Tensor:
        """Colour of the label [N, 1, 3, 1, 1] with a little variation."""
        index = self.labels[attribute].clamp(min=0)
        colour = (
            table(COLOURS, self.device)[index]
            + (torch.rand(self.count, 3, generator=self.generator, device=self.device) - 0.5) * 2 * jitter
        )
        return colour.clamp(0, 1).view(-1, 1, 3, 1, 1)

    def choose(self, attribute: str, rows: dict[str, tuple[float, float, float]]) -> Tensor:
        """A colour by label from `rows` [N, 1, 3, 1, 1] (the first row where the label is absent)."""
        names = ATTRIBUTES[attribute]
        first = next(iter(rows.values()))
        stack = torch.tensor([rows.get(name, first) for name in names], device=self.device)
        return stack[self.labels[attribute].clamp(min=0)].view(-1, 1, 3, 1, 1)

    def is_value(self, attribute: str, value: str) -> Tensor:
        """1.0 where the label has this value [N, 1, 1, 1]."""
        wanted = ATTRIBUTES[attribute].index(value)
        return (self.labels[attribute] == wanted).float().view(-1, 1, 1, 1)

    def constant(self, red: float, green: float, blue: float) -> Tensor:
        """One colour for the batch [1, 1, 3, 1, 1]."""
        return torch.tensor((red, green, blue), device=self.device).view(1, 1, 3, 1, 1)

    def blank(self) -> Tensor:
        """A black picture [N, T, 3, H, W]."""
        return torch.zeros(self.count, self.frames, 3, self.height, self.width, device=self.device)


def over(picture: Tensor, colour: Tensor, coverage: Tensor) -> Tensor:
    """Lay `colour` over `picture` [N,T,3,H,W] where `coverage` [N,T,H,W] says so."""
    return picture + (colour - picture) * coverage.unsqueeze(2)


def smooth(edge0: float, edge1: float, value: Tensor) -> Tensor:
    """Hermite step from 0 at edge0 to 1 at edge1 (edges may be given in either order)."""
    t = ((value - edge0) / (edge1 - edge0)).clamp(0, 1)
    return t * t * (3 - 2 * t)
