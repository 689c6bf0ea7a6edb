#!/bin/sh
# GPU: the style network at full width. Each call trains at most CALL minutes and saves; the same command continues it.
# Wants out/style/pictures and out/style/features, made once by style-prepare.sh where the media and the wheel are.
. "$(dirname "$0")/common.sh"
RUN=${RUN:-$WORK/style/full}
# shellcheck disable=SC2086
"$PYTHON" -m lumiere_training.style.train --variant full --out "$RUN" --minutes "${MINUTES:-24}" --call-minutes "${CALL:-8.8}" \
  --size "${SIZE:-192}" --style-size "${STYLE_SIZE:-192}" --batch "${BATCH:-16}" --bank "${BANK:-2048}" --bank-steps "${BANK_STEPS:-4000}" \
  --identity-every 2 --temporal-every 2 --deep-every 1 --content "${CONTENT:-0.5}" --palette "${PALETTE:-4}" --texture "${TEXTURE:-5}" \
  --identity "${IDENTITY:-4}" --temporal "${TEMPORAL:-40}" --variation "${VARIATION:-8}" --learning-rate "${RATE:-0.0015}" \
  ${INIT:+--init "$INIT"} ${KEEP:+--keep "$KEEP"} ${MORE:-}
if [ -n "${RESULTS:-}" ]; then
  mkdir -p "$RESULTS"
  cp -r "$RUN/checkpoint" "$RESULTS/"
  cp "$RUN/log.jsonl" "$(ls "$RUN"/sheets/*.png | tail -n 1)" "$RESULTS/"
fi
