"""Train the style network: resumable at any step, for a time; on a CPU or a GPU.

    python -m lumiere_training.style.train --variant half --out out/style/half --minutes 70 --call-minutes 70

The checkpoint holds weights, averaged weights, the optimiser's moments and the counters; step k
draws everything from (seed, k). `--keep FOLDER` writes a small copy (float16) after every sheet, from
which another machine continues with `--init FOLDER`. The log has one line a minute.
"""

from __future__ import annotations

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
from .features import TAPS, Features
from .features import load as load_features
from .losses import content_loss, drawing_loss, style_bank, style_loss, variation
from .network import StyleNetwork
from .pictures import Pictures


@dataclass
class Settings:
    """Everything that decides the result of a run."""

    variant: str = "full"
    seed: int = 1
    minutes: float = 25.0
    batch: int = 4
    size: int = 128
    style_size: int = 160
    bank: int = 256  # style pictures whose numbers are known at a time
    bank_steps: int = 1500  # steps after which another bank is drawn
    learning_rate: float = 2e-3
    warm_up: int = 100
    cool_down: float = 0.3  # share of the run at whose end the rate has fallen to a twentieth
    average_decay: float = 0.995
    # Terms that a step in so many has: on a busy processor time is better spent on steps.
    identity_every: int = 3
    temporal_every: int = 6
    deep_every: int = 3  # the fourth size of the features costs as much as the other three
    identity_steps: int = 300  # first the network learns to give a picture back
    content: float = 1.0
    palette: float = 1.5
    texture: float = 1.5
    identity: float = 12.0
    temporal: float = 30.0
    variation: float = 1.5
    drawing: float = 0.0


def disturb(frames: Tensor, dice: torch.Generator) -> tuple[Tensor, Tensor]:
    """A next frame as a camera would see it, and the grid that leads to it from the first.

    Small shifts that grow across the picture (a pan, a zoom, a turn), noise and a change of light.
    """
    n, _, height, width = frames.shape
    numbers = torch.rand(n, 6, generator=dice, device="cpu").to(frames.device) * 2 - 1
    turn = torch.zeros(n, 2, 3, device=frames.device)
    turn[:, 0, 0] = turn[:, 1, 1] = 1
    turn[:, :, :2] += 0.03 * numbers[:, :4].reshape(n, 2, 2)
    turn[:, :, 2] = 0.06 * numbers[:, 4:]
    grid = functional.affine_grid(turn, [n, 3, height, width], align_corners=False)
    moved = functional.grid_sample(frames, grid, mode="bilinear", padding_mode="reflection", align_corners=False)
    light = 1 + 0.03 * (torch.rand(n, 1, 1, 1, generator=dice) * 2 - 1).to(frames.device)
    noise = torch.randn(frames.shape, generator=dice).to(frames.device) * 0.015
    return (moved * light + noise).clamp(0, 1), grid


