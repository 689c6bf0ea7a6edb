"""The network: sizes as costed, shapes, gradients, overfitting; the flow: masks, schedule, solvers."""

import pytest
import torch

from lumiere_training.cascade import generate_cascade, interpolation_mask, key_positions, step_at_joins
from lumiere_training.conditioning import KINDS, compose, draw_masks, freeze_outside, network_input
from lumiere_training.flow_matching import (
    Average,
    add_noise,
    create_schedule,
    draw_times,
    generate,
    loss_per_sample,
    sample,
    shift_times,
)
from lumiere_training.frame_by_frame import generate_frame_by_frame, prefix_mask
from lumiere_training.layers import MOST_KEYS, SpaceTimeAttention, track_features
from lumiere_training.model import build_model
from lumiere_training.stunet import (
    DATA_DEVIATION,
    DETAIL_DEVIATION,
    PATCH,
    VARIANTS,
    build,
    count_macs,
    count_parameters,
    fold_smooth,
    precondition,
)
from lumiere_training.tokenizer import Tokenizer
from lumiere_training.world import sample_clips


@pytest.mark.parametrize("name", ["S", "M", "large"])
def test_parameters_and_macs_equal_the_table(name):
    variant = VARIANTS[name]
    with torch.device("meta"):
        parameters = count_parameters(build(name)) / 1e6
    assert parameters == pytest.approx(variant.parameters, rel=0.02)
    assert count_macs(name) / 1e9 == pytest.approx(variant.gmac, rel=0.02)


def tiny():
    torch.manual_seed(0)
    return build_model("tiny")


@pytest.mark.parametrize("frames,size", [(8, 16), (16, 32), (24, 48)])
def test_shapes(frames, size):
    model = tiny()
    out = model(
        torch.randn(2, frames, 7, size, size), torch.rand(2), torch.full((2,), 5.0), Tokenizer().batch(["a red ball", ""])
    )
    assert out.shape == (2, frames, 3, size, size)


def test_channels_last_gives_the_same_numbers():
    model = tiny().eval()
    inputs = (torch.randn(1, 8, 7, 32, 32), torch.rand(1), torch.ones(1), Tokenizer().batch(["fire"]))
    with torch.no_grad():
        plain = model(*inputs)
        fast = model.to(memory_format=torch.channels_last)(*inputs)
    assert torch.allclose(plain, fast, atol=1e-5)


def test_gradient_reaches_every_parameter():
    model = tiny()
    out = model(
        torch.randn(2, 16, 7, 32, 32), torch.rand(2), torch.full((2,), 5.0), Tokenizer().batch(["a red ball", "snow at night"])
    )
    (out * torch.randn_like(out)).sum().backward()
    for name, parameter in model.named_parameters():
        assert parameter.grad is not None and parameter.grad.abs().max() > 0, name


def test_time_text_and_seconds_matter():
    model = tiny().eval()
    x, tokens = torch.randn(1, 16, 7, 32, 32), Tokenizer().batch(["a red ball"])
    with torch.no_grad():
        base = model(x, torch.tensor([0.3]), torch.tensor([5.0]), tokens)
        assert not torch.allclose(base, model(x, torch.tensor([0.8]), torch.tensor([5.0]), tokens))
        assert not torch.allclose(base, model(x, torch.tensor([0.3]), torch.tensor([2.0]), tokens))
        assert not torch.allclose(base, model(x, torch.tensor([0.3]), torch.tensor([5.0]), Tokenizer().batch(["sea"])))


