#!/bin/sh
# The key encoder at full width on a GPU: MINUTES in all, CALL minutes a call. The same command continues.
# RESULTS gets the checkpoint (10 MiB), the log and the last sheet.
. "$(dirname "$0")/common.sh"
RUN=${RUN:-$WORK/keys/full}
# shellcheck disable=SC2086
"$PYTHON" -m lumiere_training.correspondence.train --variant "${VARIANT:-full}" --out "$RUN" --minutes "${MINUTES:-8}" --call-minutes "${CALL:-8.5}" \
  --threads 2 --loaders "${LOADERS:-12}" --batch "${BATCH:-48}" --size "${SIZE:-224}" ${MORE:-}
if [ -n "${RESULTS:-}" ]; then
  mkdir -p "$RESULTS/checkpoint"
  cp "$RUN"/checkpoint/* "$RESULTS/checkpoint/"
  cp "$RUN/log.jsonl" "$(ls "$RUN"/sheets/*.png | tail -n 1)" "$RESULTS/"
fi
