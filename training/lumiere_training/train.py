"""Train the Space-Time U-Net: one command, stop and continue at will.

    python -m lumiere_training.train --variant M --out out/m1 --minutes 23 --call-minutes 9

The same command again continues from `out/m1/checkpoint`; when the run is over it says so and ends
with 0. Files: `checkpoint/` (everything, for the same machine), `portable/` (averaged weights,
float16), `log.jsonl`, `sheets/`. `--profile` measures throughput per stage and batch size instead.
"""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path

import torch

from . import store
from .meters import MotionMeter, SwapMeter, sample_sheet
from .profile import profile
from .settings import TIME_DEVIATION, Settings, parse_stages
from .source import Source
from .stunet import VARIANTS, count_parameters
from .tokenizer import Tokenizer
from .trainer import Trainer

RATES = {"tiny": 2e-3, "S": 1e-3, "M": 6e-4, "large": 3e-4}


def parser() -> argparse.ArgumentParser:
    """Every option of the command."""
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--variant", choices=tuple(VARIANTS), default="M")
    p.add_argument("--out", type=Path, required=True)
    p.add_argument("--minutes", type=float, default=0.0, help="length of the run in minutes of training, over all calls")
    p.add_argument("--steps", type=int, default=0, help="length of the run in steps (deterministic); instead of --minutes")
    p.add_argument(
        "--call-minutes", type=float, default=0.0, help="save and leave after this many minutes of this call, all included"
    )
    p.add_argument("--call-steps", type=int, default=0, help="save and leave after so many steps of this call")
    p.add_argument(
        "--stages", default="16x64x2.5@0.55,40x64x5@0.8,80x128x5@1", help="frames x size x seconds @ end, comma-separated"
    )
    p.add_argument("--batch", default="256,96,24", help="batch size per stage")
    p.add_argument(
        "--time-mean", default="", help="logit-normal mean per stage, comma-separated; by each stage's size when left out"
    )
    p.add_argument("--time-deviation", type=float, default=TIME_DEVIATION)
    p.add_argument("--lr", type=float, default=0.0)
    p.add_argument("--warm-up", type=int, default=300)
    p.add_argument("--cool-down", type=float, default=0.2)
    p.add_argument("--average-decay", type=float, default=0.9995, help="of the averaged weights; .999 for runs under 10k steps")
    p.add_argument("--text-pace", type=float, default=0.2, help="share of --lr that the caption encoder learns at")
    p.add_argument("--optimiser", choices=("muon", "adamw"), default="muon")
    p.add_argument("--factorised", action="store_true", help="without attention over places and times together, as in the paper")
    p.add_argument("--text-dropout", type=float, default=0.12)
    p.add_argument("--pool-batches", type=int, default=8)
    p.add_argument("--reuse", type=int, default=1)
    p.add_argument("--media", type=Path, default=None, help="a folder prepared by lumiere_training.media")
    p.add_argument("--media-share", default="0", help="share of each stage's clips, comma-separated")
    p.add_argument(
        "--task",
        choices=("all", "keyframes", "interpolate", "next"),
        default="all",
        help="the others are designs to compare with: halves of the cascade, and frame by frame",
    )
    p.add_argument("--init", type=Path, default=None, help="portable checkpoint to start from when --out has none")
    p.add_argument(
        "--text",
        type=Path,
        default=None,
        help="caption encoder of lumiere_training.text_train for a run that begins with neither --init nor a checkpoint",
    )
    p.add_argument("--continue-schedule", action="store_true", help="with --init: keep its step and elapsed time")
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    p.add_argument("--threads", type=int, default=0, help="CPU threads (0: PyTorch's choice)")
    p.add_argument("--channels-last", action="store_true")
    p.add_argument("--compile", action="store_true")
    p.add_argument("--fused", action="store_true", help="norms as kernels of our own: a GPU with Triton, with --channels-last")
    p.add_argument("--graphs", action="store_true", help="record the network's kernels once per stage: a GPU")
    p.add_argument("--log-every", type=int, default=50)
    p.add_argument("--report-minutes", type=float, default=2.0, help="minutes of training between sample sheets and swap gaps")
    p.add_argument("--save-minutes", type=float, default=4.0)
    p.add_argument("--profile", action="store_true", help="measure throughput instead of training")
    p.add_argument("--profile-seconds", type=float, default=6.0, help="per case, after warm-up")
    p.add_argument("--profile-factors", default="0.5,1,2", help="batch sizes, as multiples of --batch")
    return p


def settings_from(arguments: argparse.Namespace) -> Settings:
    """The run that the command line asks for."""
    return Settings(
        variant=arguments.variant,
        seed=arguments.seed,
        stages=parse_stages(
            arguments.stages,
            arguments.batch,
            arguments.time_mean,
            arguments.time_deviation,
            arguments.media_share if arguments.media else "0",
        ),
        learning_rate=arguments.lr or RATES[arguments.variant],
        warm_up=arguments.warm_up,
        cool_down=arguments.cool_down,
        average_decay=arguments.average_decay,
        text_dropout=arguments.text_dropout,
        steps=arguments.steps,
        minutes=arguments.minutes,
        pool_batches=arguments.pool_batches,
        reuse=arguments.reuse,
        space_time=not arguments.factorised,
        optimiser=arguments.optimiser,
        text_pace=arguments.text_pace,
        task=arguments.task,
    )