def test_overfits_one_clip():
    model, tokenizer = tiny(), Tokenizer()
    clean = sample_clips(1, 8, 16, 2.5, 3, families=["ball"]).video.float() / 127.5 - 1
    tokens, mask = tokenizer.batch(["ball"]), torch.zeros(1, 8, 1, 16, 16)
    noise = torch.randn(clean.shape, generator=torch.Generator().manual_seed(1))
    times = torch.tensor([0.6])
    optimiser = torch.optim.Adam(model.parameters(), 3e-3)
    losses = []
    for _ in range(80):
        x = network_input(add_noise(clean, noise, times), mask, clean)
        loss = loss_per_sample(model(x, times, torch.tensor([2.5]), tokens), clean, noise, mask).mean()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        losses.append(loss.item())
    assert losses[-1] < 0.35 * losses[0]


def test_given_pixels_come_back_bit_for_bit():
    model, tokenizer = tiny().eval(), Tokenizer()
    given = sample_clips(1, 8, 32, 2.5, 3, families=["sunset"]).video.float() / 127.5 - 1
    mask = torch.zeros(1, 8, 1, 32, 32)
    mask[:, :, :, :, :16] = 1
    made = generate(
        model, tokenizer.batch(["sea"]), tokenizer.batch([""]), tuple(given.shape), 2.5, steps=2, mask=mask, given=given
    )
    assert torch.equal(made[..., :16], given[..., :16])
    assert not torch.equal(made[..., 16:], given[..., 16:])
    assert torch.equal(compose(made, given, torch.ones_like(mask)), given)


def test_network_sees_given_pixels_only():
    noisy, given = torch.randn(1, 8, 3, 16, 16), torch.randn(1, 8, 3, 16, 16)
    x = network_input(noisy, torch.zeros(1, 8, 1, 16, 16), given)
    assert x.shape[2] == 7 and x[:, :, 3:].abs().max() == 0


def test_masks_of_every_kind():
    generator = torch.Generator().manual_seed(0)
    mask, kind = draw_masks(200, 16, 16, 16, generator)
    assert mask.shape == (200, 16, 1, 16, 16) and set(mask.unique().tolist()) == {0.0, 1.0}
    assert set(kind.tolist()) == set(range(len(KINDS)))
    assert mask[kind == 0].max() == 0
    first = mask[kind == 1]
    assert first[:, 0].min() == 1 and first[:, 1:].max() == 0
    video = torch.randn(200, 16, 3, 16, 16)
    frozen = freeze_outside(video, mask, kind)
    assert torch.equal(frozen[kind < 5], video[kind < 5])
    still = kind == 5
    outside = mask[still].expand(-1, -1, 3, -1, -1) > 0
    assert torch.equal(frozen[still][outside], video[still][:, :1].expand(-1, 16, -1, -1, -1)[outside])


