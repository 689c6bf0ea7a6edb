"""The command of a small network's run, on a run that only counts."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import nn

from lumiere_training import store
from lumiere_training.small_run import begin, go, run_parser


@dataclass(frozen=True)
class Settings:
    steps: int = 3
    learning_rate: float = 0.1


class Counting:
    def __init__(self, settings: dict) -> None:
        self.network = nn.Linear(2, 1)
        self.settings = settings
        self.step = 0

    @property
    def progress(self) -> float:
        return self.step / self.settings["steps"]

    def train_step(self) -> None:
        self.step += 1

    def report(self) -> dict:
        return {"step": self.step}

    def save(self, folder: Path, half: bool = False) -> None:
        store.save(folder, {"step": torch.tensor([self.step])}, {"settings": self.settings, "half": half})

    def resume(self, folder: Path) -> None:
        self.step = int(store.load(folder)[0]["step"])


def start(tmp_path: Path, *more: str) -> tuple[Counting, list[Path]]:
    arguments = run_parser("a run", Settings(), "pictures").parse_args(["--out", str(tmp_path / "run"), *more])
    checkpoint, known, changes = begin(arguments, Settings())
    trainer, drawn = Counting(known | changes), []
    go(trainer, arguments, checkpoint, drawn.append, ("pairs", 2))
    return trainer, drawn


def test_a_run_ends_with_a_checkpoint_and_a_sheet(tmp_path: Path) -> None:
    trainer, drawn = start(tmp_path, "--keep", str(tmp_path / "kept"))
    assert trainer.step == 3
    assert drawn == [tmp_path / "run" / "sheets" / "0000003.png"]
    assert store.load(tmp_path / "kept")[1]["half"]


def test_it_goes_on_from_its_own_checkpoint_with_what_the_call_changes(tmp_path: Path) -> None:
    start(tmp_path)
    trainer, _ = start(tmp_path, "--steps", "5")
    assert trainer.step == 5
    assert trainer.settings == {"steps": 5, "learning_rate": 0.1}
    assert store.load(tmp_path / "run" / "checkpoint")[1]["settings"]["steps"] == 5


def test_a_first_run_may_start_from_a_kept_one(tmp_path: Path) -> None:
    start(tmp_path, "--keep", str(tmp_path / "kept"))
    trainer, _ = start(tmp_path / "other", "--init", str(tmp_path / "kept"), "--steps", "4")
    assert trainer.step == 4


def test_the_log_says_how_many_of_what_a_second(tmp_path: Path, monkeypatch: object) -> None:
    clock = iter(range(0, 100_000, 61))
    monkeypatch.setattr("lumiere_training.small_run.time.monotonic", lambda: next(clock))
    start(tmp_path)
    lines = [json.loads(line) for line in (tmp_path / "run" / "log.jsonl").read_text().splitlines()]
    assert [line["step"] for line in lines] == [1, 2, 3]
    assert all(line["pairs_per_second"] > 0 for line in lines)


def test_a_call_of_less_than_a_minute_is_logged_as_well(tmp_path: Path) -> None:
    start(tmp_path)
    start(tmp_path)  # over already: nothing to tell
    start(tmp_path, "--steps", "5")
    lines = [json.loads(line) for line in (tmp_path / "run" / "log.jsonl").read_text().splitlines()]
    assert [line["step"] for line in lines] == [3, 5]
    assert all(line["pairs_per_second"] > 0 for line in lines)
