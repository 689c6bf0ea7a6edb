"""Train the follower: resumable at any step, for a time; on a CPU or a GPU.

    python -m lumiere_training.correspondence.train --variant half --out out/keys/half --minutes 60

Step k draws everything from (seed, k). The log has one line a minute: the losses, the overlap of the
masks it draws (`overlap`) and of those that its keys alone carry (`alone`), and how many cells are
found within one of where they came from (`within_one`).
"""

from __future__ import annotations

import math
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import Tensor, nn
from torch.nn import functional

from .. import run_state, store
from ..flow_matching import Average
from ..settings import mix
from ..small_run import begin, go, run_parser
from .losses import found, outline, overlap
from .network import CELLS, Follower, double
from .pictures import Pictures
from .scenes import Clips, render


@dataclass
class Settings:
    """Everything that decides the result of a run."""

    variant: str = "full"
    seed: int = 1
    minutes: float = 60.0
    batch: int = 4
    size: int = 160
    frames: int = 3
    pool: int = 1  # batches that are rendered at once: one call's work on a GPU does for all
    learning_rate: float = 1e-3
    weight_decay: float = 1e-4
    warm_up: int = 100
    cool_down: float = 0.4  # share of the run at whose end the rate has fallen to a hundredth
    average_decay: float = 0.997
    alone: float = 0.3  # weight of the masks that the keys alone carry
    found: float = 0.2  # of finding every cell
    hardest: float = 0.25  # share of the pixels that count, reached by a third of the run


@dataclass
class Answer:
    """One frame's."""

    logits: Tensor  # [N, 1, S/2, S/2]
    alone: Tensor  # [N, 1, S/2, S/2] 0..1: the mask itself as the keys carry it
    agreement: Tensor  # [N, cells, cells] with the first frame


def follow_clips(network: Follower, clips: Clips) -> list[Answer]:
    """The frames after the first, each by the painted one and the one before it with the mask drawn for it."""
    count, frames = clips.frames.shape[:2]
    all_seen = network.encode(clips.frames.flatten(0, 1))
    seen = [type(all_seen)(*(x.unflatten(0, (count, frames))[:, t] for x in all_seen)) for t in range(frames)]
    previous = clips.masks[:, 0]
    keys = [seen[0].key]
    values = [network.remember(clips.frames[:, 0], seen[0].eighth, previous)]
    answers = []
    for t in range(1, frames):
        told = network.read(seen[t].key, torch.stack(keys, 1), torch.stack(values, 1))
        logits = network.decode(seen[t], told, previous)
        alone = functional.pixel_shuffle(told[:, -CELLS:], 4)
        with torch.autocast(logits.device.type, enabled=False):
            agreement = network.agreement(seen[t].key, seen[0].key[:, None], True)
        answers.append(Answer(logits, alone, agreement))
        previous = double(logits).sigmoid()
        if t + 1 < frames:
            keys = [keys[0], seen[t].key]
            values = [values[0], network.remember(clips.frames[:, t], seen[t].eighth, previous)]
    return answers


def losses(clips: Clips, answers: list[Answer], hardest: float) -> tuple[dict[str, Tensor], dict[str, Tensor]]:
    """Terms to learn from, and what a person can judge by; means over the frames."""
    terms: dict[str, list[Tensor]] = {"outline": [], "alone": [], "found": []}
    shown: dict[str, list[Tensor]] = {"overlap": [], "overlap_alone": [], "within_one": []}
    for t, answer in enumerate(answers, 1):
        truth = functional.avg_pool2d(clips.masks[:, t], 2)
        known = (functional.avg_pool2d(clips.known[:, t], 2) > 0.99).float()
        alone = torch.logit(answer.alone.clamp(1e-3, 1 - 1e-3))
        terms["outline"].append(outline(answer.logits, truth, known, hardest))
        terms["alone"].append(outline(alone, truth, known, 1.0))
        sure, near = found(answer.agreement, clips.source[:, t], clips.seen[:, t])
        terms["found"].append(sure)
        with torch.no_grad():
            shown["overlap"].append(overlap(answer.logits, truth, known))
            shown["overlap_alone"].append(overlap(alone, truth, known))
            shown["within_one"].append(near)
    mean = lambda named: {name: torch.stack(values).mean() for name, values in named.items()}  # noqa: E731
    return mean(terms), mean(shown)


