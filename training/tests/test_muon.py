"""Muon: even steps in all directions of a matrix, of the length of Adam's."""

import pytest
import torch

from lumiere_training.model import build_model
from lumiere_training.muon import LENGTH, Muon, create_optimisers, even_out


@pytest.mark.parametrize("shape", [(3, 24, 60), (2, 60, 24), (1, 16, 16)])
def test_singular_values_come_near_to_one_and_directions_stay(shape):
    torch.manual_seed(0)
    rows, columns = shape[1:]
    least = min(rows, columns)
    left, right = (
        torch.linalg.qr(torch.randn(shape[0], rows, least))[0],
        torch.linalg.qr(torch.randn(shape[0], columns, least))[0],
    )
    strength = torch.logspace(0, -1.5, least)  # one direction thirty times as strong as another
    steps = even_out((left * strength) @ right.mT)
    along = left.mT @ steps @ right
    assert torch.allclose(along, torch.diag_embed(along.diagonal(dim1=1, dim2=2)), atol=1e-3)
    assert along.diagonal(dim1=1, dim2=2).min() > 0.6 and along.diagonal(dim1=1, dim2=2).max() < 1.3


def test_a_step_is_as_long_as_adams_whatever_the_shape():
    torch.manual_seed(0)
    weights = [torch.nn.Parameter(torch.zeros(shape)) for shape in ((32, 16, 3, 3), (128, 32), (16, 64, 3, 1))]
    for weight in weights:
        weight.grad = 1e-4 * torch.randn_like(weight)
    Muon(weights, lr=0.01).step()
    for weight in weights:
        assert float(weight.detach().square().mean().sqrt()) == pytest.approx(LENGTH * 0.01, rel=0.25)


def test_matrices_of_one_shape_are_stepped_as_if_alone():
    torch.manual_seed(0)
    gradients = [torch.randn(8, 4, 3, 3), 100 * torch.randn(8, 4, 3, 3)]
    together = [torch.nn.Parameter(torch.zeros(8, 4, 3, 3)) for _ in gradients]
    alone = [torch.nn.Parameter(torch.zeros(8, 4, 3, 3)) for _ in gradients]
    optimiser, others = Muon(together, lr=0.01), [Muon([weight], lr=0.01) for weight in alone]
    for _ in range(2):
        for gradient, a, b in zip(gradients, together, alone):
            a.grad, b.grad = gradient.clone(), gradient.clone()
        optimiser.step()
        for other in others:
            other.step()
    for a, b in zip(together, alone):
        assert torch.allclose(a, b, atol=1e-7)


@pytest.mark.parametrize("kind,count", [("muon", 2), ("adamw", 1)])
def test_every_parameter_is_stepped_by_exactly_one(kind, count):
    model = build_model("tiny")
    optimisers = create_optimisers(model, kind, 1e-3, 0.01, 0.99)
    stepped = [id(parameter) for optimiser in optimisers for group in optimiser.param_groups for parameter in group["params"]]
    assert len(optimisers) == count
    assert sorted(stepped) == sorted(id(parameter) for parameter in model.parameters())


def test_the_caption_encoder_goes_at_a_pace_of_its_own():
    from lumiere_training.settings import Settings, parse_stages
    from lumiere_training.source import Source
    from lumiere_training.tokenizer import Tokenizer
    from lumiere_training.trainer import Trainer

    tokenizer = Tokenizer()
    moved = {}
    for pace in (0.0, 1.0):
        settings = Settings(variant="tiny", stages=parse_stages("8x16x1@1", "2"), steps=9, warm_up=1, text_pace=pace)
        trainer = Trainer(settings, torch.device("cpu"), Source(settings, torch.device("cpu"), tokenizer), tokenizer)
        before = {name: value.detach().clone() for name, value in trainer.model.named_parameters()}
        trainer.train_step()
        moved[pace] = {name for name, value in trainer.model.named_parameters() if not torch.equal(value, before[name])}
    assert moved[0.0] and all(name.startswith("unet.") for name in moved[0.0])
    assert {name for name in moved[1.0] if name.startswith("unet.")} == moved[0.0]
    assert any(name.startswith("text.") for name in moved[1.0])
