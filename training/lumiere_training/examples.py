"""Prompts with pictures for a pack: what it made of them, shown in the app beside the prompt box.

    python -m lumiere_training.examples --pack ../resources/model-packs/lumiere-world-m --prompts prompts.json

`prompts.json` is a list of {"en": ..., "it": ..., "seed": ...}. Each is made once, from the English words,
by the pack itself and with its own scheduler, and kept as one WebP of frames side by side. Examples that
the pack had are replaced. Nothing is chosen for the model: which prompts and seeds are shown is up to the
person who writes the list, so its model card must say what fails.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import torch
from PIL import Image
from torch import Tensor

from .flow_matching import generate
from .onnx_files import sha256
from .packs import PackNetwork, pack_facts
from .tokenizer import Tokenizer, split_words

QUALITY = 88
FRAMES = 20  # as many are shown: two to three seconds of most packs


def film(clip: Tensor, path: Path) -> None:
    """Write frames uint8 [T, 3, H, W] side by side as a WebP."""
    strip = clip.permute(2, 0, 3, 1).reshape(clip.shape[2], -1, 3)
    Image.fromarray(strip.numpy()).save(path, quality=QUALITY, method=6)


def spelled(tokenizer: Tokenizer, text: str) -> list[str]:
    """Words that begin with a letter for a piece, so that nothing known is in them."""
    return [word for word in split_words(text) if len(word) > 1 and len(tokenizer.pieces[tokenizer.word(word)[0]]) == 1]


def add_examples(folder: Path, prompts: list[dict], frames: int = FRAMES, threads: int = 0) -> dict:
    """Make the examples, write them and the manifest, and return the manifest.

    Raises ValueError where a prompt has words that the pack can only spell: the app would mark its own example.
    """
    data = pack_facts(folder)
    pieces = (folder / data["vocabulary"]["file"]).read_text(encoding="utf-8").splitlines()
    tokenizer = Tokenizer(pieces)
    strange = [word for prompt in prompts for text in (prompt["en"], prompt["it"]) for word in spelled(tokenizer, text)]
    if strange:
        raise ValueError(f"words that the pack does not know: {', '.join(strange)}")
    network = PackNetwork(folder, threads)
    for old in data.pop("examples", []):
        (folder / old["picture"]["file"]).unlink(missing_ok=True)
    empty, scheduler = tokenizer.batch([""]), data["scheduler"]
    shape = (1, data["frames"], 3, data["height"], data["width"])
    shown = min(frames, data["frames"])
    examples = []
    for number, prompt in enumerate(prompts):
        made = generate(
            network,
            tokenizer.batch([prompt["en"]]),
            empty,
            shape,
            data["seconds"],
            steps=scheduler["steps"],
            guidance=scheduler["guidanceScale"],
            shift=scheduler["shift"],
            seed=prompt.get("seed", 0),
            solver=scheduler["solver"],
        )
        path = folder / f"example-{number}.webp"
        film(((made[0, :shown] + 1) * 127.5 + 0.5).clamp(0, 255).to(torch.uint8), path)
        examples.append(
            {
                "prompt": {"en": prompt["en"], "it": prompt["it"]},
                "picture": {"file": path.name, "sha256": sha256(path), "bytes": path.stat().st_size},
                "frames": shown,
                "rate": round(data["frames"] / data["seconds"], 6),
            }
        )
    data["examples"] = examples
    (folder / "lumiere-pack.json").write_text(json.dumps(data, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return data


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pack", type=Path, required=True)
    parser.add_argument("--prompts", type=Path, required=True)
    parser.add_argument("--frames", type=int, default=FRAMES, help="of each example that are shown")
    parser.add_argument("--threads", type=int, default=0)
    arguments = parser.parse_args()
    prompts = json.loads(arguments.prompts.read_text(encoding="utf-8"))
    data = add_examples(arguments.pack, prompts, arguments.frames, arguments.threads)
    print(f"{len(data['examples'])} examples, {sum(one['picture']['bytes'] for one in data['examples']) / 1024:.0f} KiB")


if __name__ == "__main__":
    main()