class Trainer:
    """The state of a run and one step of it."""

    def __init__(self, settings: Settings, pictures: Pictures, device: torch.device) -> None:
        self.settings, self.pictures, self.device = settings, pictures.to(device), device
        torch.manual_seed(settings.seed)
        self.network = Follower(settings.variant).to(device)
        if device.type == "cuda":
            self.network.to(memory_format=torch.channels_last)
        self.average = Average(self.network, settings.average_decay)
        self.optimiser = torch.optim.AdamW(
            self.network.parameters(), lr=settings.learning_rate, weight_decay=settings.weight_decay, betas=(0.9, 0.99)
        )
        self.step, self.elapsed = 0, 0.0
        self.sums: dict[str, Tensor] = {}
        self.summed = 0
        self.pool: tuple[int, Clips] | None = None

    @property
    def progress(self) -> float:
        return min(1.0, self.elapsed / (60 * self.settings.minutes))

    def rate(self) -> float:
        late = max(0.0, (self.progress - 1 + self.settings.cool_down) / self.settings.cool_down)
        return min(1.0, (self.step + 1) / self.settings.warm_up) * (1 - 0.99 * late)

    def clips(self, count: int, *numbers: int) -> Clips:
        """What (seed, numbers) stands for, on the device."""
        dice = torch.Generator(device=self.device).manual_seed(mix(self.settings.seed, *numbers))
        return render(self.pictures, count, self.settings.size, self.settings.frames, dice)

    def next_clips(self) -> Clips:
        """This step's; rendered for `pool` steps at once, in an order that mixes their kinds."""
        own, index = divmod(self.step, self.settings.pool)
        count = self.settings.batch * self.settings.pool
        if self.pool is None or self.pool[0] != own:
            self.pool = (own, self.clips(count, 5, own))
        rows = torch.arange(index, count, self.settings.pool, device=self.device)
        return Clips(*(value[rows] for value in vars(self.pool[1]).values()))

    def train_step(self) -> None:
        started = time.perf_counter()
        for group in self.optimiser.param_groups:
            group["lr"] = self.settings.learning_rate * self.rate()
        clips = self.next_clips()
        with torch.autocast(self.device.type, torch.bfloat16, enabled=self.device.type == "cuda"):
            answers = follow_clips(self.network, clips)
        hardest = 1 - (1 - self.settings.hardest) * min(1.0, 3 * self.progress)
        terms, shown = losses(clips, answers, hardest)
        self.optimiser.zero_grad(set_to_none=True)
        total = terms["outline"] + self.settings.alone * terms["alone"] + self.settings.found * terms["found"]
        total.backward()
        norm = nn.utils.clip_grad_norm_(self.network.parameters(), 2.0)
        # No waiting for the device to learn whether the step is sound: one that is not moves nothing.
        sound = torch.isfinite(norm)
        for parameter in self.network.parameters():
            parameter.grad.copy_(torch.where(sound, parameter.grad, 0.0))
        self.optimiser.step()
        self.average.update(self.step)
        self.step += 1
        self.summed += 1
        for name, value in (terms | shown).items():
            self.sums[name] = self.sums.get(name, 0) + value.detach()
        if self.step % 20 == 0 and self.device.type == "cuda":
            torch.cuda.synchronize()  # so that the clock tells the truth
        self.elapsed += time.perf_counter() - started

    def report(self) -> dict:
        """Means since the last report."""
        means = {name: round(value.item() / self.summed, 4) for name, value in self.sums.items()}
        self.sums, self.summed = {}, 0
        prices = functional.softplus(self.network.nearness.detach()).tolist()
        learned = {"sharpness": round(math.exp(self.network.sharpness.item()), 2), "nearness": [round(x, 3) for x in prices]}
        return {"step": self.step, "minutes": round(self.elapsed / 60, 2), "rate": round(self.rate(), 4)} | means | learned

    def save(self, folder: Path, half: bool = False) -> None:
        """Everything that goes on from here; `half` for a small copy."""
        tensors = run_state.tensors_of(self.network, self.average, self.optimiser, half)
        counters = {"step": self.step, "elapsed": self.elapsed}
        store.save(folder, tensors, {"settings": asdict(self.settings), **counters, "half": half})

    def resume(self, folder: Path) -> None:
        """Go on from what `save` wrote."""
        state = run_state.load(folder, self.network, self.average, self.optimiser, self.device)
        self.step, self.elapsed = state["step"], state["elapsed"]


@torch.no_grad()
def sheet(network: Follower, clips: Clips, path: Path) -> None:
    """A clip a row; of its first and last frame: the picture with the truth, with the drawn mask, and as keys alone carry it."""
    network.eval()
    answer = follow_clips(network, clips)[-1]
    network.train()
    grow = lambda x: functional.interpolate(x, clips.frames.shape[-2:], mode="bilinear", align_corners=False)  # noqa: E731
    masks = [clips.masks[:, 0], clips.masks[:, -1], grow(answer.logits).sigmoid(), grow(answer.alone)]
    frames = [clips.frames[:, 0], *(clips.frames[:, -1] for _ in masks[1:])]
    tint = torch.tensor([1.0, 0.85, 0.1], device=clips.frames.device)[:, None, None]
    shown = [frame * (1 - 0.6 * mask) + 0.6 * mask * tint for frame, mask in zip(frames, masks, strict=True)]
    picture = torch.cat([torch.cat(list(row), 2) for row in torch.stack(shown, 1)[:8]], 1).cpu()
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray((picture.permute(1, 2, 0).numpy() * 255).round().clip(0, 255).astype(np.uint8)).save(path)


def main() -> None:
    parser = run_parser(__doc__, Settings(), "out/keys/pictures")
    arguments = parser.parse_args()
    start, known, changes = begin(arguments, Settings())
    settings = Settings(**known | changes)
    device = torch.device(arguments.device)
    torch.set_float32_matmul_precision("high")
    trainer = Trainer(settings, Pictures.load(arguments.pictures), device)

    def draw(path: Path) -> None:
        network = Follower(settings.variant).to(device)
        network.load_state_dict(trainer.network.state_dict())
        sheet(network, trainer.clips(8, 99), path)

    go(trainer, arguments, start, draw, ("clips", settings.batch))


if __name__ == "__main__":
    main()
