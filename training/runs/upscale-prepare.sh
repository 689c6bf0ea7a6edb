#!/bin/sh
# Once, where the media are: pictures, drawn scenes, and scenes as the world model of the app gives them back (20 minutes on a core).
. "$(dirname "$0")/common.sh"
MEDIA=${MEDIA:-../../shared/media}
"$PYTHON" -m lumiere_training.upscale.pictures --media "$MEDIA/train" --licences "$MEDIA/LICENSES.tsv" \
  --world "${WORLD:-../resources/model-packs/lumiere-world-m}" --out "$WORK/upscale/pictures"
