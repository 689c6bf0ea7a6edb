"""Batches of clips with captions: rendered in pools on the training device, a function of seeds only."""

from __future__ import annotations

from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass

import torch
from torch import Tensor

from .media import MediaSource
from .settings import Settings, mix
from .tokenizer import Tokenizer
from .world import draw_labels, render
from .world.captions import captions


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


def make_plan(settings: Settings, tokenizer: Tokenizer, stage_index: int, pool: int) -> Plan:
    """Draw a pool's labels and word its captions: on the CPU, from seeds."""
    batch, batches = settings.stages[stage_index].batch, settings.pool_batches
    labels = draw_labels(batch * batches, mix(settings.seed, 11, stage_index, pool))
    orders, tokens = [], []
    for lap in range(settings.reuse):
        seed = mix(settings.seed, 12, stage_index, pool, lap)
        order = torch.randperm(batch * batches, generator=torch.Generator().manual_seed(seed))
        orders.append(order)
        for slot, rows in enumerate(order.split(batch)):
            texts = captions({name: values[rows] for name, values in labels.items()}, mix(seed, slot))
            tokens.append(tokenizer.batch(texts))
    return Plan(labels, torch.stack(orders), torch.cat(tokens).reshape(settings.reuse, batch * batches, -1))


def _plan_in_worker(settings: Settings, pieces: list[str], stage_index: int, pool: int) -> tuple:
    torch.set_num_threads(1)
    plan = make_plan(settings, Tokenizer(pieces), stage_index, pool)
    # Arrays, not tensors: those would be shared through file handles.
    return {name: values.numpy() for name, values in plan.labels.items()}, plan.orders.numpy(), plan.tokens.numpy()


class Planner:
    """Plans, with the next one made in a second process while a GPU works on this one.

    Wording captions costs about as much processor time as starting a training step's kernels.
    """

    def __init__(self, settings: Settings, tokenizer: Tokenizer, ahead: bool) -> None:
        self.settings, self.tokenizer = settings, tokenizer
        self.worker = ProcessPoolExecutor(1) if ahead else None
        self.coming: dict[tuple[int, int], Future] = {}

    def plan(self, stage_index: int, pool: int) -> Plan:
        """The plan of one pool."""
        if self.worker is None:
            return make_plan(self.settings, self.tokenizer, stage_index, pool)
        for key in [(stage_index, pool), (stage_index, pool + 1)]:
            if key not in self.coming:
                self.coming[key] = self.worker.submit(_plan_in_worker, self.settings, self.tokenizer.pieces, *key)
        labels, orders, tokens = self.coming.pop((stage_index, pool)).result()
        self.coming = {key: future for key, future in self.coming.items() if key[0] == stage_index}
        # Copies: an array out of a pickle may not be writable, which PyTorch warns of.
        tensors = {name: torch.from_numpy(values.copy()) for name, values in labels.items()}
        return Plan(tensors, torch.from_numpy(orders.copy()), torch.from_numpy(tokens.copy()))

    def close(self) -> None:
        """End the second process."""
        if self.worker is not None:
            self.worker.shutdown(cancel_futures=True)


class Source:
    """`batch(stage, number)` is always the same batch: resuming needs no state but two integers.

    A pool of several batches is rendered at once, sorted by family (the renderer's fast way), then
    dealt out in shuffled order. Everything of a pool lies on the training device: a copy to a GPU in
    every step would make it wait.
    """

    def __init__(self, settings: Settings, device: torch.device, tokenizer: Tokenizer, media: MediaSource | None = None) -> None:
        self.settings, self.device, self.tokenizer, self.media = settings, device, tokenizer, media
        self.planner = Planner(settings, tokenizer, ahead=device.type == "cuda")
        self._key: tuple[int, int] | None = None
        self._video: Tensor | None = None
        self._orders = self._tokens = torch.empty(0)

    def _fill(self, stage_index: int, pool: int) -> None:
        stage = self.settings.stages[stage_index]
        self._video = None  # free the old pool before the new one is made
        count = stage.batch * self.settings.pool_batches
        seed = mix(self.settings.seed, 11, stage_index, pool)
        plan = self.planner.plan(stage_index, pool)
        clips = render(plan.labels, stage.frames, stage.size, stage.seconds, mix(seed, 1), self.device)
        wanted = int(round(count * self.settings.media_share)) if self.media else 0
        if self.media and wanted:
            video, texts = self.media.sample(wanted, stage.frames, stage.size, stage.seconds, mix(seed, 2))
            place = torch.randperm(count, generator=torch.Generator().manual_seed(mix(seed, 3)))[:wanted]
            clips.video[place.to(self.device)] = video.to(self.device)
            for order, tokens in zip(plan.orders, plan.tokens):
                tokens[torch.argsort(order)[place]] = self.tokenizer.batch(texts)
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
