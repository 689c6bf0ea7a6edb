"""Rectified flow: the training objective, the schedule and the samplers.

A noisy clip is x_t = (1 - t) * clean + t * noise, t from 0 (clean) to 1 (noise); the network
predicts the velocity v = noise - clean. Sources: Liu et al., "Flow Straight and Fast", 2022;
Lipman et al., "Flow Matching for Generative Modeling", 2023; logit-normal t and the shift from
Esser et al., "Scaling Rectified Flow Transformers", 2024.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import torch
from torch import Tensor, nn

from .conditioning import compose, network_input

KNOWN_WEIGHT = 0.1  # loss weight of given pixels: seeing them suffices, copying them teaches little
Velocity = Callable[[Tensor, Tensor], Tensor]  # (x_t [N,T,3,H,W], t [N]) -> v


def draw_times(n: int, mean: float, generator: torch.Generator, deviation: float = 1.0) -> Tensor:
    """Logit-normal times [n]. A mean above 0 trains more of the noisy end, where layout is decided."""
    normal = torch.randn(n, generator=generator, device=generator.device)
    return torch.sigmoid(normal * deviation + mean).clamp(1e-4, 1 - 1e-4)


def shift_times(times: Tensor, shift: float) -> Tensor:
    """t' = s t / (1 + (s - 1) t): the same bias for sampling; mean m in `draw_times` matches s = e^m."""
    return shift * times / (1 + (shift - 1) * times)


def create_schedule(steps: int, shift: float) -> Tensor:
    """`steps + 1` times from 1 to 0, float32."""
    return shift_times(torch.linspace(1.0, 0.0, steps + 1, dtype=torch.float32), shift)


def add_noise(clean: Tensor, noise: Tensor, times: Tensor) -> Tensor:
    """x_t for times [N]."""
    t = times.view(-1, 1, 1, 1, 1).to(clean.dtype)
    return (1 - t) * clean + t * noise


def loss_per_sample(predicted: Tensor, clean: Tensor, noise: Tensor, mask: Tensor) -> Tensor:
    """Mean squared error of the velocity [N], given pixels weighted down."""
    weight = 1 - (1 - KNOWN_WEIGHT) * mask.float()
    error = (predicted.float() - (noise - clean).float()) ** 2 * weight
    return error.mean(dim=(1, 2, 3, 4)) / weight.mean(dim=(1, 2, 3, 4))


def guided(velocity_text: Tensor, velocity_empty: Tensor, scale: float) -> Tensor:
    """Classifier-free guidance (Ho & Salimans, 2022): 1 follows the text, more exaggerates it."""
    return velocity_empty + scale * (velocity_text - velocity_empty)


def euler_step(x: Tensor, velocity: Tensor, now: float, after: float) -> Tensor:
    """One step of the flow from time `now` to `after`."""
    return x + (after - now) * velocity


def clean_estimate(x: Tensor, velocity: Tensor, now: float) -> Tensor:
    """The clip that the current velocity points to: what a live preview shows."""
    return x - now * velocity


@torch.no_grad()
def sample(velocity: Velocity, noise: Tensor, steps: int, shift: float, solver: str = "euler") -> Tensor:
    """Integrate from noise to a clip. `solver`: "euler", or "heun" (second order, two passes a step)."""
    schedule = create_schedule(steps, shift).tolist()
    x = noise
    for now, after in zip(schedule[:-1], schedule[1:]):
        first = velocity(x, torch.full((len(x),), now, device=x.device))
        ahead = euler_step(x, first, now, after)
        if solver == "heun" and after > 0:
            second = velocity(ahead, torch.full((len(x),), after, device=x.device))
            ahead = euler_step(x, (first + second) / 2, now, after)
        x = ahead
    return x


@torch.no_grad()
def generate(
    model: nn.Module,
    tokens: Tensor,
    empty: Tensor,
    shape: tuple[int, ...],
    seconds: float,
    *,
    steps: int = 20,
    guidance: float = 2.0,
    shift: float = 1.0,
    seed: int = 0,
    mask: Tensor | None = None,
    given: Tensor | None = None,
    solver: str = "euler",
) -> Tensor:
    """Clips [N, T, 3, H, W] in -1..1 from token numbers [N, L]; `empty` [1, L] is the null prompt.

    With `mask` and `given`, the given pixels come back unchanged.
    """
    device = tokens.device
    generator = torch.Generator(device="cpu").manual_seed(seed)
    noise = torch.randn(shape, generator=generator).to(device)
    mask = torch.zeros(shape[0], shape[1], 1, *shape[3:], device=device) if mask is None else mask
    given = torch.zeros(shape, device=device) if given is None else given
    text, text_mask = model.text(tokens)
    null, null_mask = model.text(empty.expand(len(tokens), -1))
    length = torch.full((shape[0],), seconds, device=device)

    def velocity(x: Tensor, times: Tensor) -> Tensor:
        inputs = network_input(x, mask, given)
        with_text = model.unet(inputs, times, length, text, text_mask).float()
        if guidance == 1.0:
            return with_text
        return guided(with_text, model.unet(inputs, times, length, null, null_mask).float(), guidance)

    made = sample(velocity, noise, steps, shift, solver)
    return compose(made.clamp(-1, 1), given, mask)


class Average:
    """Exponential moving average of a model's parameters, with a ramp at the start."""

    def __init__(self, model: nn.Module, decay: float = 0.9995) -> None:
        self.decay = decay
        self.values = {name: value.detach().clone().float() for name, value in model.named_parameters()}
        self._live = list(model.parameters())  # walking the modules in every step takes milliseconds

    @torch.no_grad()
    def update(self, step: int) -> None:
        """Follow the model. `step` counts from 0: early averages follow quickly."""
        decay = min(self.decay, (1 + step) / (10 + step))
        torch._foreach_lerp_(list(self.values.values()), [value.float() for value in self._live], 1 - decay)

    @torch.no_grad()
    def copy_to(self, model: nn.Module) -> None:
        """Overwrite the model's parameters with the average."""
        for name, parameter in model.named_parameters():
            parameter.copy_(self.values[name].to(parameter.dtype))


def mean_to_shift(mean: float) -> float:
    """The sampling shift that matches a logit-normal mean."""
    return math.exp(mean)
