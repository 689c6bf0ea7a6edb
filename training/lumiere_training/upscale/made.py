"""What the world model makes of a clip that is known: small frames with its own faults, beside the large truth.

A rendered clip is shrunk, noised part of the way and brought back by the model of a pack. What differs from the clip
then (speckle, the weave of its patches, colours that wander) is what it does to its own clips too, and no drawn
degradation looks like it.
"""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional

from ..conditioning import network_input
from ..flow_matching import add_noise, create_schedule, euler_step, shift_times
from ..packs import PackNetwork, pack_facts
from ..settings import mix
from ..tokenizer import Tokenizer
from ..world.captions import captions
from ..world.render import draw_labels, render

LARGE = 256
STEPS = 20  # of a whole schedule: those below the noise are taken
# How far a clip is noised, in steps before the end. A noise of its own for every pack: at a shift of 40 the last step
# begins where one of 3 ended four steps before. Further back, the model invents another clip.
LEAST, MOST = 0.5, 1.5


class Remaker:
    """A world pack that gives known clips back."""

    def __init__(self, folder, threads: int = 1) -> None:
        facts = pack_facts(folder)
        self.frames, self.size, self.seconds = facts["frames"], facts["width"], facts["seconds"]
        self.shift = facts["scheduler"]["shift"]
        pieces = (folder / facts["vocabulary"]["file"]).read_text(encoding="utf-8").splitlines()
        self.tokenizer, self.network = Tokenizer(pieces), PackNetwork(folder, threads)

    @torch.no_grad()
    def remake(self, small: Tensor, caption: str, noised: float, dice: torch.Generator) -> Tensor:
        """small [T, 3, s, s] 0..1 -> the same clip from the model, after noising it to time `noised`."""
        clean = small[None] * 2 - 1
        nothing = torch.zeros_like(clean)
        mask = nothing[:, :, :1]
        text, text_mask = self.network.text(self.tokenizer.batch([caption]))
        length = torch.tensor([self.seconds])
        times = [time for time in create_schedule(STEPS, self.shift).tolist() if time < noised]
        x, now = add_noise(clean, torch.randn(clean.shape, generator=dice), torch.tensor([noised])), noised
        for after in times:
            velocity = self.network.unet(network_input(x, mask, nothing), torch.tensor([now]), length, text, text_mask)
            x, now = euler_step(x, velocity, now, after), after
        return ((x[0] + 1) / 2).clamp(0, 1)

    def pair(self, seed: int, held_out: bool = False) -> tuple[Tensor, Tensor]:
        """One clip of the world: small as the model made it [T, 3, s, s], large as it was drawn [T, 3, 256, 256]; uint8."""
        labels = draw_labels(1, mix(seed, 1), held_out=held_out)
        large = render(labels, self.frames, LARGE, self.seconds, mix(seed, 2)).video[0]
        dice = torch.Generator().manual_seed(mix(seed, 3))
        before_end = torch.empty(1).uniform_(LEAST, MOST, generator=dice) / STEPS
        noised = shift_times(before_end, self.shift).item()
        small = functional.avg_pool2d(large.float() / 255, LARGE // self.size)
        made = self.remake(small, captions(labels, mix(seed, 4))[0], noised, dice)
        return (made * 255).round().to(torch.uint8), large
