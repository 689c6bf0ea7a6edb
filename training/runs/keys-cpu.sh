#!/bin/sh
# The follower at half width on one core, MINUTES in all, CALL minutes a call. The same command continues.
. "$(dirname "$0")/common.sh"
export MALLOC_MMAP_MAX_=0 MALLOC_TRIM_THRESHOLD_=20000000000 MALLOC_TOP_PAD_=500000000
# shellcheck disable=SC2086
nice -n "${NICE:-10}" "$PYTHON" -m lumiere_training.correspondence.train --variant "${VARIANT:-half}" --out "${RUN:-$WORK/keys/half}" \
  --minutes "${MINUTES:-54}" --call-minutes "${CALL:-57}" --device cpu --threads "${THREADS:-1}" --batch "${BATCH:-4}" --size "${SIZE:-128}" \
  --frames "${FRAMES:-3}" --learning-rate "${RATE:-0.0015}" ${INIT:+--init "$INIT"} ${KEEP:+--keep "$KEEP"} ${MORE:-}
