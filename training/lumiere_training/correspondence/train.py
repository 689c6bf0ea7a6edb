"""Train the key encoder: resumable at any step, for a time; on a CPU or a GPU.

    python -m lumiere_training.correspondence.train --variant half --out out/keys/half --minutes 60

Step k draws everything from (seed, k). The log has one line a minute: the losses, how far the best
key is from where a cell came from (in cells), and the overlap of masks carried by the keys.
"""

from __future__ import annotations

import time
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
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
from ..style.pictures import Pictures
from .network import KeyEncoder
from .scenes import Pair, render


@dataclass
class Settings:
    """Everything that decides the result of a run."""

    variant: str = "full"
    seed: int = 1
    minutes: float = 60.0
    batch: int = 8
    size: int = 160
    learning_rate: float = 1e-3
    weight_decay: float = 1e-4
    warm_up: int = 100
    cool_down: float = 0.4  # share of the run at whose end the rate has fallen to a hundredth
    average_decay: float = 0.997
    carried: float = 0.5  # weight of the masks carried by the keys, beside finding every cell


def agreement(first: Tensor, second: Tensor, temperature: Tensor) -> Tensor:
    """keys [N, K, C, C] twice -> logits [N, cells of the second, cells of the first]."""
    return second.flatten(2).transpose(1, 2) @ first.flatten(2) / temperature


def wanted(source: Tensor, cells: int) -> tuple[Tensor, Tensor]:
    """source [N, C, C, 2] in -1..1 -> the four nearest cells' indices and weights, each [N, C*C, 4]."""
    at = ((source.flatten(1, 2) + 1) * cells / 2 - 0.5).clamp(0, cells - 1)
    low = at.floor().clamp(max=cells - 2)
    share = at - low
    low = low.long()
    indices, weights = [], []
    for dy in (0, 1):
        for dx in (0, 1):
            indices.append((low[..., 1] + dy) * cells + low[..., 0] + dx)
            weights.append((share[..., 0] if dx else 1 - share[..., 0]) * (share[..., 1] if dy else 1 - share[..., 1]))
    return torch.stack(indices, -1), torch.stack(weights, -1)


