"""The world: determinism, labels, every family and style draws something that moves."""

import pytest
import torch

from lumiere_training.world import ABSENT, ATTRIBUTES, FAMILIES, FAMILY_NAMES, draw_labels, is_held_out, render, sample_clips
from lumiere_training.world.attributes import visible
from lumiere_training.world.canvas import Canvas
from lumiere_training.world.primitives import Texture, splats


def test_at_least_24_families():
    assert len(FAMILY_NAMES) >= 24
    assert len(set(FAMILY_NAMES)) == len(FAMILY_NAMES)


def test_same_seed_same_pixels_and_other_seed_other_pixels():
    first = sample_clips(6, 8, 32, 2.5, seed=3)
    again = sample_clips(6, 8, 32, 2.5, seed=3)
    other = sample_clips(6, 8, 32, 2.5, seed=4)
    assert torch.equal(first.video, again.video)
    assert all(torch.equal(first.labels[name], again.labels[name]) for name in first.labels)
    assert not torch.equal(first.video, other.video)


@pytest.mark.parametrize("name", FAMILY_NAMES)
def test_family_draws_a_moving_picture(name):
    labels = draw_labels(2, 11, [name])
    labels["style"].fill_(ATTRIBUTES["style"].index("natural"))
    video = render(labels, 8, 32, 5.0, 5).video.float()
    assert video.shape == (2, 8, 3, 32, 32)
    assert video.std() > 4, "one flat colour"
    assert video.mean() > 8, "too dark to teach anything"
    assert (video[:, 1:] - video[:, :-1]).abs().mean() > 0.02, "nothing moves"


@pytest.mark.parametrize("style", ATTRIBUTES["style"])
def test_style_keeps_shape_and_changes_the_picture(style):
    labels = draw_labels(1, 3, ["car"])
    labels["style"].fill_(ATTRIBUTES["style"].index("natural"))
    plain = render(labels, 4, 48, 2.5, 9).video
    labels["style"].fill_(ATTRIBUTES["style"].index(style))
    styled = render(labels, 4, 48, 2.5, 9).video
    assert styled.shape == plain.shape
    assert torch.equal(styled, plain) == (style == "natural")


def test_labels_stay_inside_the_family_options():
    labels = draw_labels(400, 7)
    for row, family in enumerate(labels["family"].tolist()):
        for name in ATTRIBUTES:
            value = int(labels[name][row])
            if name == "family":
                continue
            allowed = FAMILIES[family].options.indices(name)
            assert value in allowed if allowed else value == ABSENT


def test_families_and_directions_are_balanced():
    labels = draw_labels(29 * 20, 5)
    counts = torch.bincount(labels["family"], minlength=len(FAMILY_NAMES))
    assert counts.min() >= 19 and counts.max() <= 21
    balls = draw_labels(400, 5, ["ball"])["direction"]
    assert torch.bincount(balls, minlength=4).min() > 60


def test_training_never_sees_held_out_combinations():
    assert not is_held_out(draw_labels(300, 1)).any()
    held = draw_labels(100, 1, ["ball", "car", "clouds"], held_out=True)
    assert is_held_out(held).all()


def test_no_object_in_the_colour_of_its_background():
    labels = draw_labels(300, 2, ["ball", "smoke", "leaves"])
    assert not (labels["colour"] == labels["background"]).any()


def test_a_pencil_drawing_has_no_colour_label():
    labels = draw_labels(60, 4, ["ball"])
    labels["style"][:30] = ATTRIBUTES["style"].index("drawing")
    assert (visible(labels)["colour"][:30] == ABSENT).all()


def test_ball_moves_in_the_stated_direction():
    labels = draw_labels(24, 8, ["ball"])
    for name, value in (
        ("count", "1"),
        ("camera", "still"),
        ("style", "natural"),
        ("speed", "normal"),
        ("background", "white"),
        ("colour", "red"),
    ):
        labels[name].fill_(ATTRIBUTES[name].index(value))
    video = render(labels, 8, 48, 2.5, 1).video.float()
    redness = (video[:, :, 0] - video[:, :, 1] - 60).clamp(min=0)
    axis = torch.linspace(-1, 1, 48)
    total = redness.sum((2, 3)).clamp(min=1)
    moved_x = (redness.sum(2) * axis).sum(-1) / total
    moved_y = (redness.sum(3) * axis).sum(-1) / total
    for row in range(24):
        dx, dy = float(moved_x[row, -1] - moved_x[row, 0]), float(moved_y[row, -1] - moved_y[row, 0])
        seen = ("right" if dx > 0 else "left") if abs(dx) > abs(dy) else ("down" if dy > 0 else "up")
        assert seen == ATTRIBUTES["direction"][int(labels["direction"][row])]


def test_slow_motion_still_crosses_a_tenth_of_the_width():
    labels = draw_labels(1, 8, ["ball"])
    for name, value in (("count", "1"), ("camera", "still"), ("speed", "slow"), ("direction", "right")):
        labels[name].fill_(ATTRIBUTES[name].index(value))
    canvas = Canvas(labels, 8, 16, 16, 5.0, torch.Generator().manual_seed(0))
    from lumiere_training.world.objects import OBJECT_PACE

    assert float(canvas.pace().min()) * OBJECT_PACE * 5.0 > 0.2  # the picture is 2 units wide


def test_texture_is_periodic_and_splat_lands_where_it_should():
    labels = draw_labels(1, 1, ["clouds"])
    labels["camera"].zero_()
    canvas = Canvas(labels, 1, 32, 32, 1.0, torch.Generator().manual_seed(0))
    texture = Texture(canvas, 2.0)
    assert torch.allclose(texture.read(canvas.x, canvas.y), texture.read(canvas.x + 2.0, canvas.y - 4.0), atol=2e-3)
    one = torch.ones(1, 1, 1)
    field = splats(canvas, one * 0.5, one * -0.5, one * 0.05, one * 0.05, one)
    assert divmod(int(field[0, 0].argmax()), 32) in {(7, 23), (8, 23), (7, 24), (8, 24)}
