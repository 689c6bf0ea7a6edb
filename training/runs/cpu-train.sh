#!/bin/sh
# Two CPU cores: S at toy sizes, MINUTES in all, CALL minutes a call; the same command continues.
. "$(dirname "$0")/common.sh"
# glibc gives every freed activation back to the system and asks again: keeping it is 1.35x faster.
export MALLOC_MMAP_MAX_=0 MALLOC_TRIM_THRESHOLD_=20000000000 MALLOC_TOP_PAD_=500000000
RUN=${RUN:-$WORK/s-cpu}
# shellcheck disable=SC2086
nice -n 19 "$PYTHON" -m lumiere_training.train --variant S --out "$RUN" --minutes "${MINUTES:-180}" --call-minutes "${CALL:-60}" --device cpu \
  --threads "${THREADS:-2}" --stages "${STAGES:-16x32x2.5@0.6,40x32x5@0.8,16x64x5@1}" --batch "${BATCH:-16,8,6}" ${MEAN:+--time-mean "$MEAN"} \
  --text "$TEXT" --warm-up 200 --pool-batches 16 --reuse 2 --report-minutes 15 ${MORE:-}
keep "$RUN"
