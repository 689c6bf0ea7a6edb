"""Golden schedules and trajectories that the TypeScript sampler must repeat.

`python tests/test_sampler_golden.py` writes the file anew.
"""

import json
from pathlib import Path

import pytest
import torch

from lumiere_training.flow_matching import create_schedule, guided, sample

GOLDEN = Path(__file__).with_name("sampler_golden.json")
START = [0.5, -1.0, 2.0, 0.0]


def velocity(x: torch.Tensor, times: torch.Tensor) -> torch.Tensor:
    """A made-up network: depends on place and time, and its two halves differ."""
    return guided(0.4 * x + times[0] - 0.3, 0.1 * x - 0.2, 1.5)


def cases() -> dict:
    start = torch.tensor(START).reshape(1, 1, 1, 1, 4)
    return {
        "start": START,
        "schedules": [
            {"steps": steps, "shift": shift, "times": create_schedule(steps, shift).tolist()}
            for steps, shift in ((4, 1.0), (20, 1.0), (20, 1.648721), (50, 2.718282))
        ],
        "samples": [
            {"solver": solver, "steps": steps, "shift": shift, "result": sample(velocity, start, steps, shift, solver).flatten().tolist()}
            for solver in ("euler", "heun")
            for steps, shift in ((4, 1.0), (20, 1.648721))
        ],
    }


def test_golden():
    golden, now = json.loads(GOLDEN.read_text()), cases()
    for name, values in (("schedules", "times"), ("samples", "result")):
        assert len(golden[name]) == len(now[name])
        for a, b in zip(golden[name], now[name]):
            assert a[values] == pytest.approx(b[values], abs=1e-6)


if __name__ == "__main__":
    GOLDEN.write_text(json.dumps(cases(), indent=1) + "\n")
