#!/bin/sh
# GPU, about 9 minutes: which flags and batch sizes are fastest, which time sampling learns captions soonest.
. "$(dirname "$0")/common.sh"
VARIANT=${VARIANT:-M}
MEANS=${MEANS:-0 0.5 1}
for flags in "" "--channels-last" "--compile --channels-last"; do
  echo "== profile: ${flags:-plain}"
  # shellcheck disable=SC2086
  timeout 150 "$PYTHON" -m lumiere_training.train --variant "$VARIANT" --out "$WORK/profile" --profile --profile-seconds "${SECONDS_EACH:-4}" \
    --profile-factors 1,2 --stages "${PROFILE_STAGES:-16x64x2.5@0.5,80x128x5@1}" --batch "${PROFILE_BATCH:-256,24}" --pool-batches 2 $flags \
    || echo "stopped"
done
for mean in $MEANS; do
  echo "== time mean $mean"
  "$PYTHON" -m lumiere_training.train --variant "$VARIANT" --out "$WORK/mean-$mean" --minutes "${MEAN_MINUTES:-0.8}" --cool-down 0.3 --warm-up 100 \
    --stages "${MEAN_STAGES:-16x64x2.5@1}" --batch "${BATCH:-256}" --time-mean "$mean" --pool-batches "${POOL:-16}" --channels-last --report-minutes 9
done
if [ -n "${RESULTS:-}" ]; then
  mkdir -p "$RESULTS"
  for mean in $MEANS; do
    cp "$WORK/mean-$mean/log.jsonl" "$RESULTS/mean-$mean.jsonl"
    cp "$(ls "$WORK/mean-$mean"/sheets/*.png | tail -n 1)" "$RESULTS/mean-$mean.png"
  done
fi
