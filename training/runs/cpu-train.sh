#!/bin/sh
# One processor core: S to 40 frames of 64x64, MINUTES in all, CALL minutes a call; the same command continues.
. "$(dirname "$0")/common.sh"
# glibc gives every freed activation back to the system and asks again: keeping it is 1.35x faster.
export MALLOC_MMAP_MAX_=0 MALLOC_TRIM_THRESHOLD_=20000000000 MALLOC_TOP_PAD_=500000000
RUN=${RUN:-$WORK/s-cpu}
# shellcheck disable=SC2086
nice -n "${NICE:-19}" "$PYTHON" -m lumiere_training.train --variant S --out "$RUN" --minutes "${MINUTES:-120}" --call-minutes "${CALL:-120}" --device cpu \
  --threads "${THREADS:-1}" --stages "${STAGES:-16x32x2.5@0.42,16x64x2.5@0.71,40x64x5@1}" --batch "${BATCH:-16,6,3}" ${MEAN:+--time-mean "$MEAN"} \
  ${INIT:+--init "$INIT"} --text "$TEXT" --warm-up 200 --average-decay .999 --pool-batches 16 --reuse 2 --report-minutes 15 ${MORE:-}
keep "$RUN"
