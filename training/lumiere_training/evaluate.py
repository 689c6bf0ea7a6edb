"""Measure a checkpoint on held-out captions and seeds, beside the same numbers of rendered clips.

    python -m lumiere_training.evaluate judge --out out/judge --steps 3000
    python -m lumiere_training.evaluate model --checkpoint out/m1/portable --judge out/judge --out out/eval-m1

Every accuracy is shown with its ceiling: the judge's accuracy on rendered clips of the same labels.
Direction counts only families in which the motion measure is right on rendered clips.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import torch
from torch import Tensor

from .cascade import WINDOW, generate_cascade, step_at_joins
from .classifier import judge_clips, load_judge, train_judge
from .flow_matching import generate, mean_to_shift
from .frame_by_frame import generate_frame_by_frame
from .layers import use_fused
from .motion import flicker, global_velocity, judged_direction, warp_error
from .packs import PackNetwork, pack_facts, read_pack
from .reranker.choose import generate_chosen
from .tokenizer import Tokenizer
from .trainer import load_averaged
from .world import ATTRIBUTES, FAMILIES, draw_labels, render
from .world.attributes import visible
from .world.captions import captions
from .world.sheet import save_sheet

SEED = 9_000_000_000
TRUSTED = 0.9  # accuracy on rendered clips from which a family's direction is judged


def frechet_distance(a: Tensor, b: Tensor) -> float:
    """Between Gaussians fitted to features [N, D] and [M, D] (Dowson & Landau, 1982; ours, not "FID")."""
    a, b = a.double(), b.double()
    means = (a.mean(0) - b.mean(0)).square().sum()
    cov_a, cov_b = torch.cov(a.T), torch.cov(b.T)
    # trace of the root of cov_a cov_b, through a symmetric product
    values, vectors = torch.linalg.eigh(cov_a)
    root = vectors @ torch.diag(values.clamp(min=0).sqrt()) @ vectors.T
    inner = torch.linalg.eigvalsh(root @ cov_b @ root).clamp(min=0).sqrt().sum()
    return float(means + cov_a.trace() + cov_b.trace() - 2 * inner)


def accuracies(predicted: dict[str, Tensor], labels: dict[str, Tensor]) -> dict[str, float]:
    """Share right per attribute, over the samples that have it."""
    found = {}
    for name, values in predicted.items():
        has = labels[name] >= 0
        if has.any():
            found[name] = float((values[has] == labels[name][has]).float().mean())
    return found


def direction_table(velocity: Tensor, labels: dict[str, Tensor]) -> dict[str, list[bool]]:
    """Per family: whether the measured direction is the stated one, a sample each."""
    table: dict[str, list[bool]] = {}
    for index, family in enumerate(FAMILIES):
        options = list(family.options.values.get("direction", ()))
        rows = ((labels["family"] == index) & (labels["direction"] >= 0)).nonzero().squeeze(1)
        if not options or len(rows) == 0:
            continue
        judged = judged_direction(velocity[rows], options)
        wanted = [ATTRIBUTES["direction"][int(labels["direction"][row])] for row in rows]
        table[family.name] = [a == b for a, b in zip(judged, wanted)]
    return table


def speed_order(velocity: Tensor, labels: dict[str, Tensor]) -> float:
    """Share of slow-fast pairs of one family in which the fast one moves faster."""
    right = total = 0
    pace = velocity.norm(dim=1)
    slow, fast = ATTRIBUTES["speed"].index("slow"), ATTRIBUTES["speed"].index("fast")
    for index, family in enumerate(FAMILIES):
        if "direction" not in family.options.values:
            continue
        here = labels["family"] == index
        a, b = pace[here & (labels["speed"] == slow)], pace[here & (labels["speed"] == fast)]
        right += int((b.unsqueeze(0) > a.unsqueeze(1)).sum())
        total += len(a) * len(b)
    return right / total if total else float("nan")


def measure(
    judge: torch.nn.Module, video: Tensor, labels: dict[str, Tensor], seconds: float, trusted: set[str] | None = None
) -> tuple[dict, Tensor, dict]:
    """All numbers of one set of clips uint8 [N, T, 3, H, W]: scalars, features, direction per family."""
    predicted, features = judge_clips(judge, video)
    device = next(judge.parameters()).device

    def each(number, size: int) -> Tensor:
        return torch.cat([number(part.to(device).float() / 255).cpu() for part in video.split(size)])

    plain = each(lambda clips: global_velocity(clips, seconds), 16)
    directions = direction_table(plain, labels)
    judged = [right for name, rows in directions.items() if trusted is None or name in trusted for right in rows]
    numbers = {f"{name} accuracy": value for name, value in accuracies(predicted, visible(labels)).items()}
    numbers["direction accuracy"] = sum(judged) / len(judged) if judged else float("nan")
    numbers["speed order"] = speed_order(plain, labels)
    numbers["travel"] = float(plain.norm(dim=1).mean())  # widths a second: what stands still follows no direction
    numbers["warp error"] = float(each(warp_error, 8).mean())
    numbers["flicker"] = float(each(flicker, 16).mean())
    return numbers, features, {name: sum(rows) / len(rows) for name, rows in directions.items()}


def diversity(features: Tensor, seeds: int) -> float:
    """Mean distance in features between clips of one caption; features [captions * seeds, D]."""
    groups = features.reshape(-1, seeds, features.shape[1])
    return float(torch.cdist(groups, groups).sum() / (len(groups) * seeds * (seeds - 1)))


@torch.no_grad()
def generate_clips(
    model: torch.nn.Module,
    tokenizer: Tokenizer,
    texts: list[str],
    frames: int,
    size: int,
    seconds: float,
    *,
    steps: int,
    guidance: float,
    shift: float,
    batch: int,
    device: str,
    seed: int = 1,
) -> Tensor:
    """uint8 [N, T, 3, H, W] on the CPU."""
    empty = tokenizer.batch([""]).to(device)
    made = []
    for start in range(0, len(texts), batch):
        tokens = tokenizer.batch(texts[start : start + batch]).to(device)
        with torch.autocast("cuda", torch.bfloat16, enabled=device == "cuda"):
            clips = generate(
                model,
                tokens,
                empty,
                (len(tokens), frames, 3, size, size),
                seconds,
                steps=steps,
                guidance=guidance,
                shift=shift,
                seed=seed + start,
            )
        made.append(((clips.float() + 1) * 127.5 + 0.5).clamp(0, 255).to(torch.uint8).cpu())
    return torch.cat(made)


def generate_best(
    model: PackNetwork,
    tokenizer: Tokenizer,
    texts: list[str],
    shape: tuple[int, int, int],
    seconds: float,
    arguments: argparse.Namespace,
    shift: float,
    seed: int,
) -> Tensor:
    """The same as the app makes them: of several beginnings, colours and directions stressed."""
    options = dict(
        candidates=arguments.candidates,
        steps=arguments.steps,
        guidance=arguments.guidance,
        shift=shift,
        emphasis=arguments.emphasis,
    )
    made = []
    for row, text in enumerate(texts):
        # Seeds of one caption apart from those of the next.
        own = 1000 * (seed + row)
        clip, _ = generate_chosen(model, model.agreement, tokenizer, text, shape, seconds, seed=own, **options)
        made.append(((clip + 1) * 127.5 + 0.5).clamp(0, 255).to(torch.uint8))
    return torch.stack(made)


def evaluate_model(arguments: argparse.Namespace) -> dict:
    """The table of one checkpoint: written as metrics.json, with a sheet of the first clips."""
    device = arguments.device
    judge, known = load_judge(arguments.judge, device)
    if (arguments.checkpoint / "lumiere-pack.json").exists():
        # Its own size and schedule, run as users run it.
        facts, (_, state) = pack_facts(arguments.checkpoint), read_pack(arguments.checkpoint)
        model = PackNetwork(arguments.checkpoint, arguments.threads)
        frames, size, seconds = facts["frames"], facts["width"], facts["seconds"]
        shift = arguments.shift or facts["scheduler"]["shift"]
    else:
        model, settings, state = load_averaged(arguments.checkpoint, device)
        if arguments.fused:
            use_fused(model)
        last = settings.stages[-1]
        frames, size, seconds = arguments.frames or last.frames, arguments.size or last.size, arguments.seconds or last.seconds
        shift = arguments.shift or mean_to_shift(last.time_mean)
    tokenizer = Tokenizer(state["vocabulary"])
    if seconds != known["seconds"]:
        raise SystemExit(f"the judge learnt clips of {known['seconds']} s, the model makes {seconds} s: train another judge")
    options = dict(steps=arguments.steps, guidance=arguments.guidance, shift=shift, batch=arguments.batch, device=device)
    labels = draw_labels(arguments.count, SEED, held_out=True)
    truth = render(labels, frames, size, seconds, SEED + 1, device).video.cpu()
    second = render(labels, frames, size, seconds, SEED + 2, device).video.cpu()
    many = draw_labels(arguments.count * 2, SEED + 3)
    _, _, directions = measure(judge, render(many, frames, size, seconds, SEED + 4, device).video.cpu(), many, seconds)
    trusted = {name for name, value in directions.items() if value >= TRUSTED}
    texts = captions(labels, 1, arguments.language, keep=1.0)

    def make(prompts: list[str], seed: int) -> Tensor:
        if arguments.cascade:
            between, _, _ = load_averaged(arguments.cascade, device)
            return generate_cascade(model, between, tokenizer, prompts, frames, size, seconds, seed=seed, **options)
        if arguments.candidates > 1 or arguments.emphasis:
            return generate_best(model, tokenizer, prompts, (frames, size, size), seconds, arguments, shift, seed)
        design = generate_frame_by_frame if arguments.frame_by_frame else generate_clips
        return design(model, tokenizer, prompts, frames, size, seconds, seed=seed, **options)

    made = make(texts, 1)
    ceiling, truth_features, _ = measure(judge, truth, labels, seconds, trusted)
    numbers, features, per_family = measure(judge, made, labels, seconds, trusted)
    _, second_features = judge_clips(judge, second)
    numbers["frechet distance"] = frechet_distance(features, truth_features)
    ceiling["frechet distance"] = frechet_distance(second_features, truth_features)
    if frames > WINDOW and frames % WINDOW == 0:
        # A whole-clip model has no windows there, and is measured all the same.
        numbers["step at joins"], ceiling["step at joins"] = step_at_joins(made), step_at_joins(truth)
    repeats = arguments.repeats
    if repeats > 1:
        few = [text for text in texts[:8] for _ in range(repeats)]
        _, varied = judge_clips(judge, make(few, 77))
        numbers["diversity"] = diversity(varied, repeats)
        eight = {name: values[:8].repeat_interleave(repeats) for name, values in labels.items()}
        _, rendered = judge_clips(judge, render(eight, frames, size, seconds, SEED + 5, device).video)
        ceiling["diversity"] = diversity(rendered, repeats)
    result = {
        **numbers,
        "clips": len(texts),
        "steps": arguments.steps,
        "guidance": arguments.guidance,
        "candidates": arguments.candidates,
        "emphasis": arguments.emphasis,
        "shift": shift,
        "trained steps": state["step"],
        "rendered": ceiling,
        "direction per family": per_family,
        "direction trusted": sorted(trusted),
    }
    arguments.out.mkdir(parents=True, exist_ok=True)
    (arguments.out / "metrics.json").write_text(json.dumps(result, indent=1))
    (arguments.out / "captions.txt").write_text("\n".join(texts[:24]) + "\n", encoding="utf-8")
    save_sheet(made[:24], arguments.out / "sheet.png", clips_across=2)
    print("| measure | generated | rendered |\n|---|---|---|")
    for name, value in numbers.items():
        print(f"| {name} | {value:.4g} | {ceiling.get(name, float('nan')):.4g} |")
    return result


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    judge = commands.add_parser("judge", help="train the judge")
    judge.add_argument("--steps", type=int, default=1500)
    # The judge looks at 8 frames of 32x32 whatever the clip: rendering larger ones would be waste.
    judge.add_argument("--frames", type=int, default=16)
    judge.add_argument("--size", type=int, default=64)
    judge.add_argument("--seconds", type=float, default=5.0)
    model = commands.add_parser("model", help="measure a checkpoint")
    model.add_argument("--checkpoint", type=Path, required=True, help="a portable checkpoint, or a pack")
    model.add_argument(
        "--cascade", type=Path, default=None, help="the checkpoint is of key frames; this one fills the frames between"
    )
    model.add_argument("--candidates", type=int, default=1, help="of a pack with a reranker: beginnings of each clip")
    model.add_argument("--emphasis", type=float, default=0.0, help="of a pack: how much harder to ask for colours and directions")
    model.add_argument("--frame-by-frame", action="store_true", help="the checkpoint makes one frame after the other")
    model.add_argument("--judge", type=Path, required=True)
    model.add_argument("--count", type=int, default=290)
    model.add_argument(
        "--repeats", type=int, default=4, help="seeds of each of eight captions for the diversity; 0: leave it out"
    )
    model.add_argument("--frames", type=int, default=0, help="0: those of the checkpoint's last stage; so --size and --seconds")
    model.add_argument("--size", type=int, default=0)
    model.add_argument("--seconds", type=float, default=0.0)
    model.add_argument("--steps", type=int, default=20)
    model.add_argument("--guidance", type=float, default=2.0)
    model.add_argument("--shift", type=float, default=0.0, help="0: what training's time mean asks for")
    model.add_argument("--fused", action="store_true", help="on a GPU with Triton: the norms of fused.py")
    model.add_argument("--language", choices=("en", "it"), default="en")
    for command in (judge, model):
        command.add_argument("--out", type=Path, required=True)
        command.add_argument("--batch", type=int, default=16)
        command.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
        command.add_argument("--threads", type=int, default=0)
    arguments = parser.parse_args()
    if arguments.threads:
        torch.set_num_threads(arguments.threads)
    if arguments.command == "judge":
        train_judge(
            arguments.out,
            arguments.steps,
            arguments.frames,
            arguments.size,
            arguments.seconds,
            max(arguments.batch, 32),
            arguments.device,
        )
    else:
        evaluate_model(arguments)


if __name__ == "__main__":
    main()
