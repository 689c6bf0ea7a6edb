"""Train the upscaler: resumable at any step, for a time; on a CPU or a GPU.

    python -m lumiere_training.upscale.train --out out/upscale/full --minutes 50 --threads 1

Step k draws everything from (seed, k). The log has one line a minute: the losses, and by kind of picture and factor how
many dB the result is nearer to the truth than Lanczos is.
"""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import Tensor, nn

from .. import run_state, store
from ..flow_matching import Average
from ..settings import mix
from ..small_run import begin, go, run_parser
from .degrade import SPARE, Views, made_views, rough, two_views
from .network import Upscaler, enlarge_lanczos
from .pictures import Pictures

# Shares of what a step learns from. By two, the world model's own small pictures have no truth large enough.
SHARES = {"photo": 0.32, "video": 0.08, "world": 0.25, "made": 0.35}
# What a step enlarges: by four; by two what is two times too small; by two what this network made by four.
TASKS = ("four", "four", "two", "twice")


@dataclass
class Settings:
    """Everything that decides the result of a run."""

    variant: str = "full"
    seed: int = 1
    minutes: float = 50.0
    scenes: int = 4  # of a step; each is seen twice
    side: int = 112  # pixels of the result
    learning_rate: float = 1e-3
    warm_up: int = 100
    cool_down: float = 0.6  # share of the run at whose end the rate has fallen to a fiftieth
    average_decay: float = 0.998
    edges: float = 0.6
    steady: float = 0.25


@dataclass
class Batch:
    """small [N, 3, s, s], large [N, 3, S, S]; rows 2k and 2k+1 show one scene, moved by shifts[k] where there is one."""

    small: Tensor
    large: Tensor
    shifts: list[tuple[int, int] | None]
    kinds: list[str]


def charbonnier(difference: Tensor) -> Tensor:
    """Mean absolute difference, smooth at nothing."""
    return (difference.square() + 1e-6).sqrt().mean()


def edge_loss(made: Tensor, wanted: Tensor) -> Tensor:
    """The same of steps from pixel to pixel: soft edges are wrong even where their level is right."""
    difference = made - wanted
    return charbonnier(difference.diff(dim=2)) + charbonnier(difference.diff(dim=3))


def steady_loss(made: Tensor, shifts: list[tuple[int, int] | None]) -> Tensor:
    """How far two answers to one scene differ where they overlap."""
    found = [
        charbonnier(first[:, dy:, dx:] - second[:, : second.shape[1] - dy, : second.shape[2] - dx])
        for first, second, (dy, dx) in ((made[2 * k], made[2 * k + 1], shift) for k, shift in enumerate(shifts) if shift is not None)
    ]
    return torch.stack(found).mean() if found else made.new_zeros(())


def gain(made: Tensor, plain: Tensor, wanted: Tensor) -> Tensor:
    """dB of each picture [N] by which `made` is nearer to `wanted` than `plain` is."""
    error = lambda x: (x.clamp(0, 1) - wanted).square().mean((1, 2, 3)).clamp(min=1e-7)  # noqa: E731
    return 10 * torch.log10(error(plain) / error(made))