def test_a_jump_where_windows_join_is_told():
    smooth = torch.arange(80.0).view(1, 80, 1, 1, 1).expand(2, 80, 3, 16, 16)
    assert step_at_joins(smooth) == pytest.approx(1)
    jumping = smooth + (torch.arange(80) // 16).view(1, 80, 1, 1, 1) * 2.0
    assert step_at_joins(jumping) == pytest.approx(3)


def test_cascade_keeps_its_key_frames():
    model, tokenizer = tiny().eval(), Tokenizer()
    options = dict(steps=1, guidance=1.0, shift=1.0, batch=1, device="cpu")
    clip = generate_cascade(model, model, tokenizer, ["a red ball"], 80, 16, 5.0, **options)
    assert clip.shape == (1, 80, 3, 16, 16)
    keys = generate(
        model, tokenizer.batch(["a red ball"]), tokenizer.batch([""]), (1, 16, 3, 16, 16), 5.0, steps=1, guidance=1.0, seed=1
    )
    assert torch.equal(clip[:, key_positions(80)], ((keys + 1) * 127.5 + 0.5).clamp(0, 255).to(torch.uint8))
    mask = interpolation_mask(4, 16, 8, 8, torch.Generator().manual_seed(0))
    assert set(mask.mean(dim=(2, 3, 4)).sum(1).tolist()) <= {3.0, 4.0}


def test_a_clip_made_frame_by_frame_does_not_look_ahead():
    model, tokenizer = tiny().eval(), Tokenizer()
    options = dict(steps=1, guidance=1.0, shift=1.0, batch=1, device="cpu")
    long = generate_frame_by_frame(model, tokenizer, ["a red ball"], 12, 16, 5.0, **options)
    assert long.shape == (1, 12, 3, 16, 16)
    # A window of as many seconds: what is made later changes nothing in what came before.
    short = generate_frame_by_frame(model, tokenizer, ["a red ball"], 10, 16, 5.0 * 10 / 12, **options)
    assert torch.equal(long[:, :10], short)
    with pytest.raises(ValueError, match="at least 8"):
        generate_frame_by_frame(model, tokenizer, ["a red ball"], 7, 16, 5.0, **options)


def test_frame_by_frame_learns_from_what_came_before():
    mask = prefix_mask(400, 8, 4, 4, torch.Generator().manual_seed(0))[:, :, 0, 0, 0]
    known = mask.sum(1).long()
    assert torch.equal(mask, (torch.arange(8) < known.unsqueeze(1)).float())
    assert set(known.tolist()) == set(range(8))
    assert 0.4 < (known == 7).float().mean() < 0.6


def test_schedule_golden():
    assert create_schedule(4, 1.0).tolist() == [1.0, 0.75, 0.5, 0.25, 0.0]
    assert create_schedule(4, 3.0).tolist() == pytest.approx([1.0, 0.9, 0.75, 0.5, 0.0])
    assert float(shift_times(torch.tensor(0.5), 2.0)) == pytest.approx(2 / 3)


@pytest.mark.parametrize("solver", ["euler", "heun"])
def test_solvers_follow_a_straight_flow_exactly(solver):
    clean, noise = torch.randn(1, 1, 3, 4, 4), torch.randn(1, 1, 3, 4, 4)
    assert torch.allclose(sample(lambda x, t: noise - clean, noise, 3, 2.0, solver), clean, atol=1e-5)


def test_times_lean_to_the_noisy_end():
    generator = torch.Generator().manual_seed(0)
    low, high = draw_times(4000, 0.0, generator), draw_times(4000, 1.0, generator)
    assert (high > 0.85).float().mean() > 2 * (low > 0.85).float().mean()


def test_average_starts_fast():
    layer = torch.nn.Linear(2, 2)
    average = Average(layer, 0.999)
    with torch.no_grad():
        layer.weight.fill_(1.0)
    for step in range(30):
        average.update(step)
    assert (average.values["weight"] - 1).abs().max() < 0.05


@pytest.mark.parametrize("time", [0.02, 0.3, 0.7, 0.98])
def test_the_layers_see_and_learn_numbers_of_variance_one(time):
    torch.manual_seed(1)
    draw = torch.randn(2, 200_000)
    shrink, keep, scale = (float(value) for value in precondition(torch.tensor([time])))

    def pair(deviation):
        clean, noise = deviation * draw[0], draw[1]
        noisy = (1 - time) * clean + time * noise
        return noisy, (noise - clean) - keep * noisy

    noisy, target = pair(DATA_DEVIATION)
    assert float((noisy * shrink).std()) == pytest.approx(1, abs=0.01)
    assert float((target / scale).std()) == pytest.approx(1, abs=0.01)
    # Of detail the straight part is the best linear guess: nothing linear is left to learn.
    assert abs(float(torch.corrcoef(torch.stack(pair(DETAIL_DEVIATION)))[0, 1])) < 0.01


def test_at_first_the_network_says_little_more_than_the_best_linear_guess():
    model = tiny()
    clips = sample_clips(8, 8, 16, 2.5, seed=3).video.float() / 127.5 - 1
    noise, times = torch.randn(clips.shape), torch.full((8,), 0.9)
    inputs = network_input(add_noise(clips, noise, times), torch.zeros_like(clips[:, :, :1]), clips)
    tokens = Tokenizer().batch(["fire"] * 8)
    with torch.no_grad():
        loss = loss_per_sample(
            model(inputs, times, torch.full((8,), 2.5), tokens), clips, noise, torch.zeros_like(clips[:, :, :1])
        )
        model.unet.preconditioned = False
        plain = loss_per_sample(
            model(inputs, times, torch.full((8,), 2.5), tokens), clips, noise, torch.zeros_like(clips[:, :, :1])
        )
    assert float(loss.mean()) < 0.6 * float(plain.mean())


def test_the_last_convolution_can_be_folded_and_learns_the_same():
    generator = torch.Generator().manual_seed(4)
    weight = torch.randn(3, 3, 3, 3, generator=generator, requires_grad=True)
    bias = torch.randn(3, generator=generator, requires_grad=True)
    x = torch.randn(2, 3 * PATCH * PATCH, 5, 6, generator=generator, requires_grad=True)
    shuffle, conv = torch.nn.functional.pixel_shuffle, torch.nn.functional.conv2d
    plain = conv(shuffle(x, PATCH), weight, bias, padding=1)
    folded = shuffle(conv(x, *fold_smooth(weight, bias), padding=1), PATCH)
    assert torch.allclose(folded, plain, atol=1e-5)
    pull = torch.randn(plain.shape, generator=generator)
    for ours, theirs in zip(*(torch.autograd.grad((out * pull).sum(), (weight, bias, x)) for out in (folded, plain))):
        assert torch.allclose(ours, theirs, atol=1e-3)


def test_places_on_the_path_of_a_moving_thing_share_features_that_others_do_not():
    times = (torch.arange(10) + 0.5).unsqueeze(0) / 10  # ten frames in a second
    features = track_features(times, 1, 40)[0].reshape(10, 40, -1)
    to_right = features[..., 32:38]  # of .1 widths a second to the right: four of 40 places in ten frames
    along = [to_right[frame, 10 + round(0.4 * frame)] for frame in range(10)]
    assert max(float((a - along[0]).abs().max()) for a in along) < 0.15
    assert float((to_right[9, 10] - along[0]).abs().max()) > 0.5


def test_attention_over_places_and_times_sees_all_frames_also_with_fewer_keys():
    torch.manual_seed(0)
    attention = SpaceTimeAttention(16)
    for side in (4, 16):  # 256 places, and 4096 with a key for eight
        frames = 16
        assert (frames * side * side > MOST_KEYS) == (side == 16)
        x = torch.randn(frames, 16, side, side)
        times = torch.linspace(0, 5, frames).unsqueeze(0)
        x.requires_grad_()
        (attention(x, times) - x)[0, :, 0, 0].sum().backward()
        assert (x.grad.abs().amax(dim=(1, 2, 3)) > 0).all()


def test_weights_from_before_the_attention_give_what_they_gave(tmp_path):
    from lumiere_training.settings import Settings, parse_stages
    from lumiere_training.source import Source
    from lumiere_training.trainer import Trainer

    tokenizer = Tokenizer()
    stages = parse_stages("8x16x1@1", "2")

    def trainer(space_time):
        settings = Settings(variant="tiny", stages=stages, steps=4, space_time=space_time)
        return Trainer(settings, torch.device("cpu"), Source(settings, torch.device("cpu"), tokenizer), tokenizer)

    old, new = trainer(False), trainer(True)
    old.save_portable(tmp_path / "old")
    new.load_portable(tmp_path / "old")
    inputs = (torch.randn(1, 8, 7, 16, 16), torch.rand(1), torch.ones(1), tokenizer.batch(["a red ball"]))
    with torch.no_grad(), old.averaged() as a, new.averaged() as b:
        assert torch.allclose(a(*inputs), b(*inputs), atol=2e-3)  # float16 on the way
    new.train_step()
    assert float(dict(new.model.named_parameters())["unet.encoder_tracks.1.attention.out.weight"].detach().abs().max()) > 0
