"""What a run shows while it trains: sample sheets and the caption-swap gap.

The caption-swap gap of an attribute is the loss with that one attribute of the caption wrong, minus
the loss with it right, same noise, same time: the cheapest meter of prompt adherence. Attributes
become visible in it in the order scene, amount, colour, speed, direction.
"""

from __future__ import annotations

from pathlib import Path

import torch
from torch import Tensor, nn

from .conditioning import network_input
from .flow_matching import add_noise, generate, loss_per_sample, mean_to_shift
from .motion import global_velocity
from .settings import PALETTE_BEYOND, Stage, layout_logit, mix
from .tokenizer import Tokenizer
from .world import FAMILIES, draw_labels, render
from .world.attributes import ATTRIBUTES, DIRECTIONS, visible
from .world.captions import caption, swapped
from .world.sheet import save_sheet

SWAPPED = ("colour", "direction", "speed", "density", "count", "size", "light", "background", "camera", "style")
PROMPTS = (
    "a red ball moving slowly to the left on a white background",
    "a blue ball moving fast to the right on a yellow background",
    "clouds drifting to the right by day",
    "sunset over the sea",
    "a large orange fire burning",
    "heavy snow falling at night",
    "three green fish swimming to the left",
    "un palloncino rosso in volo verso l'alto, di giorno",
    "mountains passing to the right at sunset",
    "a yellow car driving to the left, cartoon style",
)
METER_SEED = 424242  # apart from every training seed by construction of `mix`


class SwapMeter:
    """Fixed clips of held-out combinations, fixed noise and times; only the captions differ."""

    def __init__(self, stage: Stage, device: torch.device, tokenizer: Tokenizer, count: int = 116, batch: int = 16) -> None:
        self.stage, self.device, self.tokenizer, self.batch = stage, device, tokenizer, batch
        labels = draw_labels(count, METER_SEED, held_out=True)
        self.video = render(labels, stage.frames, stage.size, stage.seconds, METER_SEED + 1, device).video
        seen = visible(labels)
        self.rows = [{name: int(values[row]) for name, values in seen.items()} for row in range(count)]
        generator = torch.Generator().manual_seed(METER_SEED + 2)
        # One time per clip, spread over the range in which captions matter: up to where noise hides all but the palette.
        last = layout_logit(stage.frames, stage.size) + PALETTE_BEYOND
        self.times = torch.linspace(0, last, count).sigmoid()[torch.randperm(count, generator=generator)].to(device)
        self.right = [caption(row, index, "en", keep=1.0) for index, row in enumerate(self.rows)]

    def _losses(self, model: nn.Module, rows: list[int], texts: list[str], precision) -> Tensor:
        parts = []
        for start in range(0, len(rows), self.batch):
            pick = torch.tensor(rows[start : start + self.batch], device=self.device)
            clean = self.video[pick].float() / 127.5 - 1
            # On the device: a processor would need longer for this noise than a GPU for the network.
            generator = torch.Generator(device=self.device).manual_seed(mix(METER_SEED, rows[start]))
            noise = torch.randn(clean.shape, generator=generator, device=self.device)
            mask = torch.zeros_like(clean[:, :, :1])
            tokens = self.tokenizer.batch(texts[start : start + self.batch]).to(self.device)
            seconds = torch.full((len(pick),), self.stage.seconds, device=self.device)
            inputs = network_input(add_noise(clean, noise, self.times[pick]), mask, clean)
            with precision():
                predicted = model(inputs, self.times[pick], seconds, tokens)
            parts.append(loss_per_sample(predicted, clean, noise, mask))
        return torch.cat(parts)

    @torch.no_grad()
    def measure(self, model: nn.Module, precision) -> dict[str, float]:
        """Gap per attribute; `family` takes the caption of another family's clip. Also the plain loss."""
        everything = list(range(len(self.rows)))
        gaps = {"validation": float(self._losses(model, everything, self.right, precision).mean())}
        other = [(row + 7) % len(self.rows) for row in everything]
        rows = [row for row in everything if self.rows[row]["family"] != self.rows[other[row]]["family"]]
        pairs = {"family": (rows, [self.right[other[row]] for row in rows])}
        for attribute in SWAPPED:
            changed = [(row, swapped(self.rows[row], attribute, row)) for row in everything]
            kept = [(row, labels) for row, labels in changed if labels is not None]
            pairs[attribute] = ([row for row, _ in kept], [caption(labels, row, "en", keep=1.0) for row, labels in kept])
        for attribute, (rows, texts) in pairs.items():
            if rows:
                # The noise depends on the rows of a batch: measure right and wrong over the same rows.
                right = self._losses(model, rows, [self.right[row] for row in rows], precision)
                gaps[attribute] = float((self._losses(model, rows, texts, precision) - right).mean())
        return gaps


