"""Batches of clips with captions: rendered in pools on the training device, a function of seeds only."""

from __future__ import annotations

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


class Source:
    """`batch(stage, number)` is always the same batch: resuming needs no state but two integers.

    A pool of several batches is rendered at once, sorted by family (the renderer's fast way), then
    dealt out in shuffled order.
    """

    def __init__(self, settings: Settings, device: torch.device, tokenizer: Tokenizer, media: MediaSource | None = None) -> None:
        self.settings, self.device, self.tokenizer, self.media = settings, device, tokenizer, media
        self._key: tuple[int, int] | None = None
        self._video: Tensor | None = None
        self._labels: dict[str, Tensor] = {}
        self._media_captions: dict[int, str] = {}

    def _fill(self, stage_index: int, pool: int) -> None:
        stage = self.settings.stages[stage_index]
        self._video = None  # free the old pool before the new one is made
        count = stage.batch * self.settings.pool_batches
        seed = mix(self.settings.seed, 11, stage_index, pool)
        self._labels = draw_labels(count, seed)
        clips = render(self._labels, stage.frames, stage.size, stage.seconds, mix(seed, 1), self.device)
        self._media_captions = {}
        wanted = int(round(count * self.settings.media_share)) if self.media else 0
        if wanted:
            video, texts = self.media.sample(wanted, stage.frames, stage.size, stage.seconds, mix(seed, 2))
            order = torch.randperm(count, generator=torch.Generator().manual_seed(mix(seed, 3)))[:wanted]
            clips.video[order.to(self.device)] = video.to(self.device)
            self._media_captions = dict(zip(order.tolist(), texts))
        self._video, self._key = clips.video, (stage_index, pool)

    def forget(self) -> None:
        """Drop the rendered pool."""
        self._key, self._video = None, None

    def batch(self, stage_index: int, number: int) -> Batch:
        """Batch `number` (from 0) of a stage."""
        stage = self.settings.stages[stage_index]
        per_pool = self.settings.pool_batches * self.settings.reuse
        pool, place = divmod(number, per_pool)
        if self._key != (stage_index, pool):
            self._fill(stage_index, pool)
        lap, slot = divmod(place, self.settings.pool_batches)
        seed = mix(self.settings.seed, 12, stage_index, pool, lap)
        count = stage.batch * self.settings.pool_batches
        order = torch.randperm(count, generator=torch.Generator().manual_seed(seed))
        rows = order[slot * stage.batch : (slot + 1) * stage.batch]
        texts = captions({name: values[rows] for name, values in self._labels.items()}, mix(seed, slot))
        texts = [self._media_captions.get(row, text) for row, text in zip(rows.tolist(), texts)]
        assert self._video is not None
        clean = self._video[rows.to(self.device)].float() / 127.5 - 1
        return Batch(clean, self.tokenizer.batch(texts).to(self.device), stage.seconds)
