#!/bin/sh
# CPU: one whole-clip model of size S and the cascade side by side for MINUTES, a core each at the same priority, so that
# both have the same arithmetic; then the table of each, at its own shift or at SHIFT. 80 frames of 32x32. RESULTS takes both
# tables and sheets.
. "$(dirname "$0")/common.sh"
export MALLOC_MMAP_MAX_=0 MALLOC_TRIM_THRESHOLD_=20000000000 MALLOC_TOP_PAD_=500000000
MINUTES=${MINUTES:-76}
run() { # run NAME MINUTES TASK STAGES BATCH
  [ -f "$WORK/compare-$1/over" ] && return
  nice -n "${NICE:-19}" "$PYTHON" -m lumiere_training.train --variant S --task "$3" --out "$WORK/compare-$1" --minutes "$2" --call-minutes $((2 * MINUTES)) \
    --device cpu --threads 1 --stages "$4" --batch "$5" --lr .001 --text "$TEXT" --warm-up 200 --average-decay .998 --pool-batches 16 --reuse 2 --report-minutes 19
  touch "$WORK/compare-$1/over"
}
# "keyframes" trains from words alone: no other task takes a share of the whole-clip model's minutes.
run whole "$MINUTES" keyframes 16x32x2.5@0.4,80x32x5@1 16,4 &
whole=$!
run keys $((MINUTES / 2)) keyframes 16x32x5@1 16
run between $((MINUTES / 2)) interpolate 16x32x1@1 16
wait "$whole"
table() { # table NAME CHECKPOINT...
  name=$1 && shift
  nice -n "${NICE:-19}" "$PYTHON" -m lumiere_training.evaluate model --checkpoint "$@" --judge "${JUDGE:-checkpoints/judge}" --out "$WORK/compare-$name/table" \
    --frames 80 --size 32 --count "${COUNT:-58}" --repeats 0 --batch 8 --steps 20 --threads 1 ${SHIFT:+--shift "$SHIFT"}
}
table whole "$WORK/compare-whole/portable" &
tables=$!
table keys "$WORK/compare-keys/portable" --cascade "$WORK/compare-between/portable"
wait "$tables"
if [ -n "${RESULTS:-}" ]; then
  for name in whole keys; do mkdir -p "$RESULTS/$name" && cp "$WORK/compare-$name/table"/* "$RESULTS/$name/"; done
fi
