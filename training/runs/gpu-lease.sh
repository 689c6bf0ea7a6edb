#!/bin/sh
# GPU, one lease of a quarter of an hour, in three calls that follow each other:
#   gpu-lease.sh rehearse   the whole chain in a minute: kernels against PyTorch, three stages, judge, table
#   gpu-lease.sh train      MINUTES of M, cool-down included; meanwhile the processor goes on with the style network
#   gpu-lease.sh evaluate   the judge, then the table on held-out captions
. "$(dirname "$0")/common.sh"
FLAGS=${FAST---fused --channels-last --graphs}
JUDGE_FLAGS=${JUDGE_FLAGS---fused}
STAGES=${STAGES:-16x64x2.5@0.3,40x64x5@0.6,80x128x5@1}
RUN=${RUN:-$WORK/m1}
export PYTHONUNBUFFERED=1
train() { # train OUT MINUTES MORE...
  out=$1
  minutes=$2
  shift 2
  # shellcheck disable=SC2086
  "$PYTHON" -m lumiere_training.train --variant "${VARIANT:-M}" --out "$out" --minutes "$minutes" --stages "$STAGES" \
    --batch "${BATCH:-192,80,20}" ${MEAN:+--time-mean "$MEAN"} --seed "${SEED:-1}" --pool-batches "${POOL:-64}" --reuse 2 \
    --average-decay 0.999 --text "$TEXT" ${INIT:+--init "$INIT"} ${MORE:-} $FLAGS "$@"
}
case $1 in
  rehearse)
    "$PYTHON" -m lumiere_training.evaluate judge --out "$WORK/rehearsal/judge" --steps 16 --batch 256 &
    judge=$!
    "$PYTHON" -m pytest -q -s tests/test_fused.py tests/test_gpu.py || echo "something differs: leave out --fused or --graphs of FAST"
    wait "$judge"
    train "$WORK/rehearsal" "${MINUTES:-0.8}" --log-every 20 --report-minutes 9
    "$PYTHON" -m lumiere_training.evaluate model --checkpoint "$WORK/rehearsal/portable" --judge "$WORK/rehearsal/judge" \
      --out "$WORK/rehearsal/eval" --count 29 --steps 4 --batch 29 $JUDGE_FLAGS
    ;;
  train)
    if [ -d "$WORK/style/features" ]; then
      "$PYTHON" -m lumiere_training.style.train --variant half --out "$WORK/style/half" --init checkpoints/style/half \
        --keep "$WORK/style/kept" --device cpu --threads "${STYLE_THREADS:-6}" --size 96 --batch 8 --learning-rate 0.0015 --cool-down 0.08 \
        --minutes "${STYLE_MINUTES:-70}" --call-minutes "${STYLE_CALL:-8}" --sheet-minutes 3 --bank-steps 6000 >"$WORK/style.log" 2>&1 &
      style=$!
    fi
    train "$RUN" "${MINUTES:-8.2}" --call-minutes "${CALL:-9.2}" --cool-down 0.25 --report-minutes 2.2 --save-minutes 4
    RESULTS=${RESULTS:?where the weights go} keep "$RUN"
    if [ -n "${style:-}" ]; then
      wait "$style" || echo "style: see style.log"
      tar -cf "$RESULTS/style.tar" -C "$WORK" style.log style/kept style/half/log.jsonl style/half/sheets
    fi
    ;;
  evaluate)
    [ -f "$WORK/judge/index.json" ] || "$PYTHON" -m lumiere_training.evaluate judge --out "$WORK/judge" --steps "${JUDGE_STEPS:-900}" --batch 256
    "$PYTHON" -m lumiere_training.evaluate model --checkpoint "$RUN/portable" --judge "$WORK/judge" --out "$WORK/eval" \
      --count "${COUNT:-290}" --batch 29 $JUDGE_FLAGS
    mkdir -p "${RESULTS:?where the table goes}/judge"
    cp "$WORK"/judge/* "$RESULTS/judge/"
    cp "$WORK/eval/metrics.json" "$WORK/eval/sheet.png" "$WORK/eval/captions.txt" "$RESULTS/"
    ;;
esac
