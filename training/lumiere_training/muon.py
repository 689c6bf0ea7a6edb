"""Muon: steps of equal length in every direction of a weight matrix, for the matrices inside the network.

Adam scales every weight by itself, so directions that many clips agree on take most of a step and what few clips
tell (the colour of a small thing, the way it goes) waits. Muon makes the singular values of a matrix's step equal.
Sources: Jordan et al., "Muon: An optimizer for hidden layers in neural networks", 2024 (the iteration and its
coefficients); Liu et al., "Muon is Scalable for LLM Training", 2025 (a length of steps like Adam's, so that both
share one learning rate).
"""

from __future__ import annotations

from collections.abc import Iterable

import torch
from torch import Tensor, nn

INSIDE = "unet."
EDGES = tuple(INSIDE + name for name in ("stem", "head", "smooth", "time_in"))  # from pixels or numbers, or to pixels
COEFFICIENTS = (3.4445, -4.7750, 2.0315)
ROUNDS = 5
LENGTH = 0.2  # root mean square of a step at learning rate 1, as Adam's usually are


def even_out(steps: Tensor) -> Tensor:
    """Matrices [N, rows, columns] with their singular values brought to about one (.7 to 1.2)."""
    turned = steps.shape[1] > steps.shape[2]
    x = steps.mT if turned else steps
    x = x / x.norm(dim=(1, 2), keepdim=True).clamp(min=1e-7)
    if x.is_cuda:
        x = x.bfloat16()
    a, b, c = COEFFICIENTS
    for _ in range(ROUNDS):
        gram = x @ x.mT
        x = torch.baddbmm(x, torch.baddbmm(gram, gram, gram, beta=b, alpha=c), x, beta=a)
    return (x.mT if turned else x).to(steps.dtype)


class Muon(torch.optim.Optimizer):
    """For weights of two or more dimensions, flattened behind the first; matrices of one shape are done together."""

    def __init__(
        self, parameters: Iterable[nn.Parameter] | list[dict], lr: float, momentum: float = 0.95, weight_decay: float = 0.01
    ) -> None:
        super().__init__(parameters, {"lr": lr, "momentum": momentum, "weight_decay": weight_decay})

    @torch.no_grad()
    def step(self, closure=None) -> None:  # type: ignore[override]
        """One step along the gradients."""
        for group in self.param_groups:
            own = [parameter for parameter in group["params"] if parameter.grad is not None]
            if not own:
                continue
            gradients = [parameter.grad for parameter in own]
            for parameter in own:
                if "exp_avg" not in self.state[parameter]:
                    self.state[parameter]["exp_avg"] = torch.zeros_like(parameter)
            averages = [self.state[parameter]["exp_avg"] for parameter in own]
            torch._foreach_lerp_(averages, gradients, 1 - group["momentum"])
            # Nesterov's: the average as it will be after one more gradient like this one.
            ahead = torch._foreach_lerp(gradients, averages, group["momentum"])
            together: dict[tuple[int, int], list[int]] = {}
            for number, parameter in enumerate(own):
                together.setdefault((parameter.shape[0], parameter[0].numel()), []).append(number)
            steps: list[Tensor] = [torch.empty(0)] * len(own)
            for (rows, columns), members in together.items():
                even = even_out(torch.stack([ahead[number].reshape(rows, columns) for number in members]))
                for number, step in zip(members, even * (LENGTH * max(rows, columns) ** 0.5)):
                    steps[number] = step.view_as(own[number])
            torch._foreach_mul_(own, 1 - group["lr"] * group["weight_decay"])
            torch._foreach_add_(own, steps, alpha=-group["lr"])


def create_optimisers(
    model: nn.Module, kind: str, lr: float, weight_decay: float, beta2: float, text_pace: float = 1.0
) -> list[torch.optim.Optimizer]:
    """What steps `model`'s parameters, each of them once: "adamw" alone, or "muon" for the matrices inside the U-Net.

    A group's "pace" is its share of the learning rate: `text_pace` for the caption encoder, which can read already.
    """
    named = list(model.named_parameters())
    device = named[0][1].device
    inner = (
        [p for name, p in named if p.dim() > 1 and name.startswith(INSIDE) and not name.startswith(EDGES)]
        if kind == "muon"
        else []
    )
    taken = {id(p) for p in inner}
    rest = [p for _, p in named if id(p) not in taken]
    reading = {id(p) for name, p in named if not name.startswith(INSIDE)}
    groups = [
        {
            "params": [p for p in rest if (p.dim() > 1) == matrices and (id(p) in reading) == reads],
            "weight_decay": weight_decay if matrices else 0.0,
            "pace": text_pace if reads else 1.0,
        }
        for matrices in (True, False)
        for reads in (True, False)
    ]
    adam = torch.optim.AdamW(
        [group for group in groups if group["params"]],
        lr=lr,
        betas=(0.9, beta2),
        fused=device.type == "cuda",
        foreach=None if device.type == "cuda" else True,
    )
    return [adam, Muon(inner, lr=lr, weight_decay=weight_decay)] if inner else [adam]
