"""The judge: a small video classifier trained on its own samples of the world, one head an attribute."""

from __future__ import annotations

from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional

from . import store
from .settings import mix
from .world import ATTRIBUTES, draw_labels, render
from .world.attributes import visible

FRAMES, SIZE = 8, 32  # what the judge looks at
SEED = 7_000_000_000  # apart from every training seed
# Direction and speed are measured from motion (motion.py), not judged here.
JUDGED = ("family", "colour", "background", "size", "count", "density", "light", "camera", "style")


def look(video: Tensor) -> Tensor:
    """uint8 or 0..1 clips [N, T, 3, H, W] -> what the judge sees [N, 3, 8, 32, 32] in -1..1."""
    video = video.float() / 255 if video.dtype == torch.uint8 else video
    n, frames = video.shape[:2]
    pick = torch.linspace(0, frames - 1, FRAMES, device=video.device).round().long()
    small = functional.adaptive_avg_pool2d(video[:, pick].flatten(0, 1), SIZE)
    return small.reshape(n, FRAMES, 3, SIZE, SIZE).permute(0, 2, 1, 3, 4) * 2 - 1


class Judge(nn.Module):
    """3D convolutions over 8 frames of 32x32; features [N, 192] and one head per attribute."""

    def __init__(self) -> None:
        super().__init__()

        def layer(a: int, b: int, kernel: tuple[int, int, int], stride: tuple[int, int, int]) -> nn.Sequential:
            return nn.Sequential(nn.Conv3d(a, b, kernel, stride, tuple(k // 2 for k in kernel)), nn.GroupNorm(8, b), nn.SiLU())

        self.body = nn.Sequential(
            layer(3, 32, (1, 3, 3), (1, 1, 1)),
            layer(32, 64, (1, 3, 3), (1, 2, 2)),
            layer(64, 96, (3, 3, 3), (2, 2, 2)),
            layer(96, 128, (3, 3, 3), (1, 1, 1)),
            layer(128, 192, (3, 3, 3), (2, 2, 2)),
        )
        self.heads = nn.ModuleDict({name: nn.Linear(192, len(ATTRIBUTES[name])) for name in JUDGED})

    def features(self, seen: Tensor) -> Tensor:
        """[N, 3, 8, 32, 32] -> [N, 192]."""
        return self.body(seen).mean(dim=(2, 3, 4))

    def forward(self, seen: Tensor) -> dict[str, Tensor]:
        features = self.features(seen)
        return {name: head(features) for name, head in self.heads.items()}


def judge_loss(logits: dict[str, Tensor], labels: dict[str, Tensor]) -> Tensor:
    """Sum of cross-entropies over the attributes that a sample has."""
    total = torch.zeros((), device=next(iter(logits.values())).device)
    for name, values in logits.items():
        target = labels[name].to(values.device)
        if (target >= 0).any():
            total = total + functional.cross_entropy(values, target, ignore_index=-1)
    return total


def train_judge(
    out: Path, steps: int, frames: int, size: int, seconds: float, batch: int = 64, device: str = "cpu", log_every: int = 50
) -> Judge:
    """Train on the given clip size and keep the result in `out`. Held-out combinations are included:
    the judge must know what the generator is asked for."""
    torch.manual_seed(0)
    judge = Judge().to(device)
    optimiser = torch.optim.AdamW(judge.parameters(), 2e-3, weight_decay=0.02)
    pool = 8
    seen, labels = torch.empty(0), {}
    for step in range(steps):
        if step % pool == 0:
            labels = draw_labels(batch * pool, mix(SEED, step), held_out=step % (4 * pool) == 0)
            seen = look(render(labels, frames, size, seconds, mix(SEED, step, 1), device).video)
            # Generated clips are a little soft and noisy: the judge must not live on exact pixels.
            seen = seen + 0.05 * torch.randn_like(seen)
            labels = visible(labels)
        rows = slice((step % pool) * batch, (step % pool + 1) * batch)
        for group in optimiser.param_groups:
            group["lr"] = 2e-3 * min(1.0, (step + 1) / 50) * min(1.0, (steps - step) / (0.3 * steps))
        loss = judge_loss(judge(seen[rows]), {name: values[rows] for name, values in labels.items()})
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        if (step + 1) % log_every == 0:
            print(f"judge step {step + 1} loss {loss.item():.3f}", flush=True)
    store.save(out, dict(judge.state_dict()), {"frames": frames, "size": size, "seconds": seconds, "steps": steps})
    return judge.eval()


def load_judge(folder: Path, device: str = "cpu") -> tuple[Judge, dict]:
    """A trained judge and the clip size it was trained on."""
    tensors, state = store.load(folder)
    judge = Judge()
    judge.load_state_dict(tensors)
    return judge.to(device).eval(), state


@torch.no_grad()
def judge_clips(judge: Judge, video: Tensor, batch: int = 64) -> tuple[dict[str, Tensor], Tensor]:
    """Predicted values {attribute: int64 [N]} and features [N, 192], on the CPU."""
    device = next(judge.parameters()).device
    outputs: dict[str, list[Tensor]] = {name: [] for name in JUDGED}
    features = []
    for part in video.split(batch):
        feature = judge.features(look(part.to(device)))
        features.append(feature.cpu())
        for name, head in judge.heads.items():
            outputs[name].append(head(feature).argmax(1).cpu())
    return {name: torch.cat(parts) for name, parts in outputs.items()}, torch.cat(features)
