"""Measures are checked on clips whose truth is known."""

import pytest
import torch

from lumiere_training.classifier import Judge, judge_clips, judge_loss, look
from lumiere_training.evaluate import direction_table, diversity, frechet_distance
from lumiere_training.motion import flicker, global_velocity, judged_direction, local_flow, warp_error
from lumiere_training.world import ATTRIBUTES, draw_labels, render


def moving(dx, dy, frames=8, size=48):
    """A soft blob moving by (dx, dy) pixels a frame."""
    y, x = torch.meshgrid(torch.arange(size).float(), torch.arange(size).float(), indexing="ij")
    pictures = [torch.exp(-((x - 24 - dx * (t - 4)) ** 2 + (y - 24 - dy * (t - 4)) ** 2) / 60) for t in range(frames)]
    return torch.stack(pictures).view(1, frames, 1, size, size).expand(-1, -1, 3, -1, -1).contiguous()


@pytest.mark.parametrize("dx,dy,name", [(1, 0, "right"), (-1, 0, "left"), (0, 1, "down"), (0, -0.5, "up")])
def test_global_velocity_of_a_known_motion(dx, dy, name):
    velocity = global_velocity(moving(dx, dy), seconds=1.0)
    assert velocity[0].tolist() == pytest.approx([dx * 8 / 48, dy * 8 / 48], abs=0.02)
    assert judged_direction(velocity, ["left", "right", "up", "down"]) == [name]


def test_direction_is_measured_right_on_rendered_balls():
    labels = draw_labels(32, 3, ["ball"])
    labels["style"].zero_()
    labels["camera"].zero_()
    video = render(labels, 16, 64, 2.5, 4).video.float() / 255
    rows = direction_table(global_velocity(video, 2.5), labels)["ball"]
    assert sum(rows) / len(rows) >= 0.9


def test_warp_error_sees_through_motion_and_flicker_sees_blinking():
    still, steady = moving(0, 0), moving(1, 0)
    noisy = steady + 0.1 * torch.randn(steady.shape, generator=torch.Generator().manual_seed(0))
    assert float(warp_error(still)) < 0.1
    assert float(warp_error(steady)) < 2.0 < float(warp_error(noisy))
    blinking = steady * torch.tensor([1.0, 0.8] * 4).view(1, 8, 1, 1, 1)
    assert float(flicker(blinking)) > 3 * float(flicker(steady))


def test_local_flow_of_a_shifted_texture():
    noise = torch.rand(1, 1, 16, 16, generator=torch.Generator().manual_seed(0))
    frame = torch.nn.functional.interpolate(noise, (64, 64), mode="bicubic")
    flow = local_flow(frame, torch.roll(frame, 2, dims=3))[:, :, 16:-16, 16:-16]
    assert float(flow[:, 0].median()) == pytest.approx(2.0, abs=0.4)


def test_frechet_distance_and_diversity():
    generator = torch.Generator().manual_seed(0)
    a, b = torch.randn(4000, 4, generator=generator), torch.randn(4000, 4, generator=generator)
    assert frechet_distance(a, a) == pytest.approx(0, abs=1e-6)
    assert frechet_distance(a, b) < 0.05
    assert frechet_distance(a, b + 1) == pytest.approx(4, abs=0.3)
    assert diversity(torch.zeros(8, 3), 4) == 0


def test_judge_shapes_and_loss():
    judge = Judge().eval()
    labels = draw_labels(3, 1)
    video = render(labels, 16, 32, 2.5, 1).video
    assert look(video).shape == (3, 3, 8, 32, 32)
    predicted, features = judge_clips(judge, video)
    assert features.shape == (3, 192) and set(predicted["family"].tolist()) <= set(range(len(ATTRIBUTES["family"])))
    assert judge_loss(judge(look(video)), labels).item() > 0
