"""Batches of clips with captions: rendered in pools on the training device, a function of seeds only."""

from __future__ import annotations

import functools
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor

from .media import MediaSource
from .settings import Settings, mix
from .tokenizer import Tokenizer
from .world import draw_labels, render
from .world.captions import captions

AHEAD = 5  # pools planned beforehand: each has a process, and media take seconds a pool


@dataclass
class Batch:
    """clean [N, T, 3, H, W] in -1..1, tokens [N, L], clip length in seconds."""

    clean: Tensor
    tokens: Tensor
    seconds: float


@dataclass
class Plan:
    """What a pool will hold: labels of its clips; per lap the order they are dealt in and their captions."""

    labels: dict[str, Tensor]
    orders: Tensor  # [reuse, clips]
    tokens: Tensor  # [reuse, clips, L], in that order
    media: Tensor  # uint8 [M, T, 3, H, W]: photographs and natural clips,
    places: Tensor  # [M], that stand in the pool where these are


@functools.lru_cache(maxsize=1)
def _media(folder: Path) -> MediaSource:
    return MediaSource(folder)


def make_plan(settings: Settings, tokenizer: Tokenizer, stage_index: int, pool: int, media: Path | None = None) -> Plan:
    """Draw a pool's labels, word its captions and take its share of media: on the CPU, from seeds."""
    stage = settings.stages[stage_index]
    count, own = stage.batch * settings.pool_batches, mix(settings.seed, 11, stage_index, pool)
    labels = draw_labels(count, own)
    orders, tokens = [], []
    for lap in range(settings.reuse):
        seed = mix(settings.seed, 12, stage_index, pool, lap)
        order = torch.randperm(count, generator=torch.Generator().manual_seed(seed))
        orders.append(order)
        for slot, rows in enumerate(order.split(stage.batch)):
            texts = captions({name: values[rows] for name, values in labels.items()}, mix(seed, slot))
            tokens.append(tokenizer.batch(texts))
    plan = Plan(
        labels, torch.stack(orders), torch.cat(tokens).reshape(settings.reuse, count, -1),
        torch.empty(0, stage.frames, 3, stage.size, stage.size, dtype=torch.uint8), torch.empty(0, dtype=torch.int64),
    )  # fmt: skip
    wanted = round(count * stage.media_share) if media else 0
    if media and wanted:
        plan.media, texts = _media(media).sample(wanted, stage.frames, stage.size, stage.seconds, mix(own, 2))
        plan.places = torch.randperm(count, generator=torch.Generator().manual_seed(mix(own, 3)))[:wanted]
        for order, row in zip(plan.orders, plan.tokens):
            row[torch.argsort(order)[plan.places]] = tokenizer.batch(texts)
    return plan


def _plan_in_worker(settings: Settings, pieces: list[str], *place: object) -> tuple:
    torch.set_num_threads(1)
    plan = make_plan(settings, Tokenizer(pieces), *place)  # type: ignore[arg-type]
    # Arrays, not tensors: those would be shared through file handles.
    labels = {name: values.numpy() for name, values in plan.labels.items()}
    return labels, plan.orders.numpy(), plan.tokens.numpy(), plan.media.numpy(), plan.places.numpy()


class Planner:
    """Plans, with the next ones made in processes of their own while a GPU works on this one.

    Wording captions costs a processor 60 microseconds a sample, which a GPU at small sizes does not wait for.
    """

    def __init__(self, settings: Settings, tokenizer: Tokenizer, ahead: int, media: Path | None = None) -> None:
        """`ahead`: pools that are planned beforehand, each by a process; 0 plans when asked."""
        self.settings, self.tokenizer, self.ahead, self.media = settings, tokenizer, ahead, media
        self.workers = ProcessPoolExecutor(ahead + 1) if ahead else None
        self.coming: dict[tuple[int, int], Future] = {}

    def plan(self, stage_index: int, pool: int) -> Plan:
        """The plan of one pool."""
        if self.workers is None:
            return make_plan(self.settings, self.tokenizer, stage_index, pool, self.media)
        self.coming = {key: future for key, future in self.coming.items() if key[0] >= stage_index}
        wanted = [(stage_index, pool + later) for later in range(self.ahead + 1)]
        if stage_index + 1 < len(self.settings.stages):
            wanted.append((stage_index + 1, 0))  # nobody knows how soon: stages change by the clock
        for key in wanted:
            if key not in self.coming:
                self.coming[key] = self.workers.submit(_plan_in_worker, self.settings, self.tokenizer.pieces, *key, self.media)
        labels, *rest = self.coming.pop((stage_index, pool)).result()
        # Copies: an array out of a pickle may not be writable, which PyTorch warns of.
        tensors = {name: torch.from_numpy(values.copy()) for name, values in labels.items()}
        return Plan(tensors, *(torch.from_numpy(values.copy()) for values in rest))

    def close(self) -> None:
        """End the processes."""
        if self.workers is not None:
            self.workers.shutdown(cancel_futures=True)


class Source:
    """`batch(stage, number)` is always the same batch: resuming needs no state but two integers.

    A pool of several batches is rendered at once, sorted by family (the renderer's fast way), then
    dealt out in shuffled order. Everything of a pool lies on the training device: a copy to a GPU in
    every step would make it wait.
    """

    def __init__(self, settings: Settings, device: torch.device, tokenizer: Tokenizer, media: Path | None = None) -> None:
        """`media`: a folder prepared by media.py."""
        self.settings, self.device = settings, device
        self.planner = Planner(settings, tokenizer, AHEAD if device.type == "cuda" else 0, media)
        self._key: tuple[int, int] | None = None
        self._video: Tensor | None = None
        self._orders = self._tokens = torch.empty(0)

    def _fill(self, stage_index: int, pool: int) -> None:
        stage = self.settings.stages[stage_index]
        self._video = None  # free the old pool before the new one is made
        plan = self.planner.plan(stage_index, pool)
        seed = mix(self.settings.seed, 11, stage_index, pool)
        clips = render(plan.labels, stage.frames, stage.size, stage.seconds, mix(seed, 1), self.device)
        if len(plan.places):
            clips.video[plan.places.to(self.device)] = plan.media.to(self.device)
        self._orders, self._tokens = plan.orders.to(self.device), plan.tokens.to(self.device)
        self._video, self._key = clips.video, (stage_index, pool)

    def forget(self) -> None:
        """Drop the rendered pool."""
        self._key, self._video = None, None

    def batch(self, stage_index: int, number: int) -> Batch:
        """Batch `number` (from 0) of a stage."""
        stage = self.settings.stages[stage_index]
        pool, place = divmod(number, self.settings.pool_batches * self.settings.reuse)
        if self._key != (stage_index, pool):
            self._fill(stage_index, pool)
        lap, slot = divmod(place, self.settings.pool_batches)
        rows = slice(slot * stage.batch, (slot + 1) * stage.batch)
        assert self._video is not None
        clean = self._video[self._orders[lap, rows]].float() / 127.5 - 1
        return Batch(clean, self._tokens[lap, rows], stage.seconds)