class Log:
    """JSON lines to a file, a short line to the terminal."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.path = path

    def write(self, kind: str, **values: object) -> None:
        """One event."""
        with open(self.path, "a", encoding="utf-8") as file:
            file.write(json.dumps({"kind": kind, **values}) + "\n")
        shown = (f"{k}={v:.4g}" if isinstance(v, float) else f"{k}={v}" for k, v in values.items() if k != "settings")
        print(kind, *shown, flush=True)


def report(trainer: Trainer, tokenizer: Tokenizer, meters: dict[int, tuple[SwapMeter, MotionMeter]], out: Path, log: Log) -> None:
    """Swap gaps, motion and a sample sheet with the averaged weights."""
    trainer.pause_clock()
    stage = trainer.settings.stages[trainer.stage_index]
    if trainer.stage_index not in meters:
        meters.clear()  # the clips of one stage at a time stay in memory
        batch = max(2, min(58, stage.batch))
        meters[trainer.stage_index] = (
            SwapMeter(stage, trainer.device, tokenizer, batch=batch),
            MotionMeter(stage, trainer.device, tokenizer, count=96 if trainer.device.type == "cuda" else 24),  # it generates
        )
    gaps, motion = meters[trainer.stage_index]
    with trainer.averaged() as model:
        log.write("gaps", step=trainer.step, stage=str(stage), **gaps.measure(model, trainer.precision))
        log.write("motion", step=trainer.step, stage=str(stage), **motion.measure(model, trainer.precision))
        sample_sheet(model, stage, out / "sheets" / f"step-{trainer.step:07d}.png", tokenizer, trainer.device, trainer.precision)


def train(arguments: argparse.Namespace) -> Trainer:
    """Run until the plan, the call's minutes or its steps are over."""
    started = time.perf_counter()
    if arguments.threads:
        torch.set_num_threads(arguments.threads)
    device = torch.device(arguments.device)
    if device.type == "cuda":
        torch.backends.cuda.matmul.allow_tf32 = True
        torch.backends.cudnn.allow_tf32 = True
        torch.backends.cudnn.benchmark = True
    settings, tokenizer = settings_from(arguments), Tokenizer()
    source = Source(settings, device, tokenizer, arguments.media)
    fast = (arguments.channels_last, arguments.compile, arguments.fused, arguments.graphs)
    trainer = Trainer(settings, device, source, tokenizer, *fast)
    if arguments.profile:
        profile(trainer, arguments.out, arguments.profile_seconds, [float(f) for f in arguments.profile_factors.split(",")])
        return trainer
    if not settings.steps and not settings.minutes:
        raise SystemExit("say how long: --minutes or --steps")
    log = Log(arguments.out / "log.jsonl")
    checkpoint, portable = arguments.out / "checkpoint", arguments.out / "portable"
    if store.exists(checkpoint):
        trainer.load(checkpoint)
    elif arguments.init:
        trainer.load_portable(arguments.init, arguments.continue_schedule)
    elif arguments.text:
        trainer.load_text(arguments.text)
    log.write(
        "start",
        step=trainer.step,
        elapsed=trainer.elapsed,
        parameters=count_parameters(trainer.model),
        device=str(device),
        torch=torch.__version__,
        settings=settings.to_json(),
    )
    meters: dict[int, tuple[SwapMeter, MotionMeter]] = {}
    last = {"report": trainer.elapsed, "save": trainer.elapsed, "log": trainer.elapsed}
    log_step, first_step, samples = trainer.step, trainer.step, 0
    while trainer.progress < 1:
        trainer.train_step()
        samples += settings.stages[trainer.stage_index].batch
        if (trainer.step - log_step) >= arguments.log_every:
            losses = trainer.take_losses()  # waits for the device: elapsed is then true time
            trainer.pause_clock()
            rate = samples / max(trainer.elapsed - last["log"], 1e-6)
            log.write(
                "train",
                step=trainer.step,
                stage=str(settings.stages[trainer.stage_index]),
                progress=trainer.progress,
                minutes=trainer.elapsed / 60,
                per_second=rate,
                lr=trainer.rate,
                **losses,
            )
            log_step, samples, last["log"] = trainer.step, 0, trainer.elapsed
        if trainer.elapsed - last["report"] > 60 * arguments.report_minutes:
            report(trainer, tokenizer, meters, arguments.out, log)
            last["report"] = trainer.elapsed
        if trainer.elapsed - last["save"] > 60 * arguments.save_minutes:
            trainer.pause_clock()
            trainer.save(checkpoint)
            last["save"] = trainer.elapsed
        spent = time.perf_counter() - started
        if arguments.call_minutes and spent > 60 * arguments.call_minutes:
            break
        if arguments.call_steps and trainer.step - first_step >= arguments.call_steps:
            break
    report(trainer, tokenizer, meters, arguments.out, log)
    trainer.save(checkpoint)
    trainer.save_portable(portable)
    source.planner.close()
    over = trainer.progress >= 1
    log.write("end", step=trainer.step, elapsed=trainer.elapsed, over=over, wall=time.perf_counter() - started)
    print("the run is over" if over else "saved: the same command continues", flush=True)
    return trainer


def main() -> None:
    train(parser().parse_args())


if __name__ == "__main__":
    main()
