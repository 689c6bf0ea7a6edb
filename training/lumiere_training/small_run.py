"""The training run of a small network as a command: options, where it starts, and its loop.

Every field of the settings is an option. A run goes on from its own checkpoint, else from `--init`;
it logs once a minute and at the end of a call, and saves and draws a sheet every few minutes and at its end.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Protocol

import torch
from torch import nn

from . import store
from .stunet import count_parameters


class Trainer(Protocol):
    """What the loop asks of a run."""

    network: nn.Module
    step: int

    @property
    def progress(self) -> float: ...

    def train_step(self) -> None: ...

    def report(self) -> dict: ...

    def save(self, folder: Path, half: bool = False) -> None: ...

    def resume(self, folder: Path) -> None: ...


def run_parser(description: str | None, defaults: object, pictures: str) -> argparse.ArgumentParser:
    """The options of every run; `defaults` are the settings, a dataclass."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--pictures", type=Path, default=Path(pictures))
    parser.add_argument("--init", type=Path, help="a checkpoint to go on from when --out holds none")
    parser.add_argument("--keep", type=Path, help="folder for a small copy of the checkpoint")
    parser.add_argument("--call-minutes", type=float, default=0.0)
    parser.add_argument("--sheet-minutes", type=float, default=5.0)
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    parser.add_argument("--threads", type=int, default=0)
    for name, value in asdict(defaults).items():
        parser.add_argument("--" + name.replace("_", "-"), type=type(value), default=None)
    return parser


def begin(arguments: argparse.Namespace, defaults: object) -> tuple[Path | None, dict, dict]:
    """The checkpoint to start from, its settings (or the defaults), and what the command changes of them."""
    if arguments.threads:
        torch.set_num_threads(arguments.threads)
    own = checkpoint_of(arguments)
    start = own if store.exists(own) else arguments.init
    known = asdict(defaults) if start is None else store.load(start)[1]["settings"]
    changes = {name: getattr(arguments, name) for name in asdict(defaults)}
    return start, known, {name: value for name, value in changes.items() if value is not None}


def checkpoint_of(arguments: argparse.Namespace) -> Path:
    return arguments.out / "checkpoint"


def go(
    trainer: Trainer,
    arguments: argparse.Namespace,
    start: Path | None,
    draw: Callable[[Path], None],
    counted: tuple[str, int] | None = None,
) -> None:
    """Train until the run or this call is over; `counted` names what a step has many of, for their rate."""
    if start is not None:
        trainer.resume(start)
    print(f"{count_parameters(trainer.network)} parameters, from step {trainer.step}", flush=True)
    arguments.out.mkdir(parents=True, exist_ok=True)
    began = logged = shown = time.monotonic()
    steps_then = trainer.step

    def show() -> None:
        trainer.save(checkpoint_of(arguments))
        if arguments.keep:
            trainer.save(arguments.keep, half=True)
        draw(arguments.out / "sheets" / f"{trainer.step:07d}.png")

    def tell(seconds: float) -> None:
        line = trainer.report()
        if counted is not None:
            name, many = counted
            line |= {f"{name}_per_second": round((trainer.step - steps_then) * many / max(seconds, 1e-6), 2)}
        with open(arguments.out / "log.jsonl", "a") as file:
            file.write(json.dumps(line) + "\n")
        print(json.dumps(line), flush=True)

    while trainer.progress < 1 and not 0 < arguments.call_minutes <= (time.monotonic() - began) / 60:
        trainer.train_step()
        now = time.monotonic()
        if now - logged >= 60:
            tell(now - logged)
            logged, steps_then = now, trainer.step
        if now - shown >= 60 * arguments.sheet_minutes:
            show()
            shown = time.monotonic()
    if trainer.step > steps_then:
        tell(time.monotonic() - logged)  # a short call has a line as well
    show()
