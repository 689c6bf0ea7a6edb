"""The network: encoder, memory of keys and values, decoder. Cells are 8x8 pixels, H and W multiples of 16."""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional

STRIDE = 8
KEY = 64
CELLS = 16  # of a value: the mask itself inside the cell, 4x4, which is what keys alone would carry
TOP = 8  # best cells that a reading is made of outside training (STCN: 20, of far more frames)
LEAP = 2  # cells beyond the last mask's that a mask may reach in one frame
SPACE = 16.0  # cells that count as one for the price of distance
# Channels at a half, a quarter, an eighth and a sixteenth; residual blocks there; learned numbers of a value.
VARIANTS = {
    "tiny": ((8, 8, 16, 16), (0, 1, 1, 1), 8),
    "half": ((16, 32, 64, 96), (0, 2, 2, 2), 48),
    "full": ((24, 48, 96, 128), (0, 2, 3, 3), 80),
}


class Features(NamedTuple):
    """A frame as the encoder sees it."""

    key: Tensor  # [N, 64, H/8, W/8], of length one
    eighth: Tensor  # [N, C, H/8, W/8]
    quarter: Tensor
    half: Tensor


def conv(inner: int, outer: int, stride: int = 1, kernel: int = 3) -> nn.Sequential:
    return nn.Sequential(nn.Conv2d(inner, outer, kernel, stride, kernel // 2, bias=False), nn.BatchNorm2d(outer))


def double(x: Tensor) -> Tensor:
    return functional.interpolate(x, scale_factor=2, mode="bilinear", align_corners=False)


class Block(nn.Module):
    """Two convolutions beside a shortcut."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.first, self.second = conv(channels, channels), conv(channels, channels)
        nn.init.constant_(self.second[1].weight, 0.3)

    def forward(self, x: Tensor) -> Tensor:
        return functional.relu(x + self.second(functional.relu(self.first(x))))


def stage(inner: int, outer: int, blocks: int) -> nn.Sequential:
    return nn.Sequential(conv(inner, outer, 2), nn.ReLU(), *(Block(outer) for _ in range(blocks)))


class Follower(nn.Module):
    """Follows one mask; see `follow.py` and `train.follow_clips` for how the parts work together."""

    def __init__(self, variant: str = "full") -> None:
        super().__init__()
        (half, quarter, eighth, sixteenth), blocks, value = VARIANTS[variant]
        self.to_half = stage(3, half, blocks[0])
        self.to_quarter = stage(half, quarter, blocks[1])
        self.to_eighth = stage(quarter, eighth, blocks[2])
        self.to_sixteenth = stage(eighth, sixteenth, blocks[3])
        self.from_sixteenth = conv(sixteenth, eighth, kernel=1)
        self.joined = Block(eighth)
        self.to_key = nn.Conv2d(eighth, KEY, 1)
        # How sharply keys are compared, and what distance costs: from the painted frame, from a recent one.
        self.sharpness = nn.Parameter(torch.tensor(2.5))
        self.nearness = nn.Parameter(torch.tensor([-1.0, 0.0]))

        self.mask_body = nn.Sequential(stage(4, half, 0), stage(half, quarter, 0), stage(quarter, eighth, 0))
        self.value_in = conv(2 * eighth, eighth)
        self.value_body = Block(eighth)
        self.to_value = nn.Conv2d(eighth, value, 1)

        self.read_in = conv(value + 2 * CELLS + eighth, eighth, kernel=1)
        self.read_body = nn.Sequential(Block(eighth), Block(eighth))
        self.up_quarter, self.skip_quarter = conv(eighth, quarter, kernel=1), conv(quarter + 8, quarter)
        self.body_quarter = Block(quarter)
        self.up_half, self.skip_half = conv(quarter, half, kernel=1), conv(half + 2, half)
        self.out = nn.Sequential(conv(half, half), nn.ReLU(), nn.Conv2d(half, 1, 3, padding=1))
        nn.init.normal_(self.out[2].weight, std=1e-3)
        # What the keys carry is believed to begin with; the decoder learns what to add.
        self.carried = nn.Parameter(torch.tensor(4.0))

    def encode(self, pictures: Tensor) -> Features:
        """pictures [N, 3, H, W] 0..1."""
        half = self.to_half((pictures - 0.45) * 4)
        quarter = self.to_quarter(half)
        eighth = self.to_eighth(quarter)
        wide = self.from_sixteenth(self.to_sixteenth(eighth))
        eighth = self.joined(functional.relu(eighth + double(wide)))
        key = self.to_key(eighth).float()
        return Features(key / (key.square().sum(1, keepdim=True) + 1e-6).sqrt(), eighth, quarter, half)

    def remember(self, pictures: Tensor, eighth: Tensor, masks: Tensor) -> Tensor:
        """What the cells of frames with masks [N, 1, H, W] 0..1 answer when asked: [N, V, H/8, W/8]."""
        body = self.mask_body(torch.cat([(pictures - 0.45) * 4, masks * 4 - 2], 1))
        body = self.value_body(functional.relu(self.value_in(torch.cat([body, eighth.to(body.dtype)], 1))))
        return torch.cat([self.to_value(body).float(), cells(masks)], 1)

    def agreement(self, key: Tensor, keys: Tensor, first: bool) -> Tensor:
        """key [B, 64, h, w], keys [B, n, 64, h, w] of the painted frame or of recent ones -> [B, h*w, n*h*w].

        Cosine over a temperature, less a price for the squared distance: one product of longer vectors.
        """
        ones = torch.ones_like(key[:, :1])
        x, y = (ones.cumsum(3) - 1) / SPACE, (ones.cumsum(2) - 1) / SPACE
        square = x * x + y * y
        price = functional.softplus(self.nearness[0 if first else 1])
        asked = torch.cat([key * self.sharpness.exp(), x, y, square, ones], 1).flatten(2).transpose(1, 2)
        place = torch.cat([2 * price * x, 2 * price * y, -price * ones, -price * square], 1)[:, None]
        stored = torch.cat([keys, place.expand(-1, keys.shape[1], -1, -1, -1)], 2)
        return asked @ stored.transpose(1, 2).flatten(2)

    def read(self, key: Tensor, keys: Tensor, values: Tensor, top: int = 0) -> Tensor:
        """What the cells of a frame [B, 64, h, w] are told by memory [B, n, ., h, w], the painted frame first.

        With `top` by so many best cells alone (B = 1). In float32 whatever is around it: scores are
        compared by differences that half precision does not have.
        """
        with torch.autocast(key.device.type, enabled=False):
            return self._read(key, keys, values, top)

    def _read(self, key: Tensor, keys: Tensor, values: Tensor, top: int) -> Tensor:
        logits = self.agreement(key, keys[:, :1], True)
        if torch.jit.is_tracing() or keys.shape[1] > 1:  # a graph gets at least one recent frame
            logits = torch.cat([logits, self.agreement(key, keys[:, 1:], False)], 2)
        stored = values.transpose(1, 2).flatten(2)  # [B, V, n*h*w]
        if top:
            best, index = logits[0].topk(top)
            answers = stored[0].t()[index.flatten()].reshape(*index.shape, -1)
            told = (best.softmax(-1)[:, None] @ answers)[:, 0].t()[None]
        else:
            told = stored @ logits.softmax(-1).transpose(1, 2)
        return told.reshape(told.shape[0], told.shape[1], *key.shape[2:])

    def decode(self, frame: Features, told: Tensor, previous: Tensor) -> Tensor:
        """Logits [B, 1, H/2, W/2] of a frame by what memory told and the frame before's mask [B, 1, H, W]."""
        carried = functional.pixel_shuffle(told[:, -CELLS:], 4)
        before = functional.avg_pool2d(previous, 2)
        own = frame.eighth
        x = functional.relu(self.read_in(torch.cat([told.to(own.dtype), cells(previous).to(own.dtype), own], 1)))
        x = self.up_quarter(self.read_body(x))
        pair = torch.cat([carried, before], 1).to(own.dtype)
        x = functional.relu(double(x) + self.skip_quarter(torch.cat([frame.quarter, functional.pixel_unshuffle(pair, 2)], 1)))
        x = self.up_half(self.body_quarter(x))
        x = functional.relu(double(x) + self.skip_half(torch.cat([frame.half, pair], 1)))
        return self.out(x).float() + self.carried * (2 * carried - 1)


def cells(masks: Tensor) -> Tensor:
    """[N, 1, H, W] -> [N, 16, H/8, W/8]: the mask at half size, 4x4 numbers a cell."""
    return functional.pixel_unshuffle(functional.avg_pool2d(masks, 2), 4)


def drawn(logits: Tensor, previous: Tensor) -> Tensor:
    """The mask [B, 1, H, W] 0..1 of logits at half size: nothing appears far from where the last mask was."""
    last = functional.max_pool2d((previous > 0.5).to(logits.dtype), STRIDE)
    near = functional.max_pool2d(last, 2 * LEAP + 1, 1, LEAP)
    return double(logits).sigmoid() * functional.interpolate(near, scale_factor=STRIDE, mode="nearest")


@torch.no_grad()
def multiplications(network: Follower, height: int, width: int, recent: int) -> int:
    """Multiply-adds of one frame: encoded, asked of `recent` frames and the painted one, drawn, remembered."""
    total = 0

    def count(module: nn.Conv2d, _: object, out: Tensor) -> None:
        nonlocal total
        total += out[0].numel() * module.weight[0].numel()

    hooks = [m.register_forward_hook(count) for m in network.modules() if isinstance(m, nn.Conv2d)]
    picture, mask = torch.zeros(1, 3, height, width), torch.zeros(1, 1, height, width)
    frame = network.encode(picture)
    value = network.remember(picture, frame.eighth, mask)
    network.decode(frame, value, mask)
    for hook in hooks:
        hook.remove()
    size = height * width // STRIDE**2
    return total + size * size * (1 + recent) * (KEY + 4)
