"""Train both readers on scenes of the world.

    python -m lumiere_training.reranker.train --out checkpoints/reranker --minutes 40

The judge of evaluate.py is another network, from other seeds, and never takes part: it measures what is chosen here.
Generated clips are softer than rendered ones and early estimates of them are blurs, so the clip's reader learns on
blurred, noisy and mirrored copies; the words' reader learns captions with words in them that mean nothing here.
"""

from __future__ import annotations

import argparse
import random
import time
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional

from .. import store
from ..settings import mix
from ..tokenizer import MAX_TOKENS, PAD, SPECIALS, Tokenizer
from ..world import draw_labels, render
from ..world.attributes import ATTRIBUTES, visible
from ..world.captions import captions
from ..world.families import FAMILIES
from .networks import SIZE, VALUES, Reranker, classes, look

SEED = 11_000_000_000  # apart from the seeds of training, of the judge and of evaluation
SECONDS = 5.0
RENDERED = 64  # pixels: what the shipped model makes, brought to `SIZE` the same way
SWAPPED = {  # what a mirror image shows
    "direction": {"left": "right", "right": "left"},
    "camera": {"pan left": "pan right", "pan right": "pan left"},
}


def mirrored(labels: dict[str, Tensor], rows: Tensor) -> dict[str, Tensor]:
    """Labels [N] of clips of which those of `rows` (bool [N]) are flipped from side to side."""
    changed = dict(labels)
    for name, swaps in SWAPPED.items():
        values = ATTRIBUTES[name]
        order = torch.arange(VALUES[name])
        for a, b in swaps.items():
            order[values.index(a)] = values.index(b)
        changed[name] = torch.where(rows, order[labels[name]], labels[name])
    return changed


def degrade(clips: Tensor, generator: torch.Generator) -> Tensor:
    """Clips [N, T, 3, H, W] in 0..1: every one blurred by its own amount in space, some in time, all a little noisy."""
    n, frames = clips.shape[:2]
    share = torch.rand(n, 1, 1, 1, 1, generator=generator) * (torch.rand(n, 1, 1, 1, 1, generator=generator) < 0.6)
    flat = clips.flatten(0, 1)
    soft = functional.avg_pool2d(functional.pad(flat, [1] * 4, mode="replicate"), 3, 1)
    coarse = functional.avg_pool2d(functional.pad(soft, [2] * 4, mode="replicate"), 5, 1)
    pick = (torch.rand(n, 1, 1, 1, 1, generator=generator) < 0.5).float()
    blurred = soft.view_as(clips) * pick + coarse.view_as(clips) * (1 - pick)
    clips = clips + share * (blurred - clips)
    ends = torch.cat((clips[:, :1], clips, clips[:, -1:]), 1)
    smeared = (ends[:, :-2] + ends[:, 1:-1] + ends[:, 2:]) / 3
    clips = clips + 0.7 * (torch.rand(n, 1, 1, 1, 1, generator=generator) < 0.25) * (smeared - clips)
    gain = 1 + 0.1 * torch.randn(n, 1, 1, 1, 1, generator=generator)
    return (clips * gain + 0.03 * torch.randn(clips.shape, generator=generator)).clamp(0, 1)


class Scenes:
    """A store of rendered clips from which batches are drawn: each is seen a few times, never twice alike."""

    def __init__(self, room: int, first: int) -> None:
        self.clips = torch.zeros(room, 16, 3, SIZE, SIZE, dtype=torch.uint8)
        self.labels = {name: torch.zeros(room, dtype=torch.int64) for name in VALUES}
        self.filled = self.drawn = 0
        self.renew(first)

    def renew(self, count: int) -> None:
        """Render `count` more; the oldest give way. Held-out combinations are among them: they are asked for, too."""
        labels = draw_labels(count, mix(SEED, self.drawn), held_out=self.drawn % 5 == 4)
        seen = look(render(labels, 16, RENDERED, SECONDS, mix(SEED, self.drawn, 1)).video)
        labels = classes(visible(labels))
        at = (torch.arange(count) + self.filled) % len(self.clips)
        self.clips[at] = (seen * 255 + 0.5).to(torch.uint8)
        for name, values in self.labels.items():
            values[at] = labels[name]
        self.filled += count
        self.drawn += 1

    def batch(self, count: int, generator: torch.Generator) -> tuple[Tensor, dict[str, Tensor]]:
        """Clips [count, 16, 3, 32, 32] in 0..1 and their classes."""
        rows = torch.randint(min(self.filled, len(self.clips)), (count,), generator=generator)
        flip = torch.rand(count, generator=generator) < 0.5
        clips = self.clips[rows].float() / 255
        clips = torch.where(flip.view(-1, 1, 1, 1, 1), clips.flip(-1), clips)
        labels = mirrored({name: values[rows] for name, values in self.labels.items()}, flip)
        return degrade(clips, generator), labels