class Trainer:
    """The state of a run and one step of it."""

    def __init__(self, settings: Settings, pictures: Pictures, device: torch.device) -> None:
        self.settings, self.pictures, self.device = settings, pictures, device
        torch.manual_seed(settings.seed)
        self.network = Upscaler(settings.variant).to(device)
        self.average = Average(self.network, settings.average_decay)
        self.optimiser = torch.optim.Adam(self.network.parameters(), lr=settings.learning_rate, betas=(0.9, 0.99))
        for parameter in self.network.parameters():
            # A step uses the layers of one factor: without gradients of nothing, the others' moments would count
            # fewer steps than the run, and a resumed run could not know how many.
            parameter.grad = torch.zeros_like(parameter)
        self.step, self.elapsed = 0, 0.0
        self.sums: dict[str, list[float]] = {}

    @property
    def progress(self) -> float:
        return min(1.0, self.elapsed / (60 * self.settings.minutes))

    def rate(self) -> float:
        late = max(0.0, (self.progress - 1 + self.settings.cool_down) / self.settings.cool_down)
        return min(1.0, (self.step + 1) / self.settings.warm_up) * (1 - 0.98 * late)

    def dice(self, *numbers: int) -> torch.Generator:
        """Decides everything that (seed, numbers) stands for."""
        return torch.Generator().manual_seed(mix(self.settings.seed, *numbers))

    def views(self, kind: str, factor: int, dice: torch.Generator) -> Views:
        """One scene, seen twice."""
        side = self.settings.side
        if kind == "made":
            return made_views(*self.pictures.pick("made", dice), side // factor, dice)
        (picture,) = self.pictures.pick(kind, dice)
        return two_views(rough(picture, side + SPARE, dice), side, factor, dice)

    def batch(self, task: str, dice: torch.Generator) -> Batch:
        """What a step learns from."""
        factor = {"four": 4, "two": 2, "twice": 8}[task]
        able = [kind for kind in SHARES if self.pictures.entries[kind] and (kind != "made" or task == "four")]
        picks = torch.multinomial(torch.tensor([SHARES[kind] for kind in able]), self.settings.scenes, True, generator=dice)
        kinds = [able[pick] for pick in picks.tolist()]
        views = [self.views(kind, factor, dice) for kind in kinds]
        small, large = (torch.cat([getattr(view, name) for view in views]).to(self.device) for name in ("small", "large"))
        return Batch(small, large, [view.shift for view in views], kinds)

    def train_step(self) -> None:
        started = time.perf_counter()
        for group in self.optimiser.param_groups:
            group["lr"] = self.settings.learning_rate * self.rate()
        task = TASKS[self.step % len(TASKS)]
        batch = self.batch(task, self.dice(5, self.step))
        small = batch.small
        if task == "twice":
            with torch.no_grad():
                small = self.network(small, 4).clamp(0, 1)
        factor = 4 if task == "four" else 2
        made = self.network(small, factor)
        terms = {
            "light": charbonnier(made - batch.large),
            "edges": self.settings.edges * edge_loss(made, batch.large),
            "steady": self.settings.steady * steady_loss(made, batch.shifts),
        }
        self.optimiser.zero_grad(set_to_none=False)
        torch.stack(list(terms.values())).sum().backward()
        norm = nn.utils.clip_grad_norm_(self.network.parameters(), 1.0)
        if torch.isfinite(norm):
            self.optimiser.step()
        self.average.update(self.step)
        with torch.no_grad():
            plain = enlarge_lanczos(batch.small, batch.large.shape[2] // batch.small.shape[2])
            gains = gain(made, plain, batch.large).reshape(-1, 2).mean(1).tolist()
        self.step += 1
        self.elapsed += time.perf_counter() - started
        for name, value in terms.items():
            self.sums.setdefault(name, []).append(value.item())
        for kind, value in zip(batch.kinds, gains):
            self.sums.setdefault(f"{kind} {task}", []).append(value)

    def report(self) -> dict:
        """Means since the last report."""
        means = {name: round(sum(values) / len(values), 4) for name, values in sorted(self.sums.items())}
        self.sums.clear()
        return {"step": self.step, "minutes": round(self.elapsed / 60, 2), "rate": round(self.rate(), 4), **means}

    def averaged(self) -> Upscaler:
        """The network as it is shown and exported."""
        network = Upscaler(self.settings.variant).to(self.device)
        self.average.copy_to(network)
        return network

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
def sheet(network: Upscaler, trainer: Trainer, path: Path) -> None:
    """Columns: enlarged by Lanczos, by the network, and the truth; four rows by four, two by two."""
    rows = []
    for number, task in enumerate(("four", "four", "four", "four", "two", "two")):
        batch = trainer.batch(task, trainer.dice(99, number))
        factor = 4 if task == "four" else 2
        for k in range(0, len(batch.small), 2):
            small = batch.small[k : k + 1]
            rows.append(torch.cat([enlarge_lanczos(small, factor), network(small, factor), batch.large[k : k + 1]], 3)[0].clamp(0, 1))
    side = len(rows) // 3 or 1
    columns = [torch.cat(rows[k : k + side], 1) for k in range(0, len(rows) - side + 1, side)]
    picture = torch.cat(columns, 2).cpu()
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray((picture.permute(1, 2, 0).numpy() * 255).round().astype(np.uint8)).save(path)


def main() -> None:
    arguments = run_parser(__doc__, Settings(), "out/upscale/pictures").parse_args()
    start, known, changes = begin(arguments, Settings())
    trainer = Trainer(Settings(**known | changes), Pictures(arguments.pictures), torch.device(arguments.device))
    go(trainer, arguments, start, lambda path: sheet(trainer.averaged(), trainer, path))


if __name__ == "__main__":
    main()
