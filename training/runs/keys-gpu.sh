#!/bin/sh
# The follower at full width on a GPU: MINUTES in all, CALL minutes a call. The same command continues: the first minute of a run is its rehearsal.
# Wants out/keys/pictures (keys-prepare.sh). RESULTS gets the small checkpoint (15 MiB in two parts), the log and the last sheet.
. "$(dirname "$0")/common.sh"
RUN=${RUN:-$WORK/keys/full}
export PYTHONUNBUFFERED=1
# shellcheck disable=SC2086
"$PYTHON" -m lumiere_training.correspondence.train --variant "${VARIANT:-full}" --out "$RUN" --minutes "${MINUTES:-8}" --call-minutes "${CALL:-8.4}" \
  --batch "${BATCH:-48}" --pool "${POOL:-4}" --size "${SIZE:-224}" --frames "${FRAMES:-4}" --learning-rate "${RATE:-0.0015}" \
  --average-decay 0.999 --keep "$RUN/kept" ${INIT:+--init "$INIT"} ${MORE:-}
if [ -n "${RESULTS:-}" ]; then
  mkdir -p "$RESULTS/checkpoint"
  cp "$RUN"/kept/* "$RESULTS/checkpoint/"
  cp "$RUN/log.jsonl" "$(ls "$RUN"/sheets/*.png | tail -n 1)" "$RESULTS/"
fi
