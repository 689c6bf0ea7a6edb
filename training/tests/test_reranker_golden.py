"""Agreements of the fixture's reranker that the TypeScript reader of clips must repeat, from pixels on.

`python tests/test_reranker_golden.py` writes the file anew, after the fixture was.
"""

import json
from pathlib import Path

import pytest
import torch

from lumiere_training.reranker.networks import look
from lumiere_training.tokenizer import Tokenizer

GOLDEN = Path(__file__).with_name("reranker_golden.json")
FIXTURE = Path(__file__).parents[2] / "tests" / "fixtures" / "packs" / "tiny"
FRAMES, HEIGHT, WIDTH = 11, 40, 48  # no multiples of what is looked at
PROMPTS = ("a red ball moving to the right", "tre pesci verdi", "")


def clip() -> torch.Tensor:
    """[1, 11, 3, 40, 48], a little beyond -1..1."""
    values = torch.arange(FRAMES * 3 * HEIGHT * WIDTH, dtype=torch.float64)
    return (1.1 * torch.sin(values * 0.37 + values / 900)).float().reshape(1, FRAMES, 3, HEIGHT, WIDTH)


def agreements() -> list[dict]:
    from lumiere_training.packs import PackNetwork

    network, tokenizer = PackNetwork(FIXTURE, 1), Tokenizer()
    seen = look((clip().clamp(-1, 1) + 1) / 2)
    found = []
    for prompt in PROMPTS:
        tokens = tokenizer.batch([prompt])
        plain, mirrored = (float(network.agreement(tokens, view).sum()) for view in (seen, seen.flip(-1)))
        found.append({"prompt": prompt, "plain": plain, "mirrored": mirrored})
    return found


def test_golden():
    pytest.importorskip("onnxruntime")
    for golden, now in zip(json.loads(GOLDEN.read_text()), agreements(), strict=True):
        assert golden["prompt"] == now["prompt"]
        assert [golden["plain"], golden["mirrored"]] == pytest.approx([now["plain"], now["mirrored"]], abs=1e-4)


if __name__ == "__main__":
    GOLDEN.write_text(json.dumps(agreements(), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
