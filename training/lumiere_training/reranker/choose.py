"""Sampling with several beginnings and stressed words, as the app does it (src/main/engine/diffusion)."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor, nn

from ..emphasis import without_named
from ..flow_matching import clean_estimate, create_schedule, euler_step, guided, network_input
from ..tokenizer import Tokenizer, split_words
from .networks import look

COMPARED_AFTER = 0.2  # share of the steps (src/shared/candidates.ts)
MIRROR_GAIN = 0.25  # nats by which a mirror image must fit better
Agreement = Callable[[Tensor, Tensor], Tensor]  # tokens [1, L], clip [1, 16, 3, 32, 32] -> nats [1, attributes]


@torch.no_grad()
def generate_chosen(
    model: nn.Module,
    agreement: Agreement,
    tokenizer: Tokenizer,
    text: str,
    shape: tuple[int, int, int],
    seconds: float,
    *,
    candidates: int,
    steps: int,
    guidance: float,
    shift: float,
    seed: int,
    compared_after: float = COMPARED_AFTER,
    emphasis: float = 0.0,
) -> tuple[Tensor, dict]:
    """One clip [T, 3, H, W] in -1..1 of `shape` (T, H, W), and which candidate it is.

    `emphasis`: by how much more the prompt's colours and directions are exaggerated, in every second step.
    """
    frames, height, width = shape
    tokens = tokenizer.batch([text])
    told, empty, rest = (model.text(tokenizer.batch([words])) for words in (text, "", without_named(text)))
    stressed = emphasis > 0 and guidance != 1 and without_named(text) != " ".join(split_words(text))
    length = torch.full((1,), seconds)
    nothing, mask = torch.zeros(1, frames, 3, height, width), torch.zeros(1, frames, 1, height, width)
    schedule = create_schedule(steps, shift).tolist()

    def advance(x: Tensor, first: int, last: int) -> tuple[Tensor, Tensor]:
        """The noisy clip after the steps `first` to `last`, and what it then looks like."""
        for step in range(first, last):
            now, after = schedule[step], schedule[step + 1]
            inputs, times = network_input(x, mask, nothing), torch.full((1,), now)
            without, scale = (rest, 1 + emphasis) if stressed and step % 2 == 0 else (empty, guidance)
            velocity = guided(*(model.unet(inputs, times, length, *caption) for caption in (told, without)), scale)
            shown, x = clean_estimate(x, velocity, now), euler_step(x, velocity, now, after)
        return x, shown.clamp(-1, 1)

    def fit(clip: Tensor) -> tuple[float, float]:
        """Agreement of what is shown and of its mirror image."""
        seen = look((clip + 1) / 2)
        return float(agreement(tokens, seen).sum()), float(agreement(tokens, seen.flip(-1)).sum())

    until = max(1, round(compared_after * steps))
    begun, agreements = [], []
    for number in range(candidates):
        noise = torch.randn((1, frames, 3, height, width), generator=torch.Generator().manual_seed(seed + number))
        x, shown = advance(noise, 0, until)
        begun.append(x)
        agreements.append(fit(shown)[0])
    number = max(range(candidates), key=agreements.__getitem__)
    clip = advance(begun[number], until, steps)[0].clamp(-1, 1)
    plain, turned = fit(clip)
    mirrored = turned > plain + MIRROR_GAIN
    chosen = {"number": number, "agreements": [round(value, 3) for value in agreements], "mirrored": mirrored}
    return (clip.flip(-1) if mirrored else clip)[0], chosen
