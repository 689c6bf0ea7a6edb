"""Throughput per stage and batch size: run before a long run, to set `--batch` and the split."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import torch

from .settings import Stage, mix
from .source import Batch

if TYPE_CHECKING:
    from .trainer import Trainer


def _synchronise(device: torch.device) -> None:
    if device.type == "cuda":
        torch.cuda.synchronize()


def _time_case(trainer: Trainer, batch: Batch, stage: Stage, seconds: float) -> float:
    """Training steps a second on one repeated batch."""
    generator = torch.Generator(device=trainer.device).manual_seed(1)

    def step() -> None:
        trainer.update(trainer.draw(batch, generator, stage))

    for _ in range(3 if trainer.device.type == "cuda" else 1):
        step()
    _synchronise(trainer.device)
    started, count = time.perf_counter(), 0
    while time.perf_counter() - started < seconds:
        step()
        count += 1
        _synchronise(trainer.device)
    return count / (time.perf_counter() - started)


def _kernels(trainer: Trainer, batch: Batch, stage: Stage, rows: int = 28) -> str:
    """Which kernels a step's time goes to: a GPU."""
    generator = torch.Generator(device=trainer.device).manual_seed(1)
    with torch.profiler.profile(activities=[torch.profiler.ProfilerActivity.CUDA]) as seen:
        trainer.update(trainer.draw(batch, generator, stage))
        _synchronise(trainer.device)
    return seen.key_averages().table(sort_by="self_device_time_total", row_limit=rows, max_name_column_width=90)


def profile(trainer: Trainer, out: Path, seconds: float, factors: list[float]) -> list[dict]:
    """Measure rendering and training for every stage at multiples of its batch size."""
    rows = []
    out.mkdir(parents=True, exist_ok=True)
    for index, stage in enumerate(trainer.settings.stages):
        for factor in factors:
            size = max(1, int(stage.batch * factor))
            trainer.settings.stages[index] = replace(stage, batch=size)
            row: dict = {"stage": str(stage), "batch": size}
            try:
                if trainer.device.type == "cuda":
                    torch.cuda.reset_peak_memory_stats()
                trainer.source.forget()
                started = time.perf_counter()
                batch = trainer.source.batch(index, mix(size) % 1000 * trainer.settings.pool_batches)
                _synchronise(trainer.device)
                row["rendered_per_second"] = size * trainer.settings.pool_batches / (time.perf_counter() - started)
                row["trained_per_second"] = size * _time_case(trainer, batch, stage, seconds)
                if trainer.device.type == "cuda":
                    row["peak_gib"] = torch.cuda.max_memory_allocated() / 2**30
                    (out / f"kernels-{stage}-{size}.txt").write_text(_kernels(trainer, batch, stage))
            except torch.OutOfMemoryError:
                row["error"] = "out of memory"
                torch.cuda.empty_cache()
            rows.append(row)
            print(json.dumps({k: round(v, 2) if isinstance(v, float) else v for k, v in row.items()}), flush=True)
        trainer.settings.stages[index] = stage
    (out / "profile.json").write_text(json.dumps(rows, indent=1))
    return rows
