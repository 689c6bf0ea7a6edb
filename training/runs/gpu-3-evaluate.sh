#!/bin/sh
# GPU, about 9 minutes: train the judge once, then measure a checkpoint on held-out captions and seeds.
. "$(dirname "$0")/common.sh"
CHECKPOINT=${CHECKPOINT:-$WORK/m1/portable}
[ -f "$WORK/judge/index.json" ] || "$PYTHON" -m lumiere_training.evaluate judge --out "$WORK/judge" --steps "${JUDGE_STEPS:-3000}" --batch 128
"$PYTHON" -m lumiere_training.evaluate model --checkpoint "$CHECKPOINT" --judge "$WORK/judge" --out "$WORK/eval" --count "${COUNT:-580}" --batch 29
if [ -n "${RESULTS:-}" ]; then
  mkdir -p "$RESULTS/judge"
  cp "$WORK"/judge/* "$RESULTS/judge/"
  cp "$WORK/eval/metrics.json" "$WORK/eval/sheet.png" "$WORK/eval/captions.txt" "$RESULTS/"
fi
