"""Teach the caption encoder to read before the U-Net learns to draw.

    python -m lumiere_training.text_train --out checkpoints/text

Lumiere conditions on an encoder that was trained before (T5). Ours starts as random numbers, and what
the U-Net's loss tells it about a word is faint: after 300,000 clips the wrong colour in a caption cost
less than .001. Here the encoder reads captions alone and one linear layer per attribute says, from the
mean of the token features that the U-Net is modulated by, what scene it is of. That takes minutes, and
the U-Net then starts from features in which scene, colour, background, direction and speed lie apart.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional

from . import store
from .settings import mix
from .text import TextEncoder, pooled
from .tokenizer import Tokenizer
from .world import draw_labels
from .world.attributes import ABSENT, ATTRIBUTES, visible
from .world.captions import captions
from .world.families import FAMILIES

PREFIX = "text."


class Reader(nn.Module):
    """The encoder and one linear layer per attribute on its pooled features."""

    def __init__(self, vocabulary: int, width: int = 256, layers: int = 4) -> None:
        super().__init__()
        self.text = TextEncoder(vocabulary, width, layers)
        sizes = {name: len(values) or len(FAMILIES) for name, values in ATTRIBUTES.items()}
        self.heads = nn.ModuleDict({name: nn.Linear(width, size) for name, size in sizes.items()})

    def forward(self, tokens: Tensor) -> dict[str, Tensor]:
        """Logits [N, values] per attribute from tokens [N, L]."""
        features = pooled(*self.text(tokens))
        return {name: head(features) for name, head in self.heads.items()}


def draw(tokenizer: Tokenizer, count: int, seed: int, keep: float = 0.75, held_out: bool = False) -> tuple[Tensor, dict[str, Tensor]]:
    """Tokens [count, L] and visible labels of scenes that nobody renders; `keep` as in `captions.caption`."""
    labels = draw_labels(count, seed, held_out=held_out)
    return tokenizer.batch(captions(labels, mix(seed, 1), keep=keep)), visible(labels)


def reading_loss(logits: dict[str, Tensor], labels: dict[str, Tensor]) -> Tensor:
    """Mean cross-entropy of the attributes that a scene has. One that its caption leaves out can only be guessed."""
    total = [
        functional.cross_entropy(values, labels[name], ignore_index=ABSENT)
        for name, values in logits.items()
        if bool((labels[name] != ABSENT).any())
    ]
    return torch.stack(total).mean()


@torch.no_grad()
def accuracies(reader: Reader, tokenizer: Tokenizer, count: int, seed: int) -> dict[str, float]:
    """Share of attributes read right from captions that name them all, of held-out combinations."""
    tokens, labels = draw(tokenizer, count, seed, keep=1.0, held_out=True)
    logits = reader(tokens)
    right = {}
    for name, values in logits.items():
        has = labels[name] != ABSENT
        if has.any():
            right[name] = float((values.argmax(1) == labels[name])[has].float().mean())
    return right


def train(reader: Reader, tokenizer: Tokenizer, steps: int, batch: int, rate: float, seed: int) -> None:
    """Captions are drawn anew in every step; the rate rises over a tenth of the steps and falls to nothing."""
    optimiser = torch.optim.AdamW(reader.parameters(), lr=rate, betas=(0.9, 0.98), weight_decay=0.01)
    began = time.monotonic()
    for step in range(steps):
        tokens, labels = draw(tokenizer, batch, mix(seed, step))
        factor = min((step + 1) / (0.1 * steps), (steps - step) / (0.9 * steps))
        for group in optimiser.param_groups:
            group["lr"] = rate * factor
        loss = reading_loss(reader(tokens), labels)
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(reader.parameters(), 1.0)
        optimiser.step()
        if (step + 1) % 50 == 0 or step + 1 == steps:
            shown = " ".join(f"{name}={share:.2f}" for name, share in accuracies(reader, tokenizer, 256, 77).items())
            print(f"{step + 1} of {steps}, {time.monotonic() - began:.0f} s, loss {float(loss.detach()):.3f}, {shown}", flush=True)


def save_text(folder: Path, encoder: TextEncoder, vocabulary: list[str], state: dict) -> None:
    """The encoder alone, as float16."""
    tensors = {PREFIX + name: value.half() for name, value in encoder.state_dict().items()}
    store.save(folder, tensors, {**state, "vocabulary": vocabulary})


def load_text(folder: Path, vocabulary: list[str]) -> dict[str, Tensor]:
    """Weights by the names of `model.Lumiere`. Raises ValueError when they were trained with other words."""
    tensors, state = store.load(folder)
    if state["vocabulary"] != vocabulary:
        raise ValueError(f"{folder} reads another vocabulary.txt: run lumiere_training.text_train again")
    return {name: value.float() for name, value in tensors.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--steps", type=int, default=1500)
    parser.add_argument("--batch", type=int, default=64)
    parser.add_argument("--learning-rate", type=float, default=1e-3)
    parser.add_argument("--seed", type=int, default=5)
    parser.add_argument("--threads", type=int, default=0)
    arguments = parser.parse_args()
    if arguments.threads:
        torch.set_num_threads(arguments.threads)
    torch.manual_seed(arguments.seed)
    tokenizer = Tokenizer()
    reader = Reader(len(tokenizer))
    train(reader, tokenizer, arguments.steps, arguments.batch, arguments.learning_rate, arguments.seed)
    read = accuracies(reader, tokenizer, 2048, 99)
    facts = {"steps": arguments.steps, "batch": arguments.batch, "read right": read}
    save_text(arguments.out, reader.text, tokenizer.pieces, facts)
    print({name: round(share, 3) for name, share in read.items()})


if __name__ == "__main__":
    main()