class MotionMeter:
    """How far what a caption sends on its way gets along it, beside rendered clips of the same captions.

    The swap gap of a direction is lost in the gaps' noise long before clips follow it, and clips in which nothing
    travels follow none: this shows both. Families whose rendered clips do not measurably move as they say are left
    out, and none of the captions is one of training.
    """

    STRAIGHT = 0.02  # widths a second along the stated way, in the mean of a family's rendered clips

    def __init__(self, stage: Stage, device: torch.device, tokenizer: Tokenizer, count: int = 96) -> None:
        self.stage, self.device, self.tokenizer = stage, device, tokenizer
        names = [family.name for family in FAMILIES if "direction" in family.options.values]
        labels = draw_labels(count, METER_SEED + 3, names, held_out=True)
        vectors = torch.tensor([DIRECTIONS[name] for name in ATTRIBUTES["direction"]])
        ways = vectors[labels["direction"]]
        video = render(labels, stage.frames, stage.size, stage.seconds, METER_SEED + 4, device).video
        along = (self._velocity(video) * ways).sum(1)
        moving = [
            number for number in labels["family"].unique().tolist() if along[labels["family"] == number].mean() > self.STRAIGHT
        ]
        rows = torch.isin(labels["family"], torch.tensor(moving)).nonzero().squeeze(1)
        seen = visible(labels)
        self.texts = [
            caption({name: int(values[row]) for name, values in seen.items()}, row, "en", keep=1.0) for row in rows.tolist()
        ]
        self.rows, self.ways, self.rendered = rows, ways[rows], float(along[rows].mean())

    def _velocity(self, video: Tensor) -> Tensor:
        return torch.cat([global_velocity(part.float() / 255, self.stage.seconds).cpu() for part in video.split(16)])

    @torch.no_grad()
    def measure(self, model: nn.Module, precision, steps: int = 20, guidance: float = 2.0, batch: int = 32) -> dict[str, float]:
        """`along`: speed along the stated way as a share of the rendered clips'; `travel`: whatever way it goes;
        `followed`: share of the clips that move more that way than the other, .5 by chance."""
        made = make_clips(
            model,
            self.texts,
            self.stage,
            self.tokenizer,
            self.device,
            precision,
            steps=steps,
            guidance=guidance,
            seed=5,
            batch=batch,
        )
        velocity = self._velocity(made)
        along = (velocity * self.ways).sum(1)
        pace = (velocity * self.ways.abs()).norm(dim=1)
        return {
            "along": float(along.mean()) / self.rendered,
            "travel": float(pace.mean()) / self.rendered,
            "followed": float((along > 0).float().mean()),
            "clips": len(self.texts),
        }


@torch.no_grad()
def make_clips(
    model: nn.Module,
    prompts: list[str],
    stage: Stage,
    tokenizer: Tokenizer,
    device: torch.device,
    precision,
    *,
    steps: int,
    guidance: float,
    seed: int,
    batch: int,
) -> Tensor:
    """Clips of prompts at a stage's size and its own shift: uint8 [N, T, 3, H, W] on the CPU."""
    empty = tokenizer.batch([""]).to(device)
    made = []
    for start in range(0, len(prompts), batch):
        tokens = tokenizer.batch(prompts[start : start + batch]).to(device)
        with precision():
            clips = generate(
                model,
                tokens,
                empty,
                (len(tokens), stage.frames, 3, stage.size, stage.size),
                stage.seconds,
                steps=steps,
                guidance=guidance,
                shift=mean_to_shift(stage.time_mean),
                seed=seed + start,
            )
        made.append(((clips.float() + 1) * 127.5 + 0.5).clamp(0, 255).to(torch.uint8).cpu())
    return torch.cat(made)


def sample_sheet(
    model: nn.Module,
    stage: Stage,
    path: Path,
    tokenizer: Tokenizer,
    device: torch.device,
    precision,
    *,
    steps: int = 16,
    guidance: float = 2.0,
    seed: int = 5,
    prompts: tuple[str, ...] = PROMPTS,
    batch: int = 5,
) -> Tensor:
    """Clips of fixed prompts as a PNG; returns them uint8 [N, T, 3, H, W]."""
    video = make_clips(
        model, list(prompts), stage, tokenizer, device, precision, steps=steps, guidance=guidance, seed=seed, batch=batch
    )
    save_sheet(video, path, columns=6, clips_across=2)
    return video
