"""Training: a resumed run is the uninterrupted run, bit for bit; files stay small."""

import json
import math

import pytest
import torch

from lumiere_training import store
from lumiere_training.settings import Settings, mix, parse_stages, rate_factor, stage_at
from lumiere_training.source import Planner, make_plan
from lumiere_training.tokenizer import Tokenizer
from lumiere_training.train import parser, train
from lumiere_training.trainer import load_averaged

STAGES = "8x16x2.5@0.5,16x16x2.5@1"


def run(out, *extra):
    return train(
        parser().parse_args(
            [
                "--variant",
                "tiny",
                "--out",
                str(out),
                "--steps",
                "6",
                "--stages",
                STAGES,
                "--batch",
                "3,2",
                "--pool-batches",
                "2",
                "--warm-up",
                "2",
                "--device",
                "cpu",
                "--log-every",
                "2",
                "--report-minutes",
                "99",
                *extra,
            ]
        )
    )


@pytest.fixture(autouse=True)
def no_reports(monkeypatch):
    monkeypatch.setattr("lumiere_training.train.report", lambda *a, **k: None)


def test_resume_gives_the_identical_state(tmp_path):
    whole = run(tmp_path / "whole")
    run(tmp_path / "parts", "--call-steps", "2")  # inside a pool of the first stage
    run(tmp_path / "parts", "--call-steps", "3")  # across the change of stage
    parts = run(tmp_path / "parts")
    assert whole.step == parts.step == 6
    assert whole.stage_index == parts.stage_index == 1
    for (name, a), (_, b) in zip(whole.model.named_parameters(), parts.model.named_parameters()):
        assert torch.equal(a, b), name
        assert torch.equal(whole.average.values[name], parts.average.values[name]), name
        assert whole.moments(a).keys() == parts.moments(b).keys() and "exp_avg" in whole.moments(a), name
        for key, value in whole.moments(a).items():
            assert torch.equal(value, parts.moments(b)[key]), (name, key)


def test_portable_checkpoint_loads_and_log_has_losses(tmp_path):
    trainer = run(tmp_path / "a")
    model, settings, state = load_averaged(tmp_path / "a" / "portable")
    assert settings.variant == "tiny" and state["step"] == 6
    for name, value in model.named_parameters():
        assert torch.allclose(value, trainer.average.values[name], atol=2e-3)
    events = [json.loads(line) for line in (tmp_path / "a" / "log.jsonl").read_text().splitlines()]
    assert {"start", "train", "end"} <= {event["kind"] for event in events}
    assert all(event["loss"] > 0 for event in events if event["kind"] == "train")
    again = run(tmp_path / "b", "--init", str(tmp_path / "a" / "portable"), "--call-steps", "1")
    assert again.step == 1


def test_weights_for_another_output_are_refused_by_name(tmp_path):
    run(tmp_path / "a", "--call-steps", "1")
    index = tmp_path / "a" / "portable" / "index.json"
    kept = json.loads(index.read_text())
    del kept["state"]["settings"]["preconditioned"]  # as runs before it wrote them
    index.write_text(json.dumps(kept))
    model, settings, _ = load_averaged(tmp_path / "a" / "portable")
    assert not settings.preconditioned and not model.unet.preconditioned
    with pytest.raises(ValueError, match="precondition"):
        run(tmp_path / "b", "--init", str(tmp_path / "a" / "portable"), "--call-steps", "1")


def test_another_vocabulary_is_refused_by_name(tmp_path):
    trainer = run(tmp_path / "a", "--call-steps", "1")
    trainer.tokenizer.pieces = [*trainer.tokenizer.pieces, "new"]
    with pytest.raises(ValueError, match="vocabulary.txt"):
        trainer.load(tmp_path / "a" / "checkpoint")


def test_store_splits_files_and_survives_a_crash(tmp_path, monkeypatch):
    monkeypatch.setattr(store, "PART_BYTES", 1000)
    tensors = {"a": torch.randn(37, 11), "b": torch.arange(5), "c": torch.randn(300).half(), "d": torch.tensor(3.0)}
    store.save(tmp_path / "s", tensors, {"step": 3})
    parts = sorted((tmp_path / "s").glob("part-*.bin"))
    assert len(parts) == 3 and all(part.stat().st_size <= 1000 for part in parts)
    loaded, state = store.load(tmp_path / "s")
    assert state == {"step": 3}
    assert all(torch.equal(loaded[name], value) and loaded[name].dtype == value.dtype for name, value in tensors.items())
    (tmp_path / "s").rename(tmp_path / "s.old")  # as if stopped between the two renames
    assert store.exists(tmp_path / "s") and torch.equal(store.load(tmp_path / "s")[0]["b"], tensors["b"])


def test_stages_and_rates():
    stages = parse_stages("16x64x2.5@0.55,40x64x5@0.8,80x128x5@1", "256,96,24", "0.5,0.5,1")
    assert [stage_at(stages, p) for p in (0, 0.54, 0.55, 0.9, 1.0)] == [0, 0, 1, 2, 2]
    settings = Settings(stages=stages, warm_up=10, cool_down=0.2)
    assert rate_factor(settings, 0, 0.0) == pytest.approx(0.1)
    assert rate_factor(settings, 50, 0.5) == 1
    assert rate_factor(settings, 50, 0.9) == pytest.approx(0.5)
    assert Settings.from_json(json.loads(json.dumps(settings.to_json()))) == settings
    with pytest.raises(ValueError):
        parse_stages("15x64x2@1", "1", "0")


def test_larger_clips_are_trained_at_the_times_at_which_their_layout_is_decided():
    small, large = parse_stages("16x32x2.5@0.5,80x128x5@1", "1")
    assert large.time_mean - small.time_mean == pytest.approx(0.5 * math.log(80), abs=0.02)  # 80 times the pixels
    assert small.time_deviation == 1.5
    named, _ = parse_stages("16x32x2.5@0.5,80x128x5@1", "1", "0.5,1", 1.0)
    assert (named.time_mean, named.time_deviation) == (0.5, 1.0)
    # Runs that do not name it had a deviation of 1.
    old = Settings(stages=[small]).to_json()
    del old["stages"][0]["time_deviation"]
    assert Settings.from_json(old).stages[0].time_deviation == 1.0


def test_seeds_do_not_collide():
    assert len({mix(a, b, c) for a in range(20) for b in range(20) for c in range(20)}) == 8000


def test_a_plan_made_ahead_in_a_second_process_is_the_same_plan():
    settings = Settings(variant="tiny", stages=parse_stages("8x16x2.5@1", "4", "0"), pool_batches=2, reuse=2)
    planner = Planner(settings, Tokenizer(), ahead=2)
    try:
        for pool in (0, 1, 3):
            ours, wanted = planner.plan(0, pool), make_plan(settings, Tokenizer(), 0, pool)
            assert torch.equal(ours.tokens, wanted.tokens) and torch.equal(ours.orders, wanted.orders)
            assert all(torch.equal(ours.labels[name], values) for name, values in wanted.labels.items())
    finally:
        planner.close()
