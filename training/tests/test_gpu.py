"""What only a GPU can run: recorded passes against plain ones, scenes made where they are learned from."""

import pytest
import torch

from lumiere_training.correspondence.pictures import Pictures
from lumiere_training.correspondence.train import Settings, Trainer
from lumiere_training.train import parser, train

pytestmark = pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a GPU")


def losses(out, *flags):
    options = ["--variant", "S", "--out", str(out), "--steps", "12", "--stages", "16x32x2.5@0.5,16x64x2.5@1", "--batch", "8,4"]
    trainer = train(parser().parse_args([*options, "--pool-batches", "2", "--log-every", "99", "--report-minutes", "99", *flags]))
    return trainer.take_losses()


def test_a_recorded_run_learns_as_the_plain_one(tmp_path):
    plain, recorded = losses(tmp_path / "a"), losses(tmp_path / "b", "--graphs")
    assert recorded["loss"] == pytest.approx(plain["loss"], rel=0.01)


def test_a_follower_learns_there_and_goes_on_after_a_stop(tmp_path):
    dice = torch.Generator().manual_seed(1)
    draw = lambda *shape: torch.randint(256, shape, generator=dice, dtype=torch.uint8)  # noqa: E731
    pictures = Pictures(draw(4, 3, 208, 288), draw(2, 12, 3, 240, 432), torch.zeros(2, 11, 2, 60, 108, dtype=torch.int8))
    settings = Settings(variant="half", batch=4, pool=2, size=96, frames=4)
    first = Trainer(settings, pictures, torch.device("cuda"))
    for _ in range(3):
        first.train_step()
    first.save(tmp_path)
    second = Trainer(settings, pictures, torch.device("cuda"))
    second.resume(tmp_path)
    second.train_step()
    assert second.step == 4 and all(torch.isfinite(value).all() for value in second.network.parameters())
