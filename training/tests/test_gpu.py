"""What only a GPU can run: recorded passes against plain ones."""

import pytest
import torch

from lumiere_training.train import parser, train

pytestmark = pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a GPU")


def losses(out, *flags):
    options = ["--variant", "S", "--out", str(out), "--steps", "12", "--stages", "16x32x2.5@0.5,16x64x2.5@1", "--batch", "8,4"]
    trainer = train(parser().parse_args([*options, "--pool-batches", "2", "--log-every", "99", "--report-minutes", "99", *flags]))
    return trainer.take_losses()


def test_a_recorded_run_learns_as_the_plain_one(tmp_path):
    plain, recorded = losses(tmp_path / "a"), losses(tmp_path / "b", "--graphs")
    assert recorded["loss"] == pytest.approx(plain["loss"], rel=0.01)