def expectation(count: int = 60_000) -> dict[str, Tensor]:
    """What each family shows when nothing is said: [families, values] per attribute."""
    drawn = visible(draw_labels(count, mix(SEED, 77)))
    labels = classes(drawn)
    tables = {}
    for name, size in VALUES.items():
        table = torch.zeros(len(FAMILIES), size)
        table.index_put_((labels["family"], labels[name]), torch.ones(count), accumulate=True)
        tables[name] = table / table.sum(1, keepdim=True)
    return tables


def draw_words(tokenizer: Tokenizer, count: int, seed: int, keep: float | None = None) -> tuple[Tensor, dict[str, Tensor]]:
    """Tokens [count, 32] and classes. `keep` None: captions that say much and little, some with foreign words, some only those."""
    dice = random.Random(seed)
    labels = draw_labels(count, seed, held_out=dice.random() < 0.1)
    share = dice.choice((0.3, 0.6, 1.0)) if keep is None else keep
    texts = captions(labels, mix(seed, 1), keep=share)
    tokens = tokenizer.batch(texts)
    if keep is None:
        others = range(len(SPECIALS), len(tokenizer))
        for row in range(count):
            kind = dice.random()
            if kind < 0.5:
                continue
            said = [] if kind > 0.95 else [token for token in tokens[row, 1:].tolist() if token != PAD]
            for _ in range(dice.randint(1, 5)):
                # Pieces of unknown words, and now and then a known word that says nothing of the scene.
                piece = dice.choice(others)
                if tokenizer.pieces[piece].startswith("##") or len(tokenizer.pieces[piece]) == 1 or dice.random() < 0.15:
                    said.insert(dice.randint(0, len(said)), piece)
            line = [tokens[row, 0].item(), *said][:MAX_TOKENS]
            tokens[row] = torch.tensor(line + [PAD] * (MAX_TOKENS - len(line)))
    return tokens, classes(visible(labels))


def reading_loss(logits: dict[str, Tensor], labels: dict[str, Tensor]) -> Tensor:
    """Sum of the cross-entropies of all attributes; "not there" is a value like any other."""
    return torch.stack([functional.cross_entropy(values.float(), labels[name]) for name, values in logits.items()]).sum()


@torch.no_grad()
def accuracies(logits: dict[str, Tensor], labels: dict[str, Tensor]) -> dict[str, float]:
    """Share read right per attribute, over the samples that have it."""
    right = {}
    for name, values in logits.items():
        has = labels[name] < len(ATTRIBUTES[name])
        right[name] = float((values.argmax(1) == labels[name])[has].float().mean())
    return right


def _rate(optimiser: torch.optim.Optimizer, top: float, done: float) -> None:
    """Up over a twentieth, level, down over the last third; `done` 0..1."""
    for group in optimiser.param_groups:
        group["lr"] = top * min(1.0, done / 0.05 + 0.02, (1 - done) / 0.34 + 0.002)


