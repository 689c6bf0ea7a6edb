"""From a seed to labelled clips: draw the labels, render each family in chunks, on any device."""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor

from .attributes import ABSENT, ATTRIBUTES
from .canvas import Canvas
from .families import FAMILIES, Family
from .styles import apply_style

CHUNK_PIXELS = 32 * 80 * 128 * 128  # pixels x frames rendered at once: about 2 GB of fields
PLAIN_STYLE, PLAIN_CAMERA = 0.55, 0.65  # share of samples without a special style or camera
HELD_OUT = 16  # one attribute combination in so many is kept for evaluation
# What makes a combination: the attributes that a caption binds together.
COMBINATION = ("family", "colour", "background", "size", "count", "direction", "speed", "density", "light")
FEWEST_COMBINATIONS = 24  # a family with fewer is seen whole in training: evaluation gets new seeds of it only


@dataclass
class Clips:
    """Rendered clips uint8 [N, T, 3, H, W] with labels {attribute: int64 [N]} and length in seconds."""

    video: Tensor
    labels: dict[str, Tensor]
    seconds: float


def _combinations(family: Family) -> int:
    return math.prod(len(family.options.values[name]) for name in COMBINATION if name in family.options.values)


def is_held_out(labels: dict[str, Tensor]) -> Tensor:
    """Which samples belong to the combinations that training never sees: bool [N]."""
    many = torch.tensor([_combinations(family) >= FEWEST_COMBINATIONS for family in FAMILIES], device=labels["family"].device)
    key = torch.full_like(labels["family"], 17)
    for name in COMBINATION:
        key = (key * 31 + labels[name] + 2) % 1_000_003
    key = (key * 48_271) % 2_147_483_647
    return ((key >> 7) % HELD_OUT == 0) & many[labels["family"]]


def _draw(count: int, generator: torch.Generator, families: list[int]) -> dict[str, Tensor]:
    labels = {name: torch.full((count,), ABSENT, dtype=torch.int64) for name in ATTRIBUTES}
    allowed = torch.tensor(families)
    # A shuffled repeat rather than free dice: every family gets its equal share.
    order = torch.randperm(count, generator=generator)
    labels["family"] = allowed[(order + int(torch.randint(len(families), (1,), generator=generator))) % len(families)]
    for index in families:
        rows = (labels["family"] == index).nonzero().squeeze(1)
        options = FAMILIES[index].options
        for name in options.values:
            values = torch.tensor(options.indices(name))
            pick = values[torch.randint(len(values), (len(rows),), generator=generator)]
            plain = {"style": PLAIN_STYLE, "camera": PLAIN_CAMERA}.get(name, 0.0)
            keep_plain = torch.rand(len(rows), generator=generator) < plain
            labels[name][rows] = torch.where(keep_plain, values[0].expand_as(pick), pick)
    return labels


def draw_labels(count: int, seed: int, families: list[str] | None = None, held_out: bool = False) -> dict[str, Tensor]:
    """Labels {attribute: int64 [count]} on the CPU, the same on every device for one seed.

    Training draws from the combinations that are not held out, evaluation only from those that are
    (of families with fewer than `FEWEST_COMBINATIONS`, from all).
    """
    generator = torch.Generator().manual_seed(seed)
    names = [family.name for family in FAMILIES]
    chosen = [names.index(name) for name in families] if families else list(range(len(names)))
    labels = _draw(count, generator, chosen)
    rich = torch.tensor([_combinations(family) >= FEWEST_COMBINATIONS for family in FAMILIES])
    for _ in range(400):
        hidden_subject = (labels["colour"] == labels["background"]) & (labels["colour"] != ABSENT)
        wrong = ((is_held_out(labels) != held_out) & rich[labels["family"]]) | hidden_subject
        wrong = wrong.nonzero().squeeze(1)
        if len(wrong) == 0:
            break
        fresh = [_draw(1, generator, [int(labels["family"][row])]) for row in wrong] if len(wrong) < 8 else None
        if fresh is None:
            many = _draw(len(wrong) * 4, generator, sorted(set(labels["family"][wrong].tolist())))
            for row in wrong.tolist():
                same = (many["family"] == labels["family"][row]).nonzero().squeeze(1)
                if len(same):
                    pick = int(same[int(torch.randint(len(same), (1,), generator=generator))])
                    for name in labels:
                        labels[name][row] = many[name][pick]
        else:
            for row, single in zip(wrong.tolist(), fresh):
                for name in labels:
                    labels[name][row] = single[name][0]
    return labels


@torch.no_grad()
def render(
    labels: dict[str, Tensor], frames: int, size: int, seconds: float, seed: int, device: torch.device | str = "cpu"
) -> Clips:
    """Render labelled clips. One device and one seed give the same pixels every time."""
    device = torch.device(device)
    generator = torch.Generator(device=device).manual_seed(seed)
    count = len(labels["family"])
    video = torch.empty(count, frames, 3, size, size, dtype=torch.uint8, device=device)
    per_chunk = max(1, CHUNK_PIXELS // (frames * size * size * (1 if device.type == "cuda" else 8)))
    style = labels["style"].clamp(min=0)
    for family in torch.unique(labels["family"]).tolist():
        rows = (labels["family"] == family).nonzero().squeeze(1)
        rows = rows[torch.argsort(style[rows], stable=True)]
        for chunk in rows.split(per_chunk):
            canvas = Canvas(
                {name: values[chunk].to(device) for name, values in labels.items()}, frames, size, size, seconds, generator
            )
            picture = FAMILIES[family].draw(canvas).expand(len(chunk), frames, 3, size, size).clamp(0, 1)
            for look in torch.unique(style[chunk]).tolist():
                place = (style[chunk] == look).nonzero().squeeze(1)
                first, last = int(place[0]), int(place[-1]) + 1
                inside = chunk[first:last]
                part = Canvas(
                    {name: values[inside].to(device) for name, values in labels.items()}, frames, size, size, seconds, generator
                )
                styled = apply_style(part, look, picture[first:last])
                video[inside.to(device)] = (styled.clamp(0, 1) * 255 + 0.5).to(torch.uint8)
    return Clips(video, labels, seconds)


def sample_clips(
    count: int,
    frames: int,
    size: int,
    seconds: float,
    seed: int,
    device: torch.device | str = "cpu",
    families: list[str] | None = None,
    held_out: bool = False,
) -> Clips:
    """Labels and pixels from one seed."""
    return render(draw_labels(count, seed, families, held_out), frames, size, seconds, seed + 1, device)
