"""The training loop's state: model, average, optimiser, counters; one step; save and resume."""

from __future__ import annotations

import contextlib
import math
import time
from collections.abc import Iterator
from pathlib import Path

import torch
from torch import Tensor, nn

from . import store
from .cascade import interpolation_mask
from .conditioning import draw_masks, freeze_outside, network_input
from .flow_matching import Average, add_noise, draw_times, loss_per_sample
from .frame_by_frame import prefix_mask
from .layers import use_fused
from .model import build_model
from .muon import create_optimisers
from .packs import load_weights
from .recording import Recording
from .settings import Settings, Stage, mix, rate_factor, stage_at
from .source import Batch, Source
from .text_train import load_text
from .tokenizer import Tokenizer

MOMENTS = ("exp_avg", "exp_avg_sq", "step")
TIME_BINS = 4  # the loss is also logged for four ranges of t: layout fails first, at the noisy end


class Trainer:
    """All randomness of step k comes from (seed, k): a resumed run repeats the uninterrupted one."""

    def __init__(
        self,
        settings: Settings,
        device: torch.device,
        source: Source,
        tokenizer: Tokenizer,
        channels_last: bool = False,
        compile_model: bool = False,
        fused: bool = False,
        graphs: bool = False,
    ) -> None:
        self.settings, self.device, self.source, self.tokenizer = settings, device, source, tokenizer
        torch.manual_seed(settings.seed)
        self.model = build_model(settings.variant, tokenizer, settings.preconditioned, settings.space_time).to(device)
        if channels_last:
            self.model.to(memory_format=torch.channels_last)
        if fused:
            use_fused(self.model)
        self.parameters = list(self.model.parameters())
        self.average = Average(self.model, settings.average_decay)
        self.optimisers = create_optimisers(
            self.model, settings.optimiser, settings.learning_rate, settings.weight_decay, settings.beta2, settings.text_pace
        )
        self.forward: nn.Module = torch.compile(self.model, dynamic=False) if compile_model else self.model  # type: ignore[assignment]
        self.graphs = graphs
        self._recording: Recording | None = None
        self.empty = tokenizer.batch([""]).to(device)
        self.step = 0
        self.stage_index, self.stage_step = 0, 0
        self.elapsed = 0.0  # seconds of training over all calls
        self.warm_from = 0  # step at which the optimiser's moments were empty
        self.clock: float | None = None
        self.sums = torch.zeros(2, TIME_BINS, device=device)
        self.norm = torch.zeros((), device=device)
        self.rate = 0.0

    @property
    def progress(self) -> float:
        """Share of the planned run, 0..1."""
        if self.settings.steps:
            return min(1.0, self.step / self.settings.steps)
        return min(1.0, self.elapsed / (60 * self.settings.minutes)) if self.settings.minutes else 0.0

    def draw(self, batch: Batch, generator: torch.Generator, stage: Stage) -> tuple[Tensor, ...]:
        """All that a pass depends on, for `losses`: everything random is drawn here."""
        clean = batch.clean
        n, frames, _, height, width = clean.shape
        times = draw_times(n, stage.time_mean, generator, stage.time_deviation)
        mask, kind = self._masks(n, frames, height, width, generator)
        clean = freeze_outside(clean, mask, kind)
        noise = torch.randn(clean.shape, generator=generator, device=self.device)
        drop = torch.rand(n, 1, generator=generator, device=self.device) < self.settings.text_dropout
        tokens = torch.where(drop, self.empty, batch.tokens)
        seconds = torch.full((n,), batch.seconds, device=self.device)
        return clean, noise, mask, times, seconds, tokens

    def losses(self, clean: Tensor, noise: Tensor, mask: Tensor, times: Tensor, seconds: Tensor, tokens: Tensor) -> Tensor:
        """Loss per sample [N]."""
        inputs = network_input(add_noise(clean, noise, times), mask, clean)
        with self.precision():
            predicted = self.forward(inputs, times, seconds, tokens)
        return loss_per_sample(predicted, clean, noise, mask)

    def backward(self, drawn: tuple[Tensor, ...]) -> Tensor:
        """Loss per sample [N], and the gradients of its mean in the parameters."""
        if not self.graphs:
            for parameter in self.parameters:
                parameter.grad = None
            losses = self.losses(*drawn)
            losses.mean().backward()
            return losses.detach()
        if self._recording is None or not self._recording.fits(drawn):
            if self._recording is not None:
                self._recording.close()
            self._recording = Recording(self.losses, drawn, self.model.parameters())
        return self._recording(drawn).detach()

    def update(self, drawn: tuple[Tensor, ...]) -> Tensor:
        """One step of the optimiser and of the average; loss per sample [N]."""
        losses = self.backward(drawn)
        self.norm = nn.utils.clip_grad_norm_(self.parameters, self.settings.clip)
        for optimiser in self.optimisers:
            optimiser.step()
        self.average.update(self.step)
        return losses

    def _masks(self, n: int, frames: int, height: int, width: int, generator: torch.Generator) -> tuple[Tensor, Tensor]:
        if self.settings.task == "all":
            return draw_masks(n, frames, height, width, generator)
        none = torch.zeros(n, dtype=torch.int64, device=self.device)
        if self.settings.task == "interpolate":
            return interpolation_mask(n, frames, height, width, generator), none
        if self.settings.task == "next":
            return prefix_mask(n, frames, height, width, generator), none
        return torch.zeros(n, frames, 1, height, width, device=self.device), none

    def precision(self) -> contextlib.AbstractContextManager:
        """bf16 arithmetic on a GPU, float32 on a CPU. A recording must keep no converted weights between passes."""
        return (
            torch.autocast("cuda", torch.bfloat16, cache_enabled=not self.graphs)
            if self.device.type == "cuda"
            else contextlib.nullcontext()
        )

    def train_step(self) -> None:
        """One batch, one update. Advances the counters and, in a timed run, the stage."""
        if self.clock is None:
            self.clock = time.perf_counter()
        wanted = stage_at(self.settings.stages, self.progress)
        if wanted != self.stage_index:
            self.stage_index, self.stage_step = wanted, 0
        stage = self.settings.stages[self.stage_index]
        generator = torch.Generator(device=self.device).manual_seed(mix(self.settings.seed, 13, self.step))
        batch = self.source.batch(self.stage_index, self.stage_step)
        self.rate = self.settings.learning_rate * rate_factor(self.settings, self.step - self.warm_from, self.progress)
        for group in (group for optimiser in self.optimisers for group in optimiser.param_groups):
            group["lr"] = self.rate * group.get("pace", 1.0)
        drawn = self.draw(batch, generator, stage)
        losses, times = self.update(drawn), drawn[3]
        bins = (times * TIME_BINS).long().clamp(max=TIME_BINS - 1)
        self.sums[0].index_add_(0, bins, losses.float())
        self.sums[1].index_add_(0, bins, torch.ones_like(times))
        self.step += 1
        self.stage_step += 1
        now = time.perf_counter()
        self.elapsed += now - self.clock
        self.clock = now

    def pause_clock(self) -> None:
        """Time until the next step (sheets, meters, saving) does not count as training."""
        if self.device.type == "cuda":
            torch.cuda.synchronize()
        self.clock = None

    def take_losses(self) -> dict[str, float]:
        """Mean loss since the last call, in all and per range of t. Raises on a loss that is no number."""
        total, count = self.sums.clone().cpu()  # .cpu() of a CPU tensor would be cleared below
        self.sums.zero_()
        mean = float(total.sum() / count.sum().clamp(min=1))
        if not math.isfinite(mean):
            raise FloatingPointError(f"loss is {mean} at step {self.step}: resume from the checkpoint with a lower --lr")
        return {
            "loss": mean,
            **{f"t{index}": float(total[index] / count[index].clamp(min=1)) for index in range(TIME_BINS)},
            "gradient": float(self.norm),
        }

    @contextlib.contextmanager
    def averaged(self) -> Iterator[nn.Module]:
        """The model with averaged weights, put back afterwards."""
        live = {name: value.detach().clone() for name, value in self.model.named_parameters()}
        self.average.copy_to(self.model)
        self.model.eval()
        try:
            yield self.model
        finally:
            with torch.no_grad():
                for name, parameter in self.model.named_parameters():
                    parameter.copy_(live[name])
            self.model.train()

    # checkpoints ------------------------------------------------------------------------------
    def save(self, folder: Path) -> None:
        """Everything that the next step depends on: the resumed run is the same run, bit for bit."""
        tensors: dict[str, Tensor] = {}
        for name, parameter in self.model.named_parameters():
            tensors[f"model/{name}"] = parameter
            tensors[f"average/{name}"] = self.average.values[name]
            for key, value in self.moments(parameter).items():
                tensors[f"{key}/{name}"] = value
        store.save(folder, tensors, self._state())

    def moments(self, parameter: nn.Parameter) -> dict[str, Tensor]:
        """What its optimiser remembers of it: to read, and to fill."""
        owner = next(o for o in self.optimisers for group in o.param_groups if any(parameter is own for own in group["params"]))
        return owner.state[parameter]

    def _state(self) -> dict:
        return {
            "settings": self.settings.to_json(),
            "step": self.step,
            "stage_index": self.stage_index,
            "stage_step": self.stage_step,
            "elapsed": self.elapsed,
            "warm_from": self.warm_from,
            "vocabulary": self.tokenizer.pieces,
        }

    def _check_vocabulary(self, folder: Path, state: dict) -> None:
        if state["vocabulary"] != self.tokenizer.pieces:
            raise ValueError(f"{folder} was trained with another vocabulary.txt: put that file back, or start anew")

    def load(self, folder: Path) -> None:
        """Continue from `save`."""
        tensors, state = store.load(folder)
        self._check_vocabulary(folder, state)
        for name, parameter in self.model.named_parameters():
            with torch.no_grad():
                parameter.copy_(tensors[f"model/{name}"])
            self.average.values[name].copy_(tensors[f"average/{name}"])
            moments = self.moments(parameter)
            for key in MOMENTS:
                if f"{key}/{name}" in tensors:
                    value = tensors[f"{key}/{name}"]
                    moments[key] = (
                        torch.empty_like(parameter).copy_(value) if value.shape == parameter.shape else value.to(self.device)
                    )
        self.step, self.elapsed, self.warm_from = state["step"], state["elapsed"], state["warm_from"]
        self.stage_index, self.stage_step = state["stage_index"], state["stage_step"]

    def save_portable(self, folder: Path) -> None:
        """Averaged weights as float16: what is exported, evaluated, and carried to another machine."""
        tensors = {name: value.half() for name, value in self.average.values.items()}
        store.save(folder, tensors, self._state())

    def _begin_with(self, tensors: dict[str, Tensor]) -> None:
        """Put these weights into the model and its average."""
        own = dict(self.model.named_parameters())
        with torch.no_grad():
            for name, value in tensors.items():
                own[name].copy_(value)
                self.average.values[name].copy_(value)

    def _close_new_layers(self, tensors: dict[str, Tensor]) -> None:
        """Attentions that these weights do not have begin with no say."""
        with torch.no_grad():
            for name, parameter in self.model.named_parameters():
                if name not in tensors and ".attention.out." in name:
                    parameter.zero_()
                    self.average.values[name].zero_()

    def load_text(self, folder: Path) -> None:
        """Begin with a caption encoder that can read already (text_train.py)."""
        self._begin_with(load_text(folder, self.tokenizer.pieces))

    def load_portable(self, folder: Path, keep_schedule: bool = True) -> None:
        """Start from averaged weights (a portable checkpoint or a pack): fresh moments, so a warm-up; counters go on when `keep_schedule`."""
        tensors, state = load_weights(folder)
        self._check_vocabulary(folder, state)
        if Settings.from_json(state["settings"]).preconditioned != self.settings.preconditioned:
            raise ValueError(f"{folder} was trained for another output (stunet.precondition): start anew")
        self._begin_with(tensors)
        self._close_new_layers(tensors)
        if keep_schedule:
            self.step, self.elapsed, self.warm_from = state["step"], state["elapsed"], state["step"]
            self.stage_index, self.stage_step = state["stage_index"], state["stage_step"]


def load_averaged(folder: Path, device: torch.device | str = "cpu") -> tuple[nn.Module, Settings, dict]:
    """A model in evaluation mode from a portable checkpoint or a pack, its settings and state (its vocabulary too)."""
    tensors, state = load_weights(folder)
    settings = Settings.from_json(state["settings"])
    model = build_model(settings.variant, Tokenizer(state["vocabulary"]), settings.preconditioned, settings.space_time)
    model.load_state_dict({name: value.float() for name, value in tensors.items()})
    return model.to(device).eval(), settings, state
