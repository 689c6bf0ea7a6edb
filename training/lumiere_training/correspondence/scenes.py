"""Clips of an object with known masks, made as whole batches on any device.

Two in five are a photograph's background with a camera's motion, the others real clips. Over it moves
an object cut from another photograph, with limbs that turn, beside another like it and behind a third
that passes; or (a third of all) nothing is put in and an area of the real clip is followed by its
flow. Light, noise, sharpness and blur differ from frame to frame.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional

from .flow import chain, plain, sample
from .network import STRIDE
from .pictures import Pictures
from .shapes import affine, after, bend, blobs, move, regions, turned, undo, uniform

MOST_APART = 3  # stored frames of real clips between two shown
ROOM = 1.3  # an object's picture is larger than the frame by so much


@dataclass
class Clips:
    """Frames and what is known of them; coordinates -1..1 over the frame, C = S/8."""

    frames: Tensor  # [N, T, 3, S, S] 0..1
    masks: Tensor  # [N, T, 1, S, S] 0..1
    known: Tensor  # [N, T, 1, S, S] 0 where nobody knows whether the object is there
    source: Tensor  # [N, T, C, C, 2] where the middle of a cell stands in the first frame (x, y)
    seen: Tensor  # [N, T, C, C] 1 where it is seen there


@dataclass
class Layer:
    """A picture with its own outline and motion: frame coordinates, bent, by `at[t]` to the picture's."""

    picture: Tensor  # [N, 4, R, R] colours and coverage
    at: list[Tensor]  # [N, 2, 3] for each frame
    bent: list[Tensor]  # [N, S, S, 2]
    is_object: bool
    blur: Tensor  # [N, 1, 1, 1, 1] share of the way to the next frame that the shutter is open

    def draw(self, t: int) -> tuple[Tensor, Tensor]:
        """Colours and coverage in frame t [N, 4, S, S], and where its pixels stand in the first frame."""
        beside = self.at[t + 1] if t + 1 < len(self.at) else 2 * self.at[t] - self.at[t - 1]
        there = move(self.bent[t], self.at[t])
        way = (move(self.bent[t], beside) - there) * self.blur[..., 0, :]
        shown = (sample(self.picture, there - way / 2) + sample(self.picture, there + way / 2)) / 2
        return shown, undo(there, self.at[0])


def motion(count: int, frames: int, dice: torch.Generator, spread: Tensor, speed: Tensor) -> list[Tensor]:
    """Affine maps of a layer in each frame: where it is at first, and a way from there with some unrest; [6] each."""
    place, way = uniform(dice, count, 6) * spread, uniform(dice, count, 6) * speed
    rest = 0.25 * uniform(dice, frames, count, 6) * speed
    return [affine(place + way * t / 3 + (rest[t] if t else 0)) for t in range(frames)]


def objects(pictures: Pictures, behind: Tensor, frames: int, dice: torch.Generator) -> list[Layer]:
    """From below to above: one like the object, its limbs, its body, one that passes before it. `behind` [N, 3, S, S]."""
    count, size = len(behind), behind.shape[-1]
    room = round(size * ROOM / 16) * 16
    here = plain(count, size, size, dice.device)
    chance = lambda share: torch.rand(count, 1, 1, 1, generator=dice, device=dice.device) < share  # noqa: E731
    wide = plain(count, room, room, dice.device)
    crop = affine(uniform(dice, count, 6) * torch.tensor([3.1, 0.4, 0.1, 0, 0.2, 0.2], device=dice.device))
    colours = sample(pictures.photos(count, dice), 1.35 * move(wide, crop), "reflection")
    # One object in three is cut from what is behind it: nothing but its motion and its outline tell.
    colours = torch.where(chance(0.3), sample(behind, move(wide, crop), "reflection"), colours)
    body = blobs(count, room, dice, 0.1, 0.5)
    # Every other body ends where its picture has an edge, as things do.
    body = torch.where(chance(0.5), regions(colours, dice, middle=True) * blobs(count, room, dice, 0.4, 0.7), body)
    spread = torch.tensor([0.3, 0.25, 0.1, 0.1, 0.45, 0.45], device=dice.device)
    pace = torch.rand(count, 1, generator=dice, device=dice.device) * 1.4
    speed = pace * torch.tensor([0.35, 0.15, 0.06, 0.06, 0.3, 0.3], device=dice.device)
    at = motion(count, frames, dice, spread, speed)
    bent = [here] + [here + bend(count, size, dice, 0.09) for _ in range(frames - 1)]
    blur = torch.rand(count, 1, 1, 1, 1, generator=dice, device=dice.device) * chance(0.4)[..., None] * 0.6
    layers = []
    # Another of its kind, elsewhere: the same picture, turned, with an outline of its own or the same.
    other = torch.where(chance(0.5), body, blobs(count, room, dice, 0.14, 0.4)) * chance(0.45)
    layers.append(Layer(torch.cat([colours, other], 1), motion(count, frames, dice, 2 * spread, speed), bent, False, blur))
    for _ in range(2):
        joint = uniform(dice, count, 2) * 0.3
        limb = blobs(count, room, dice, 0.08, 0.2, 1.0, joint + uniform(dice, count, 2) * 0.15) * chance(0.6)
        turn, way = uniform(dice, count) * 0.5, uniform(dice, count) * 1.2
        angles = [turn + way * t / max(1, frames - 1) + 0.1 * uniform(dice, count) for t in range(frames)]
        limbs = [after(turned(angle, joint), whole) for angle, whole in zip(angles, at, strict=True)]
        layers.append(Layer(torch.cat([colours, limb], 1), limbs, bent, True, blur))
    layers.append(Layer(torch.cat([colours, body], 1), at, bent, True, blur))
    passing = sample(pictures.photos(count, dice), wide, "reflection")
    cover = blobs(count, room, dice, 0.08, 0.3, 1.0) * chance(0.3)
    layers.append(Layer(torch.cat([passing, cover], 1), motion(count, frames, dice, 1.6 * spread, 2 * speed), bent, False, blur))
    return layers


