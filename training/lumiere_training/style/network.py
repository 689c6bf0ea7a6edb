"""A style network for any reference picture, of the size that a laptop's processor bears.

Three parts, all trained here from nothing:

- `StyleEncoder` turns a picture into one flat vector, the *modulation*: a gain and an offset for
  every channel of every modulated layer, and for some layers a mixture of small filters.
- `Painter` turns a frame into a painted frame: strided encoder, residual blocks at a quarter of the
  size, two enlargements. What a style changes are the statistics of its layers (after Huang and
  Belongie, "Arbitrary Style Transfer in Real-time with Adaptive Instance Normalization", 2017) and
  its filters (after the dual modulation of Wang et al., "MicroAST", 2023; here a mixture of learned
  3x3 filters per channel).
- The *statistics*: mean and deviation of the modulated layers' inputs. The painter measures them
  over everything it is given, or takes them as an input. The app measures them once over frames of
  the whole clip and paints every frame with the same numbers: no flicker by construction, and
  a frame may be painted in pieces.

Strength is a straight line between two modulations: that of the frame's own picture, with which the
painter learns to give the frame back, and that of the reference.

Pictures are RGB 0..1, `[N, 3, H, W]`, H and W multiples of 4.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

EPSILON = 1e-3
FILTERS = 4  # 3x3 filters that a channel's own filter is mixed of


@dataclass(frozen=True)
class Variant:
    """Channels at full, half and quarter size, residual blocks before and after the style enters."""

    channels: tuple[int, int, int]
    encoder_blocks: int
    decoder_blocks: int
    code: int


VARIANTS: dict[str, Variant] = {
    "full": Variant((16, 32, 64), 1, 2, 64),
    "half": Variant((8, 24, 48), 1, 2, 48),
    "tiny": Variant((4, 8, 8), 1, 1, 8),  # the fixture of the app's tests
}


@dataclass(frozen=True)
class Place:
    """A modulated layer: where its numbers lie in the modulation and in the statistics."""

    channels: int
    mixes: bool
    modulation: int
    statistics: int

    @property
    def numbers(self) -> int:
        return self.channels * (2 + (FILTERS if self.mixes else 0))


def places_of(variant: Variant) -> list[Place]:
    """The modulated layers in the order in which a frame meets them."""
    full, half, quarter = variant.channels
    wanted = [(quarter, False)]
    for _ in range(variant.decoder_blocks):
        wanted += [(quarter, True), (quarter, False)]
    wanted += [(half, False), (half, True), (full, False)]
    places: list[Place] = []
    modulation = statistics = 0
    for channels, mixes in wanted:
        place = Place(channels, mixes, modulation, statistics)
        places.append(place)
        modulation += place.numbers
        statistics += 2 * channels
    return places


def moments(x: Tensor, over: tuple[int, ...]) -> tuple[Tensor, Tensor]:
    """Mean and standard deviation, kept as `[N or 1, C, 1, 1]`."""
    mean = x.mean(over, keepdim=True)
    return mean, ((x - mean).square().mean(over, keepdim=True) + EPSILON).sqrt()


class Modulated(nn.Module):
    """Normalise, mix filters, scale and shift: what makes a layer speak in a style."""

    def __init__(self, place: Place) -> None:
        super().__init__()
        self.place = place
        if place.mixes:
            self.filters = nn.Parameter(torch.randn(FILTERS, 9) * 0.15)

    def forward(self, x: Tensor, modulation: Tensor, given: Tensor | None, found: list[Tensor], pooled: bool) -> Tensor:
        """`modulation` [N or 1, M]; `given` [N or 1, S] or None to measure; `found` gets [.., 2C]."""
        place, channels = self.place, self.place.channels
        if given is None:
            mean, deviation = moments(x, (0, 2, 3) if pooled else (2, 3))
            found.append(torch.cat([mean, deviation], 1).flatten(1))
        else:
            mine = given[:, place.statistics : place.statistics + 2 * channels].unsqueeze(-1).unsqueeze(-1)
            mean, deviation = mine[:, :channels], mine[:, channels:]
        mine = modulation[:, place.modulation : place.modulation + place.numbers]
        gain = 1 + mine[:, :channels].unsqueeze(-1).unsqueeze(-1)
        offset = mine[:, channels : 2 * channels].unsqueeze(-1).unsqueeze(-1)
        if not place.mixes:
            scale = gain / deviation
            return x * scale + (offset - mean * scale)
        x = (x - mean) / deviation
        taps = mine[:, 2 * channels :].reshape(-1, channels, FILTERS) @ self.filters
        return (x + own_filter(x, taps)) * gain + offset


def enlarged(x: Tensor) -> Tensor:
    """
    Twice the size, in straight lines. By nearest neighbours, as the network learned it up to 0.3.0, every
    cell of a quarter of the size leaves its own square in the picture: a grid of four pixels that stands still.
    """
    return functional.interpolate(x, scale_factor=2.0, mode="bilinear", align_corners=False)


def convolution(inputs: int, outputs: int, stride: int = 1) -> nn.Conv2d:
    """3x3, mirrored at the border: a border of zeros is seen 20 pixels into the picture."""
    return nn.Conv2d(inputs, outputs, 3, stride=stride, padding=1, padding_mode="reflect")


def own_filter(x: Tensor, taps: Tensor) -> Tensor:
    """Each channel of `x` [N, C, H, W] under its own 3x3 filter, `taps` [N or 1, C, 9]."""
    n, channels = int(x.shape[0]), int(x.shape[1])
    x = functional.pad(x, (1, 1, 1, 1), mode="reflect")
    if int(taps.shape[0]) == 1:
        return functional.conv2d(x, taps.reshape(channels, 1, 3, 3), groups=channels)
    rows = x.reshape(1, n * channels, x.shape[2], x.shape[3])
    rows = functional.conv2d(rows, taps.reshape(n * channels, 1, 3, 3), groups=n * channels)
    return rows.reshape(n, channels, rows.shape[2], rows.shape[3])


class Block(nn.Module):
    """Two convolutions around a residual, plain: they see the frame before the style does."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.first = convolution(channels, channels)
        self.second = convolution(channels, channels)
        with torch.no_grad():
            self.second.weight.mul_(0.3)

    def forward(self, x: Tensor) -> Tensor:
        return x + self.second(functional.relu(self.first(x)))