class Trainer:
    """The state of a run and one step of it."""

    def __init__(self, settings: Settings, pictures: Pictures, features: Features, device: torch.device) -> None:
        self.settings, self.pictures, self.device = settings, pictures, device
        self.features = features.to(device)
        torch.manual_seed(settings.seed)
        self.network = StyleNetwork(settings.variant).to(device)
        self.average = Average(self.network, settings.average_decay)
        self.optimiser = torch.optim.Adam(self.network.parameters(), lr=settings.learning_rate, betas=(0.9, 0.99))
        self.step, self.samples, self.elapsed = 0, 0, 0.0
        self.bank_index = -1
        self.sums: dict[str, list[float]] = {}

    def dice(self, *numbers: int) -> torch.Generator:
        """Decides everything that (seed, numbers) stands for."""
        return torch.Generator().manual_seed(mix(self.settings.seed, *numbers))

    def open_bank(self) -> None:
        """The style pictures of this stretch of the run, and their numbers."""
        index = self.step // self.settings.bank_steps
        if index == self.bank_index:
            return
        styles = self.pictures.styles(self.settings.bank, self.settings.style_size, self.dice(3, index))
        self.bank = styles.to(self.device)
        self.numbers = style_bank(self.features, self.bank)
        self.bank_index = index

    @property
    def progress(self) -> float:
        return min(1.0, self.elapsed / (60 * self.settings.minutes))

    def rate(self) -> float:
        late = max(0.0, (self.progress - 1 + self.settings.cool_down) / self.settings.cool_down)
        return min(1.0, (self.step + 1) / self.settings.warm_up) * (1 - 0.95 * late)

    def losses(self, dice: torch.Generator) -> dict[str, Tensor]:
        """Weighted terms of one batch."""
        s = self.settings
        content = self.pictures.photos(s.batch, s.size, dice).to(self.device)
        terms: dict[str, Tensor] = {}
        if self.step < s.identity_steps or self.step % s.identity_every == 0:
            same, _ = self.network.painter(content, self.network.style(content))
            identity = (same - content).abs().mean() + (_edges(same) - _edges(content)).abs().mean()
            terms["identity"] = s.identity * identity
        if self.step < s.identity_steps:
            return terms
        self.open_bank()
        rows = torch.randint(0, s.bank, (s.batch,), generator=dice)
        modulation = self.network.style(self.bank[rows])
        painted, statistics = self.network.painter(content, modulation)
        answers = self.features(painted, last=TAPS[-1 if self.step % s.deep_every == 1 else -2])
        with torch.no_grad():
            seen = self.features(content, last=TAPS[-2])
        palette, texture = style_loss(answers, self.numbers.of(rows))
        terms["content"] = s.content * content_loss(answers[2], seen[2])
        terms["palette"], terms["texture"] = s.palette * palette, s.texture * texture
        if s.drawing > 0:
            terms["drawing"] = s.drawing * drawing_loss(painted, content)
        terms["variation"] = s.variation * variation(painted)
        if self.step % s.temporal_every == 2:
            moved, grid = disturb(content, dice)
            again, _ = self.network.painter(moved, modulation, statistics)
            wanted = functional.grid_sample(painted, grid, padding_mode="reflection", align_corners=False)
            inside = (grid.abs().amax(-1) < 0.95).unsqueeze(1)
            terms["temporal"] = s.temporal * ((again - wanted).square() * inside).mean()
        return terms

    def train_step(self) -> None:
        started = time.perf_counter()
        for group in self.optimiser.param_groups:
            group["lr"] = self.settings.learning_rate * self.rate()
        terms = self.losses(self.dice(5, self.step))
        self.optimiser.zero_grad(set_to_none=True)
        torch.stack(list(terms.values())).sum().backward()
        norm = nn.utils.clip_grad_norm_(self.network.parameters(), 5.0)
        if torch.isfinite(norm):
            self.optimiser.step()
        self.average.update(self.step)
        self.step += 1
        self.samples += self.settings.batch
        self.elapsed += time.perf_counter() - started
        for name, value in terms.items():
            self.sums.setdefault(name, []).append(value.item())

    def report(self) -> dict:
        """Means since the last report."""
        means = {name: round(sum(values) / len(values), 4) for name, values in self.sums.items()}
        self.sums.clear()
        return {"step": self.step, "minutes": round(self.elapsed / 60, 2), "rate": round(self.rate(), 4), **means}

    def averaged(self) -> StyleNetwork:
        """The network as it is shown and exported."""
        network = StyleNetwork(self.settings.variant).to(self.device)
        self.average.copy_to(network)
        return network

    def save(self, folder: Path, half: bool = False) -> None:
        """Everything that goes on from here; `half` for a small copy."""
        tensors = run_state.tensors_of(self.network, self.average, self.optimiser, half)
        counters = {"step": self.step, "samples": self.samples, "elapsed": self.elapsed}
        store.save(folder, tensors, {"settings": asdict(self.settings), **counters, "half": half})

    def resume(self, folder: Path) -> None:
        """Go on from what `save` wrote."""
        state = run_state.load(folder, self.network, self.average, self.optimiser, self.device)
        self.step, self.samples, self.elapsed = state["step"], state["samples"], state["elapsed"]


def _edges(picture: Tensor) -> Tensor:
    return torch.cat([(picture[..., 1:, :-1] - picture[..., :-1, :-1]), (picture[..., :-1, 1:] - picture[..., :-1, :-1])], 1)


@torch.no_grad()
def sheet(network: StyleNetwork, pictures: Pictures, path: Path, size: int = 160) -> None:
    """Four photographs down, ten styles across; the first column gives the photographs back."""
    dice = torch.Generator().manual_seed(99)
    device = next(network.parameters()).device
    content = pictures.photos(4, size, dice).to(device)
    styles = torch.stack(
        [pictures.crop("style", size, 0.95, dice) for _ in range(5)] + [pictures.crop("texture", size, 0.95, dice) for _ in range(5)]
    ).to(device)
    columns = [torch.cat([torch.ones(1, 3, size, size, device=device), content])]
    columns.append(torch.cat([torch.ones(1, 3, size, size, device=device), network(content, content)]))
    for style in styles:
        painted = network.painter(content, network.style(style[None]))[0]
        columns.append(torch.cat([style[None], painted]))
    picture = torch.cat([torch.cat(list(column), 1) for column in columns], 2)
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray((picture.cpu().permute(1, 2, 0).numpy() * 255).round().clip(0, 255).astype(np.uint8)).save(path)


def main() -> None:
    parser = run_parser(__doc__, Settings(), "out/style/pictures")
    parser.add_argument("--features", type=Path, default=Path("out/style/features"))
    arguments = parser.parse_args()
    torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = True
    start, known, changes = begin(arguments, Settings())
    settings = Settings(**known | changes)
    trainer = Trainer(settings, Pictures(arguments.pictures), load_features(arguments.features), torch.device(arguments.device))
    go(trainer, arguments, start, lambda path: sheet(trainer.averaged(), trainer.pictures, path), ("samples", settings.batch))


if __name__ == "__main__":
    main()
