#!/bin/sh
# The upscaler on one core, MINUTES in all, CALL minutes a call. The same command continues. Wants out/upscale/pictures,
# made once by upscale-prepare.sh where the media are; KEEP gets the small checkpoint that another machine continues from (INIT).
. "$(dirname "$0")/common.sh"
export MALLOC_MMAP_MAX_=0 MALLOC_TRIM_THRESHOLD_=20000000000 MALLOC_TOP_PAD_=500000000
# shellcheck disable=SC2086
nice -n "${NICE:-15}" "$PYTHON" -m lumiere_training.upscale.train --out "${RUN:-$WORK/upscale/full}" --minutes "${MINUTES:-50}" \
  --call-minutes "${CALL:-60}" --device cpu --threads "${THREADS:-1}" ${INIT:+--init "$INIT"} ${KEEP:+--keep "$KEEP"} ${MORE:-}
