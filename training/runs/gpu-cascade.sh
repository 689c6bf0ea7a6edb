#!/bin/sh
# GPU: the cascade in the minutes of one whole-clip run, half for each of its two models. Same call again continues.
. "$(dirname "$0")/common.sh"
mkdir -p "$WORK"
HALF=${HALF:-12}
CALL=${CALL:-8.8}
for part in "keyframes 16x64x5@0.7,16x128x5@1" "interpolate 16x64x1@0.7,16x128x1@1"; do
  # shellcheck disable=SC2086
  set -- $part
  if [ ! -f "$WORK/cascade-$1/over" ]; then
    # shellcheck disable=SC2086
    "$PYTHON" -m lumiere_training.train --variant "${VARIANT:-M}" --task "$1" --out "$WORK/cascade-$1" --minutes "$HALF" --call-minutes "$CALL" \
      --stages "${STAGES:-$2}" --batch "${BATCH:-256,96}" --text "$TEXT" --pool-batches "${POOL:-16}" --reuse 2 $FLAGS | tee "$WORK/cascade.txt"
    if ! grep -q "the run is over" "$WORK/cascade.txt"; then exit 0; fi
    touch "$WORK/cascade-$1/over"
    exit 0
  fi
done
"$PYTHON" -m lumiere_training.evaluate model --checkpoint "$WORK/cascade-keyframes/portable" --cascade "$WORK/cascade-interpolate/portable" \
  --judge "${JUDGE:-checkpoints/judge}" --out "$WORK/eval-cascade" --frames 80 --size 128 --count "${COUNT:-290}" --batch 29
if [ -n "${RESULTS:-}" ]; then mkdir -p "$RESULTS"; cp "$WORK/eval-cascade/metrics.json" "$WORK/eval-cascade/sheet.png" "$RESULTS/"; fi
