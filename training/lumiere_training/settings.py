"""What a run is: its stages, its optimiser, its budget. Plain data, kept in every checkpoint."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass, field

MASK64 = (1 << 64) - 1


def mix(*numbers: int) -> int:
    """One 62-bit seed from several numbers (the finaliser of SplitMix64)."""
    state = 0x9E3779B97F4A7C15
    for number in numbers:
        state = (state + number * 0x9E3779B97F4A7C15 + 0x632BE59BD9B4E019) & MASK64
        state = ((state ^ (state >> 30)) * 0xBF58476D1CE4E5B9) & MASK64
        state = ((state ^ (state >> 27)) * 0x94D049BB133111EB) & MASK64
        state ^= state >> 31
    return state >> 2


@dataclass(frozen=True)
class Stage:
    """One size of the progressive schedule; it lasts until `until` (share of the run)."""

    frames: int
    size: int
    seconds: float
    until: float
    batch: int
    time_mean: float  # of the logit-normal times that it trains at
    time_deviation: float = 1.0  # as in runs that do not name it
    media_share: float = 0.0  # of its clips; the others are rendered

    def __str__(self) -> str:
        return f"{self.frames}x{self.size}x{self.size}"


@dataclass
class Settings:
    """Everything that decides the result of a run, seeds included."""

    variant: str = "M"
    seed: int = 1
    stages: list[Stage] = field(default_factory=list)
    learning_rate: float = 6e-4
    warm_up: int = 300
    cool_down: float = 0.2  # share of the run at the end in which the learning rate falls to zero
    weight_decay: float = 0.01
    beta2: float = 0.99
    clip: float = 1.0
    average_decay: float = 0.9995
    text_dropout: float = 0.12
    steps: int = 0  # length of the run in steps, or
    minutes: float = 0.0  # in minutes of training, over all calls
    pool_batches: int = 8  # batches rendered at once
    reuse: int = 1  # times that a rendered clip is trained on, with fresh noise, mask and caption
    preconditioned: bool = True  # stunet.precondition; runs before it do not name it
    space_time: bool = True  # layers.SpaceTimeAttention; runs before it do not name it
    optimiser: str = "muon"  # or "adamw", which runs that do not name it had
    text_pace: float = 0.2  # share of the learning rate that the caption encoder learns at: it can read already (ADR 0026)
    task: str = "all"  # "all" conditional tasks; "keyframes", "interpolate" (cascade.py) or "next" (frame_by_frame.py)

    def to_json(self) -> dict:
        """For checkpoints and cards."""
        return asdict(self)

    @staticmethod
    def from_json(data: dict) -> Settings:
        """The inverse of `to_json`."""
        own = {
            "preconditioned": False,
            "space_time": False,
            "optimiser": "adamw",
            "text_pace": 1.0,
            **data,
            "stages": [Stage(**stage) for stage in data["stages"]],
        }
        own.pop("media_share", None)  # of the whole run, in records from before stages had theirs: always 0
        return Settings(**own)


LAYOUT_MODES = 50  # coarsest patterns of a clip: a few places across, down and along time
PALETTE_BEYOND = 0.5 * math.log(LAYOUT_MODES)  # a single pattern, the palette, is told at so much more noise (logit)
TIME_DEVIATION = 1.5


def layout_logit(frames: int, size: int) -> float:
    """Logit of the time at which noise hides a clip's layout: where it is as strong as the coarsest patterns.

    Noise averages away over pixels, pictures do not: with P pixels a pattern, log(.6 sqrt(P)). That is a time of
    .92 for 16x32x32 and .99 for 80x128x128, and words are only needed where the noisy clip no longer tells what
    they say. Sources: Hoogeboom et al., "Simple Diffusion", 2023; Esser et al., "Scaling Rectified Flow
    Transformers", 2024, section 5.3.2, both for pictures.
    """
    return math.log(0.6 * math.sqrt(frames * size * size / LAYOUT_MODES))


def parse_stages(text: str, batches: str, means: str = "", deviation: float = TIME_DEVIATION, media: str = "0") -> list[Stage]:
    """`16x64x2.5@0.55,40x64x5@0.8,80x128x5@1` -> stages: frames x size x seconds @ share of the run.

    The other lists have one entry a stage, the last one standing for all that follow. Without `means` each stage
    trains around half a unit below its `layout_logit`.
    """
    parts, sizes, time_means = text.split(","), batches.split(","), means.split(",") if means else []
    shares = media.split(",")
    stages = []
    for index, part in enumerate(parts):
        shape, until = part.split("@")
        frames, size, seconds = shape.split("x")
        stages.append(
            Stage(
                int(frames),
                int(size),
                float(seconds),
                float(until),
                int(sizes[min(index, len(sizes) - 1)]),
                float(time_means[min(index, len(time_means) - 1)])
                if time_means
                else round(layout_logit(int(frames), int(size)) - 0.5, 2),
                deviation,
                float(shares[min(index, len(shares) - 1)]),
            )
        )
        if stages[-1].frames % 8 or stages[-1].size % 16:
            raise ValueError(f"stage {part}: frames must be a multiple of 8 and size of 16")
    if stages[-1].until < 1 or any(a.until >= b.until for a, b in zip(stages, stages[1:])):
        raise ValueError("stages must end at growing shares of the run, the last at 1")
    return stages


def stage_at(stages: list[Stage], progress: float) -> int:
    """Index of the stage at `progress` 0..1."""
    return next((index for index, stage in enumerate(stages) if progress < stage.until), len(stages) - 1)


def rate_factor(settings: Settings, step_since_start: int, progress: float) -> float:
    """Warm-up, constant, then a straight line to zero over the last `cool_down` of the run.

    Not a cosine from the start: the run may be prolonged by another call before its cool-down.
    """
    warm = min(1.0, (step_since_start + 1) / max(settings.warm_up, 1))
    start = 1 - settings.cool_down
    cool = 1.0 if progress <= start or settings.cool_down <= 0 else max(0.0, (1 - progress) / settings.cool_down)
    return warm * cool
