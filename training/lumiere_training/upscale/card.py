"""The model card of an upscale pack, in English and Italian."""

from __future__ import annotations

import json

REMARK = {
    "en": "Enlarges what the world model makes and takes away its speckle. It invents no detail that was not there, and is not meant for filmed footage.",
    "it": "Ingrandisce ciò che il modello del mondo crea e ne toglie la granulosità. Non inventa dettagli assenti e non è pensato per riprese vere.",
}
DATA = {
    "en": "801 photographs and 160 frames of 27 clips, whose licences are listed file by file in LICENSES.tsv of the media folder (public "
    "domain, CC0, CC BY, CC BY-SA, MIT, BSD, Apache-2.0, GPL); 480 frames of 240 scenes drawn by `training/lumiere_training/world`; and "
    "1,680 frames of 240 more such scenes as `lumiere-world-m` gives them back after noise, beside the truth. 16 photographs and all "
    "clips of the judgement were held out by name. No picture is contained in the pack.",
    "it": "801 fotografie e 160 fotogrammi di 27 filmati, con le licenze elencate file per file in LICENSES.tsv della cartella dei media "
    "(pubblico dominio, CC0, CC BY, CC BY-SA, MIT, BSD, Apache-2.0, GPL); 480 fotogrammi di 240 scene disegnate da "
    "`training/lumiere_training/world`; e 1.680 fotogrammi di altre 240 scene come `lumiere-world-m` le restituisce dopo il rumore, "
    "accanto al vero. 16 fotografie e tutti i filmati del giudizio sono stati esclusi per nome. Il pacchetto non contiene immagini.",
}
LIMITS = {
    "en": (
        "Made for what the world model generates at 64 to 128 pixels. On filmed footage it was measured on 16 photographs and six small "
        "clips; the app does not use it there.",
        "It makes edges firmer and takes speckle away. What the small picture does not hold (faces, letters, leaves) is not invented.",
        "Speckle and fine texture look alike at 64 pixels: faint texture of a generated clip may be smoothed with the noise.",
        "Every frame is enlarged by itself: flicker that the world model makes is lessened, not removed.",
    ),
    "it": (
        "Fatto per ciò che il modello del mondo genera a 64-128 pixel. Su riprese vere è stato misurato con 16 fotografie e sei piccoli "
        "filmati; l'app non lo usa lì.",
        "Rende i bordi più netti e toglie la granulosità. Ciò che l'immagine piccola non contiene (volti, lettere, foglie) non viene inventato.",
        "A 64 pixel granulosità e trama fine si somigliano: una trama tenue può essere lisciata insieme al rumore.",
        "Ogni fotogramma è ingrandito da solo: lo sfarfallio del modello del mondo diminuisce, non scompare.",
    ),
}


def model_card(pack: dict, metrics: dict) -> str:
    """Markdown: what it is, data, licences, compute, limits, measured quality."""
    trained = pack["training"]
    untrained = trained["steps"] == 0
    lines = [
        f"# {pack['name']} ({pack['id']} {pack['version']})",
        "",
        f"A network that enlarges pictures by two or four: {trained['parameters']:,} parameters, {trained['macsPerPixel']['by4']:,} "
        "multiplications for each pixel of the result. What it gives is added to a Lanczos enlargement.",
        "",
        "**Untrained: random weights, for tests only.**"
        if untrained
        else f"Trained for {trained['steps']:,} steps of eight patches, {trained['minutes']} minutes on one core of a processor, shared with other work; no GPU.",
    ]
    if untrained:
        return "\n".join([*lines, "", "## Licence", "", f"Weights and code: {pack['licence']}.", ""])
    lines += ["", "## Data", "", DATA["en"], "", "## Licence", "", f"Weights and code: {pack['licence']}.", "", "## Limits", ""]
    lines += [f"- {limit}" for limit in LIMITS["en"]]
    lines += ["", "## Measured", "", "`python -m lumiere_training.upscale.evaluate`, docs/models/lumiere-upscale.md; Lanczos in brackets.", ""]
    if metrics:
        lines += ["| measure | value |", "|---|---|", *(f"| {name} | {value} |" for name, value in metrics.items())]
    else:
        lines += ["Not yet."]
    lines += ["", f"ONNX Runtime against PyTorch, largest difference: {trained['parity']}.", ""]
    lines += [
        "# In italiano",
        "",
        f"Una rete che ingrandisce le immagini per due o per quattro: {trained['parameters']} parametri. Ciò che dà si aggiunge a un "
        f"ingrandimento Lanczos. Addestrata per {trained['steps']} passi di otto ritagli, {trained['minutes']} minuti su un solo core di "
        "processore condiviso con altri lavori, senza GPU. Le misure sono nella tabella qui sopra.",
        "",
        "**Dati.** " + DATA["it"],
        "",
        f"**Licenza.** Pesi e codice: {pack['licence']}.",
        "",
        "**Limiti.**",
        "",
        *[f"- {limit}" for limit in LIMITS["it"]],
        "",
        "## Run",
        "",
        "```json",
        json.dumps(trained.get("settings"), indent=1),
        "```",
        "",
    ]
    return "\n".join(lines)