@dataclass
class Ground:
    """What lies behind: frames, and where their pixels stood in the first one, if that is known."""

    frames: list[Tensor]  # [N, 3, S, S]
    source: list[Tensor]  # [N, S, S, 2]
    known: list[Tensor]  # [N, 1, S, S]


def photographs(pictures: Pictures, count: int, size: int, frames: int, dice: torch.Generator) -> Ground:
    """A still with a camera's motion, bent a little."""
    still = pictures.photos(count, dice)
    here = plain(count, size, size, dice.device)
    wide = torch.tensor([208 / 288 * 0.85, 0.85], device=dice.device)[None, :, None]
    speed = torch.tensor([0.1, 0.08, 0.02, 0.02, 0.12, 0.12], device=dice.device)
    spread = torch.tensor([0.1, 0.3, 0, 0, 0.2, 0.1], device=dice.device)
    at = [matrix * wide for matrix in motion(count, frames, dice, spread, speed)]
    made = Ground([], [], [])
    for t in range(frames):
        there = move(here + bend(count, size, dice, 0.05) if t else here, at[t])
        made.frames.append(sample(still, there, "reflection"))
        made.source.append(undo(there, at[0]))
        made.known.append(torch.ones_like(still[:, :1, :1, :1]).expand(count, 1, size, size))
    return made


def footage(pictures: Pictures, count: int, size: int, frames: int, dice: torch.Generator) -> tuple[Ground, Tensor]:
    """A square of a real clip, and its first motion [N, 2, h, w] for the parting of regions."""
    taken, flows, steps = pictures.clips(count, frames, MOST_APART, dice)
    height, width = taken.shape[-2:]
    side = 0.55 + 0.45 * torch.rand(count, generator=dice, device=dice.device)  # of the height
    reach = torch.stack([side * height / width, side], 1)
    middle = uniform(dice, count, 2) * (1 - reach)
    flip = torch.where(uniform(dice, count) > 0, 1.0, -1.0)
    crop = torch.stack(
        [torch.stack([reach[:, 0] * flip, 0 * side, middle[:, 0]], 1), torch.stack([0 * side, reach[:, 1], middle[:, 1]], 1)], 1
    )
    there = move(plain(count, size, size, dice.device), crop)
    still = (torch.zeros_like(flows[0][0]), torch.ones_like(flows[0][1]))
    moved = [still, *chain(flows)]
    all_moves = torch.stack([torch.cat(one, 1) for one in moved], 1)  # [N, stored frames, 3, h, w]
    own = torch.arange(count, device=dice.device)
    made = Ground([], [], [])
    for t in range(frames):
        here = sample(all_moves[own, steps[:, t]], there, "border")
        made.frames.append(sample(taken[:, t], there, "reflection"))
        made.source.append(undo(there + here[:, :2].permute(0, 2, 3, 1), crop))
        made.known.append((here[:, 2:] > 0.7).float())
    return made, sample(moved[1][0], there, "border")


