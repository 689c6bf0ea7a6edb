#!/bin/sh
# Once, where the media are: photographs, drawn scenes, and stretches of real clips with their flow (26 MiB). Needs OpenCV.
. "$(dirname "$0")/common.sh"
MEDIA=${MEDIA:-../../shared/media}
"$PYTHON" -m lumiere_training.correspondence.pictures --media "$MEDIA/train" --licences "$MEDIA/LICENSES.tsv" --out "$WORK/keys/pictures"