class StyleEncoder(nn.Module):
    """Picture [N, 3, H, W] -> modulation [N, M]. Only statistics of it remain: any size will do."""

    def __init__(self, variant: Variant) -> None:
        super().__init__()
        full, half, quarter = variant.channels
        widths = [2 * full, quarter, quarter, quarter]
        inputs = [3, *widths[:-1]]
        self.layers = nn.ModuleList(convolution(a, b, 2 if k else 1) for k, (a, b) in enumerate(zip(inputs, widths)))
        seen = 2 * (3 + sum(widths))
        self.code = nn.Sequential(nn.Linear(seen, 2 * variant.code), nn.LeakyReLU(0.2), nn.Linear(2 * variant.code, variant.code))
        places = places_of(variant)
        self.heads = nn.Linear(variant.code, places[-1].modulation + places[-1].numbers)
        with torch.no_grad():
            self.heads.weight.mul_(0.5)
            self.heads.bias.zero_()

    def forward(self, picture: Tensor) -> Tensor:
        x = picture * 2 - 1
        seen = []
        for layer in [None, *self.layers]:
            if layer is not None:
                x = functional.leaky_relu(layer(x), 0.2)
            seen += moments(x, (2, 3))
        code = self.code(torch.cat(seen, 1).flatten(1))
        return self.heads(functional.leaky_relu(code, 0.2))


class Painter(nn.Module):
    """Frames and a modulation -> painted frames and the statistics that were used."""

    def __init__(self, variant: Variant) -> None:
        super().__init__()
        full, half, quarter = variant.channels
        places = iter(places_of(variant))
        self.fine = convolution(3, full)
        self.middle = convolution(full, half, 2)
        self.coarse = convolution(half, quarter, 2)
        self.encoder = nn.Sequential(*(Block(quarter) for _ in range(variant.encoder_blocks)))
        self.enter = Modulated(next(places))
        self.convolutions = nn.ModuleList(convolution(quarter, quarter) for _ in range(2 * variant.decoder_blocks))
        self.styles = nn.ModuleList(Modulated(next(places)) for _ in range(2 * variant.decoder_blocks))
        # What the encoder saw at half size comes in again: edges stay where they are.
        self.skip = Modulated(next(places))
        self.grow_middle = convolution(quarter, half)
        self.style_middle = Modulated(next(places))
        self.grow_fine = convolution(half, full)
        self.style_fine = Modulated(next(places))
        self.out = convolution(full, 3)

    def forward(
        self, frames: Tensor, modulation: Tensor, given: Tensor | None = None, pooled: bool = False
    ) -> tuple[Tensor, Tensor]:
        """Frames [N, 3, H, W] -> painted [N, 3, H, W], statistics [N or 1, S] (`given`, or measured)."""
        found: list[Tensor] = []
        with_style = (modulation, given, found, pooled)
        fine = functional.relu(self.fine(frames * 2 - 1))
        middle = functional.relu(self.middle(fine))
        x = self.encoder(functional.relu(self.coarse(middle)))
        x = self.enter(x, *with_style)
        for k in range(0, len(self.convolutions), 2):
            h = functional.relu(self.styles[k](self.convolutions[k](x), *with_style))
            x = x + self.styles[k + 1](self.convolutions[k + 1](h), *with_style)
        edges = self.skip(middle, *with_style)
        x = self.grow_middle(enlarged(x))
        x = functional.relu(self.style_middle(x + edges, *with_style))
        x = self.grow_fine(enlarged(x))
        x = functional.relu(self.style_fine(x, *with_style))
        painted = torch.sigmoid(self.out(x))
        return painted, torch.cat(found, 1) if given is None else given


class StyleNetwork(nn.Module):
    """Both parts, as trained together."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.variant = VARIANTS[name]
        self.style = StyleEncoder(self.variant)
        self.painter = Painter(self.variant)

    def forward(self, frames: Tensor, reference: Tensor) -> Tensor:
        return self.painter(frames, self.style(reference))[0]


def sizes(name: str) -> tuple[int, int]:
    """How many numbers a modulation and a set of statistics hold."""
    last = places_of(VARIANTS[name])[-1]
    return last.modulation + last.numbers, last.statistics + 2 * last.channels


def macs_per_pixel(name: str) -> float:
    """Multiplications of the painter for one pixel of a frame."""
    full, half, quarter = VARIANTS[name].channels
    blocks = 2 * (VARIANTS[name].encoder_blocks + VARIANTS[name].decoder_blocks)
    at_full = 9 * (3 * full + half * full + full * 3)
    at_half = 9 * (full * half + quarter * half)
    at_quarter = 9 * (half * quarter + blocks * quarter * quarter)
    return at_full + at_half / 4 + at_quarter / 16