def render(pictures: Pictures, count: int, size: int, frames: int, dice: torch.Generator) -> Clips:
    """`count` clips of `frames` frames of `size` x `size`; `dice` on the device that `pictures` are on."""
    drawn = count if len(pictures.frames) == 0 else max(0, round(0.4 * count))
    ground = photographs(pictures, drawn, size, frames, dice) if drawn else Ground(*([] for _ in range(3)))
    area = torch.zeros(count, 1, size, size, device=dice.device)
    if drawn < count:
        real, first_motion = footage(pictures, count - drawn, size, frames, dice)
        first = real.frames[0]
        part = regions(first, dice, first_motion)
        place = uniform(dice, count - drawn, 2) * 0.6
        alone = torch.rand(count - drawn, 1, 1, 1, generator=dice, device=dice.device)
        area[drawn:] = torch.where(alone < 0.65, part, blobs(count - drawn, size, dice, 0.15, 0.5, at=place))
        join = lambda a, b: [torch.cat([x, y]) for x, y in zip(a, b, strict=True)] if drawn else b  # noqa: E731
        ground = Ground(join(ground.frames, real.frames), join(ground.source, real.source), join(ground.known, real.known))
    # The last third of all, all real, shows only what was filmed, but for what passes before it.
    bare = (torch.arange(count, device=dice.device) >= max(drawn, round(count * 0.67)))[:, None, None, None].float()
    layers = objects(pictures, ground.frames[0], frames, dice)
    out: dict[str, list[Tensor]] = {name: [] for name in ("frames", "masks", "known", "source", "seen")}
    first_top = None
    for t in range(frames):
        picture, source, sure = ground.frames[t], ground.source[t], ground.known[t]
        carried = sample(area, source) if t else area
        mask = carried * bare
        # Where the flow is not known, neither is what it carries; what is put in is always known.
        known = torch.maximum(sure, 1 - bare)
        top = torch.zeros_like(mask)
        for index, layer in enumerate(layers):
            shown, origin = layer.draw(t)
            cover = shown[:, 3:] * (1 - bare if index + 1 < len(layers) else 1)
            # Coverage is not multiplied into a layer's colours: at its rim they are still its own.
            picture = picture + (shown[:, :3] - picture) * cover
            mask = mask + (float(layer.is_object) - mask) * cover
            over = cover > 0.5
            known, sure = torch.where(over, 1.0, known), torch.where(over, 1.0, sure)
            top = torch.where(over, index + 1.0, top)
            source = torch.where(over.permute(0, 2, 3, 1), origin, source)
        first_top = top if first_top is None else first_top
        middle = source[:, STRIDE // 2 :: STRIDE, STRIDE // 2 :: STRIDE]
        pick = lambda plane: plane[:, 0, STRIDE // 2 :: STRIDE, STRIDE // 2 :: STRIDE]  # noqa: E731
        same = sample(first_top, middle, mode="nearest")[:, 0] == pick(top)
        out["seen"].append((same & (middle.abs().amax(-1) < 1)).float() * pick(sure))
        out["frames"].append(picture), out["masks"].append(mask), out["known"].append(known), out["source"].append(middle)
    stacked = {name: torch.stack(values, 1) for name, values in out.items()}
    stacked["frames"] = film(stacked["frames"], dice)
    return Clips(**stacked)


def film(frames: Tensor, dice: torch.Generator) -> Tensor:
    """What a camera does to the frames [N, T, 3, S, S]: light and colour that drift, softness, noise."""
    count, long = frames.shape[:2]
    draw = lambda *shape: uniform(dice, count, *shape)  # noqa: E731
    light = 0.2 * draw(1, 1) + 0.08 * draw(long, 1) + 0.06 * draw(1, 3) + 0.03 * draw(long, 3)
    frames = frames * light.exp()[..., None, None] + (0.04 * draw(1, 1) + 0.02 * draw(long, 1))[..., None, None]
    soft = functional.avg_pool2d(functional.pad(frames.flatten(0, 1), (1, 1, 1, 1), mode="reflect"), 3, 1).view_as(frames)
    share = torch.rand(count, long, 1, 1, 1, generator=dice, device=dice.device) ** 2
    grain = torch.randn(frames.shape, generator=dice, device=dice.device)
    noise = grain * 0.03 * torch.rand(count, 1, 1, 1, 1, generator=dice, device=dice.device)
    return (frames + share * (soft - frames) + noise).clamp(0, 1)