def train_words(reranker: Reranker, tokenizer: Tokenizer, steps: int, batch: int) -> dict[str, float]:
    """Captions are drawn anew in every step. Returns what is read right of captions that name everything."""
    reader = reranker.words
    optimiser = torch.optim.AdamW(reader.parameters(), lr=2e-3, betas=(0.9, 0.98), weight_decay=0.01)
    for step in range(steps):
        tokens, labels = draw_words(tokenizer, batch, mix(SEED, step, 3))
        _rate(optimiser, 2e-3, step / steps)
        loss = reading_loss(reader(tokens), labels)
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(reader.parameters(), 1.0)
        optimiser.step()
        if (step + 1) % 100 == 0:
            print(f"words {step + 1} of {steps}: loss {float(loss.detach()):.3f}", flush=True)
    tokens, labels = draw_words(tokenizer, 2048, mix(SEED, 99), keep=1.0)
    return accuracies(reader(tokens), labels)


def train_clips(reranker: Reranker, minutes: float, batch: int, renewed: int, room: int) -> dict[str, float]:
    """As many steps as fit into `minutes`. Returns what is read right of new rendered clips."""
    reader = reranker.clips
    generator = torch.Generator().manual_seed(5)
    scenes = Scenes(room, 512)
    optimiser = torch.optim.AdamW(reader.parameters(), lr=2e-3, betas=(0.9, 0.98), weight_decay=0.02)
    began, step, losses = time.monotonic(), 0, []
    while (done := (time.monotonic() - began) / (60 * minutes)) < 1:
        _rate(optimiser, 2e-3, done)
        scenes.renew(renewed)
        clips, labels = scenes.batch(batch, generator)
        with torch.autocast("cpu", torch.bfloat16):
            logits = reader(clips)
        loss = reading_loss(logits, labels)
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(reader.parameters(), 1.0)
        optimiser.step()
        step += 1
        losses.append(float(loss.detach()))
        if step % 50 == 0:
            recent = sum(losses[-50:]) / 50
            print(f"clips step {step}, {60 * minutes * done:.0f} s, {scenes.filled} scenes: loss {recent:.3f}", flush=True)
    labels = draw_labels(580, mix(SEED, 98), held_out=True)
    seen = look(render(labels, 16, RENDERED, SECONDS, mix(SEED, 97)).video)
    reader.eval()
    with torch.no_grad():
        right = accuracies(reader(seen), classes(visible(labels)))
    return {**right, "steps": step, "scenes": scenes.filled}


def save_reranker(folder: Path, reranker: Reranker, pieces: list[str], facts: dict) -> None:
    """Weights as float16, with the vocabulary that they read."""
    tensors = {name: value.half() for name, value in reranker.state_dict().items()}
    store.save(folder, tensors, {"facts": facts, "vocabulary": pieces})


def load_reranker(folder: Path) -> tuple[Reranker, dict]:
    """A trained reranker, and its state."""
    tensors, state = store.load(folder)
    reranker = Reranker(len(state["vocabulary"]))
    reranker.load_state_dict({name: value.float() for name, value in tensors.items()})
    return reranker.eval(), state


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--minutes", type=float, default=40, help="of the reader of clips; that of words takes two more")
    parser.add_argument("--batch", type=int, default=64)
    parser.add_argument("--renewed", type=int, default=24, help="scenes rendered in each step")
    parser.add_argument("--room", type=int, default=12_000, help="scenes kept; 50 KB each")
    parser.add_argument("--word-steps", type=int, default=2000)
    parser.add_argument("--threads", type=int, default=0)
    arguments = parser.parse_args()
    if arguments.threads:
        torch.set_num_threads(arguments.threads)
    torch.manual_seed(11)
    tokenizer = Tokenizer()
    reranker = Reranker(len(tokenizer))
    for name, table in expectation().items():
        getattr(reranker, f"expected_{name}").copy_(table)
    words = train_words(reranker, tokenizer, arguments.word_steps, arguments.batch)
    print({name: round(share, 3) for name, share in words.items()})
    clips = train_clips(reranker, arguments.minutes, arguments.batch, arguments.renewed, arguments.room)
    print({name: round(share, 3) for name, share in clips.items()})
    save_reranker(arguments.out, reranker, tokenizer.pieces, {"read right of words": words, "read right of clips": clips})


if __name__ == "__main__":
    main()
