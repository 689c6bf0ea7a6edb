"""The model card that travels with a pack."""

from __future__ import annotations

import json

from .settings import Settings
from .world import FAMILY_NAMES


def model_card(pack: dict, settings: Settings, metrics: dict, limits: list[str]) -> str:
    """Markdown: what it is, data, licences, compute, limits, measured quality."""
    trained = pack["training"]
    untrained = trained["steps"] == 0
    lines = [
        f"# {pack['name']} ({pack['id']} {pack['version']})",
        "",
        "A Space-Time U-Net (after Bar-Tal et al., Lumiere, 2024) that makes a whole clip in one pass: "
        f"{pack['frames']} frames of {pack['width']}x{pack['height']}, {pack['seconds']} s.",
        "",
        "**Untrained: random weights, for tests only.**"
        if untrained
        else f"Trained for {trained['steps']} steps, {trained['minutes']} minutes{' on ' + trained['computer'] if 'computer' in trained else ''}.",
        "",
        "## Data",
        "",
        f"A procedural captioned world of {len(FAMILY_NAMES)} scene families, rendered during training; no data set is shipped or needed. "
        "Captions in English and Italian come from a grammar.",
    ]
    share = max((stage.media_share for stage in settings.stages), default=0)
    if share:
        lines += [
            "",
            f"Up to {share:.0%} of the samples: photographs and clips of a media folder under free licences (Creative Commons with and without share-alike, public domain, Unsplash, licences of free software), seen as moving crops; none of them is in the pack.",
        ]
    lines += [
        "",
        "Scenes: " + ", ".join(name.replace("_", " ") for name in FAMILY_NAMES) + ".",
        "",
        "## Licence",
        "",
        f"Weights, vocabulary and code: {pack['licence']}.",
        "",
        "## Limits",
        "",
        *[f"- {limit}" for limit in limits],
        "- Knows the scenes above and little else; words outside `vocabulary.txt` are cut into letters and mean nothing to it.",
        "- Draws no people, faces or text.",
        f"- Native size {pack['width']}x{pack['height']}; larger output is upscaled.",
        "- Not a record of anything real: label generated clips as such.",
        "",
        "## Measured",
        "",
    ]
    if metrics:
        lines += ["| measure | value |", "|---|---|"] + [
            f"| {name} | {value:.4g} |" if isinstance(value, float) else f"| {name} | {value} |"
            for name, value in metrics.items()
            if not isinstance(value, (dict, list))
        ]
    else:
        lines += ["Not yet."]
    lines += ["", f"ONNX Runtime against PyTorch, largest difference: {trained['parity']}.", ""]
    if not untrained:
        lines += ["## Run", "", "```json", json.dumps(trained.get("settings"), indent=1), "```", ""]
    return "\n".join(lines)