def losses(pair: Pair, first: Tensor, second: Tensor, temperature: Tensor) -> tuple[dict[str, Tensor], dict[str, float]]:
    """Terms to learn from, and what a person can judge by."""
    cells = first.shape[-1]
    logits = agreement(first, second, temperature)
    indices, weights = wanted(pair.source, cells)
    seen = pair.seen.flatten(1)
    spread = logits.log_softmax(-1)
    found = -(spread.gather(-1, indices) * weights).sum(-1)
    carried = (spread.exp() @ pair.labels_first.flatten(1)[..., None])[..., 0].clamp(1e-4, 1 - 1e-4)
    labels = pair.labels_second.flatten(1)
    terms = {
        "found": (found * seen).sum() / seen.sum().clamp(min=1),
        "carried": functional.binary_cross_entropy(carried.float(), labels),
    }
    with torch.no_grad():
        best = logits.argmax(-1)
        guess = torch.stack([best % cells, best // cells], -1)
        true = (pair.source.flatten(1, 2) + 1) * cells / 2 - 0.5
        error = (guess - true).norm(dim=-1)[seen]
        inside, there = carried > 0.5, labels > 0.5
        overlap = (inside & there).sum(1) / (inside | there).sum(1).clamp(min=1)
    return terms, {"within_one": (error < 1).float().mean().item(), "overlap": overlap.mean().item()}


class Trainer:
    """The state of a run and one step of it."""

    def __init__(self, settings: Settings, pictures: Pictures, device: torch.device, loaders: int = 0) -> None:
        self.settings, self.pictures, self.device = settings, pictures, device
        # Threads that make the next pairs while this one is learned from: worth it beside a GPU.
        self.pool, self.ahead = ThreadPoolExecutor(loaders) if loaders else None, deque[Future[Pair]]()
        self.loaders = loaders
        torch.manual_seed(settings.seed)
        self.network = KeyEncoder(settings.variant).to(device)
        self.average = Average(self.network, settings.average_decay)
        self.optimiser = torch.optim.AdamW(
            self.network.parameters(), lr=settings.learning_rate, weight_decay=settings.weight_decay, betas=(0.9, 0.99)
        )
        self.step, self.elapsed = 0, 0.0
        self.sums: dict[str, list[float]] = {}

    @property
    def progress(self) -> float:
        return min(1.0, self.elapsed / (60 * self.settings.minutes))

    def rate(self) -> float:
        late = max(0.0, (self.progress - 1 + self.settings.cool_down) / self.settings.cool_down)
        return min(1.0, (self.step + 1) / self.settings.warm_up) * (1 - 0.99 * late)

    def pair(self, *numbers: int) -> Pair:
        """The pair that (seed, numbers) stands for."""
        dice = torch.Generator().manual_seed(mix(self.settings.seed, *numbers))
        made = render(self.pictures, self.settings.batch, self.settings.size, dice)
        return Pair(*(value.to(self.device) for value in vars(made).values()))

    def next_pair(self) -> Pair:
        """This step's pair; made ahead where threads are there for it."""
        if self.pool is None:
            return self.pair(5, self.step)
        while len(self.ahead) < 2 * self.loaders:
            self.ahead.append(self.pool.submit(self.pair, 5, self.step + len(self.ahead)))
        return self.ahead.popleft().result()

    def train_step(self) -> None:
        started = time.perf_counter()
        for group in self.optimiser.param_groups:
            group["lr"] = self.settings.learning_rate * self.rate()
        pair = self.next_pair()
        with torch.autocast(self.device.type, torch.bfloat16, enabled=self.device.type == "cuda"):
            keys = self.network(torch.cat([pair.first, pair.second]))
        first, second = keys.float().chunk(2)
        terms, shown = losses(pair, first, second, self.network.temperature)
        self.optimiser.zero_grad(set_to_none=True)
        (terms["found"] + self.settings.carried * terms["carried"]).backward()
        norm = nn.utils.clip_grad_norm_(self.network.parameters(), 2.0)
        if torch.isfinite(norm):
            self.optimiser.step()
        self.average.update(self.step)
        self.step += 1
        self.elapsed += time.perf_counter() - started
        for name, value in ({name: term.item() for name, term in terms.items()} | shown).items():
            self.sums.setdefault(name, []).append(value)

    def report(self) -> dict:
        """Means since the last report."""
        means = {name: round(sum(values) / len(values), 4) for name, values in self.sums.items()}
        self.sums.clear()
        counters = {"step": self.step, "minutes": round(self.elapsed / 60, 2), "rate": round(self.rate(), 4)}
        return counters | means | {"temperature": round(self.network.temperature.item(), 4)}

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
def sheet(network: KeyEncoder, pair: Pair, path: Path) -> None:
    """Rows: first and second frames, the object's cells carried by the keys, and where they are."""
    keys = network.eval()(torch.cat([pair.first, pair.second]))
    network.train()
    first, second = keys.chunk(2)
    carried = agreement(first, second, network.temperature).softmax(-1) @ pair.labels_first.flatten(1)[..., None]
    size = pair.first.shape[-1]
    grow = lambda cells: functional.interpolate(cells.reshape(len(cells), 1, *first.shape[2:]), (size, size)).expand(-1, 3, -1, -1)  # noqa: E731
    rows = [pair.first, pair.second, grow(carried), grow(pair.labels_second)]
    picture = torch.cat([torch.cat(list(row), 2) for row in rows], 1).cpu()
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray((picture.permute(1, 2, 0).numpy() * 255).round().clip(0, 255).astype(np.uint8)).save(path)


def main() -> None:
    parser = run_parser(__doc__, Settings(), "out/style/pictures")
    parser.add_argument("--loaders", type=int, default=0, help="threads that make pairs ahead")
    arguments = parser.parse_args()
    start, known, changes = begin(arguments, Settings())
    settings = Settings(**known | changes)
    trainer = Trainer(settings, Pictures(arguments.pictures), torch.device(arguments.device), arguments.loaders)

    def draw(path: Path) -> None:
        network = KeyEncoder(settings.variant).to(trainer.device)
        network.load_state_dict(trainer.network.state_dict())
        sheet(network, trainer.pair(99), path)

    go(trainer, arguments, start, draw, ("pairs", settings.batch))


if __name__ == "__main__":
    main()
