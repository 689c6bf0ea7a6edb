#!/bin/sh
# Two CPU cores, or what is left of them: the style network at half width, MINUTES in all, CALL minutes a call.
# The same command continues; KEEP gets the small checkpoint that another machine continues from (INIT).
. "$(dirname "$0")/common.sh"
export MALLOC_MMAP_MAX_=0 MALLOC_TRIM_THRESHOLD_=20000000000 MALLOC_TOP_PAD_=500000000
RUN=${RUN:-$WORK/style/half}
# One thread: on a busy machine two wait for each other and are five times slower.
# shellcheck disable=SC2086
nice -n 10 "$PYTHON" -m lumiere_training.style.train --variant half --out "$RUN" --minutes "${MINUTES:-80}" --call-minutes "${CALL:-90}" \
  --device cpu --threads "${THREADS:-1}" --size "${SIZE:-96}" --batch "${BATCH:-2}" --content "${CONTENT:-1}" --palette "${PALETTE:-8}" \
  --texture "${TEXTURE:-8}" --identity "${IDENTITY:-6}" --temporal "${TEMPORAL:-100}" --variation "${VARIATION:-8}" --drawing "${DRAWING:-2.2}" \
  --learning-rate "${RATE:-0.001}" --bank-steps 6000 ${INIT:+--init "$INIT"} ${KEEP:+--keep "$KEEP"} ${MORE:-}
