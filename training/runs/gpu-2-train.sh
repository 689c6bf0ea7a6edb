#!/bin/sh
# GPU: the long run of M. Each call trains at most CALL minutes and saves; the same command continues it.
# On a fresh machine put the kept folder at $INIT (portable checkpoint) to go on from there.
. "$(dirname "$0")/common.sh"
RUN=${RUN:-$WORK/m1}
INIT=${INIT:-}
# shellcheck disable=SC2086
"$PYTHON" -m lumiere_training.train --variant "${VARIANT:-M}" --out "$RUN" --minutes "${MINUTES:-24}" --call-minutes "${CALL:-8.8}" \
  --stages "${STAGES:-16x64x2.5@0.55,40x64x5@0.8,80x128x5@1}" --batch "${BATCH:-256,96,24}" --time-mean "${MEAN:-0.5,0.5,1.0}" \
  --seed "${SEED:-1}" --pool-batches "${POOL:-16}" --reuse "${REUSE:-2}" ${INIT:+--init "$INIT" --continue-schedule} ${MORE:-} $FLAGS
keep "$RUN"
