"""What a run shows: motion along the way that captions state."""

import contextlib

import pytest
import torch

from lumiere_training import meters
from lumiere_training.meters import MotionMeter
from lumiere_training.settings import parse_stages
from lumiere_training.tokenizer import Tokenizer
from lumiere_training.world import draw_labels, render

STAGE = parse_stages("16x32x2.5@1", "4")[0]


class Known:
    """A model that always ends at given clips [N, T, 3, H, W] in -1..1."""

    def __init__(self, clips):
        self.clips = clips

    def text(self, tokens):
        return tokens, tokens

    def unet(self, sample, timestep, seconds, text, text_mask):
        return (sample[:, :, :3] - self.clips) / timestep.view(-1, 1, 1, 1, 1)


@pytest.mark.parametrize(
    "change,along",
    [(lambda clips: clips, 1.0), (lambda clips: clips.flip(1), -1.0), (lambda clips: clips[:, :1].expand_as(clips), 0.0)],
)
def test_rendered_clips_go_their_way_backwards_against_it_and_stills_nowhere(change, along):
    meter = MotionMeter(STAGE, torch.device("cpu"), Tokenizer(), count=24)
    names = [family.name for family in meters.FAMILIES if "direction" in family.options.values]
    labels = draw_labels(24, meters.METER_SEED + 3, names, held_out=True)
    clips = render(labels, STAGE.frames, STAGE.size, STAGE.seconds, meters.METER_SEED + 4).video[meter.rows]
    found = meter.measure(Known(change(clips.float() / 127.5 - 1)), contextlib.nullcontext, guidance=1.0, steps=2)
    assert found["along"] == pytest.approx(along, abs=0.12)
    assert found["followed"] == pytest.approx((along > 0) * 1.0, abs=0.15)
    assert (found["travel"] > 0.8) == (along != 0)
