#!/bin/sh
# GPU, about 9 minutes: which flags and batch sizes are fastest, which time sampling learns captions soonest.
. "$(dirname "$0")/common.sh"
for flags in "" "--channels-last" "--compile --channels-last"; do
  echo "== profile: ${flags:-plain}"
  # shellcheck disable=SC2086
  timeout 150 "$PYTHON" -m lumiere_training.train --variant M --out "$WORK/profile" --profile --profile-seconds 4 --profile-factors 1,2 \
    --stages 16x64x2.5@0.5,80x128x5@1 --batch 256,24 --pool-batches 2 $flags || echo "stopped"
done
for mean in 0 0.5 1; do
  echo "== time mean $mean"
  "$PYTHON" -m lumiere_training.train --variant M --out "$WORK/mean-$mean" --minutes 0.8 --cool-down 0.3 --warm-up 100 --stages 16x64x2.5@1 \
    --batch 256 --time-mean "$mean" --pool-batches 16 --channels-last --report-minutes 9
done
if [ -n "${RESULTS:-}" ]; then
  mkdir -p "$RESULTS"
  for mean in 0 0.5 1; do cp "$WORK/mean-$mean/log.jsonl" "$RESULTS/mean-$mean.jsonl"; done
  cp "$(ls "$WORK"/mean-0.5/sheets/*.png | tail -n 1)" "$RESULTS/mean-0.5.png"
fi
