#!/bin/sh
# GPU, one lease of a quarter of an hour, in three calls that follow each other:
#   gpu-lease.sh rehearse   two minutes: recorded passes against plain ones, three learning rates, rates of every stage
#   gpu-lease.sh compare    ARM minutes of ARM_STAGE side by side, from INIT where given, with the options of each of ARMS (joined by ;)
#   gpu-lease.sh train      MINUTES of M to 40 frames of 64x64, cool-down included
#   gpu-lease.sh tables     of what train made, on COUNT held-out captions, for all SHIFTS and GUIDANCES: 90 s for six of 232
#   gpu-lease.sh finish     FINISH minutes more at 80 frames of 128x128, then the tables of both on held-out captions
# JUDGE made the tables so far: with another one they cannot be compared. Media (lumiere_training.media) in out/media, when prepared, are seen in the last stage.
. "$(dirname "$0")/common.sh"
FLAGS=${FAST---fused --channels-last --graphs}
JUDGE_FLAGS=${JUDGE_FLAGS---fused}
STAGES=${STAGES:-16x32x2.5@0.2,16x64x2.5@0.5,40x64x5@1}
BATCH=${BATCH:-256,192,96}
RUN=${RUN:-$WORK/m1}
JUDGE=${JUDGE:-checkpoints/judge}
export PYTHONUNBUFFERED=1
[ ! -d "$WORK/media" ] || MEDIA="--media $WORK/media"
train() { # train OUT STAGES BATCH MORE...
  out=$1
  stages=$2
  batch=$3
  shift 3
  # shellcheck disable=SC2086
  "$PYTHON" -m lumiere_training.train --variant "${VARIANT:-M}" --out "$out" --stages "$stages" --batch "$batch" \
    ${MEAN:+--time-mean "$MEAN"} --seed "${SEED:-1}" --pool-batches "${POOL:-64}" --reuse "${REUSE:-4}" ${MEDIA:-} ${MORE:-} $FLAGS "$@"
}
judge() { # judge NAME CHECKPOINT MORE...
  name=$1
  checkpoint=$2
  shift 2
  # shellcheck disable=SC2086
  "$PYTHON" -m lumiere_training.evaluate model --checkpoint "$checkpoint" --judge "$JUDGE" --out "$WORK/eval/$name" \
    --count "${COUNT:-116}" --batch 29 $JUDGE_FLAGS "$@" >"$WORK/eval/$name.txt" 2>&1
}
case $1 in
  rehearse)
    mkdir -p "$WORK/rehearsal"
    for rate in ${RATES-0.0006 0.0012 0.0024}; do
      POOL=16 MEDIA='' train "$WORK/rehearsal/$rate" "${STAGES%%@*}@1" "${BATCH%%,*}" --lr "$rate" --steps "${STEPS:-500}" --cool-down 0.3 \
        --average-decay 0.99 --text "$TEXT" --log-every 100 --report-minutes 99 >"$WORK/rehearsal/$rate.txt" 2>&1 &
    done
    "$PYTHON" -m pytest -q -s tests/test_fused.py tests/test_gpu.py || echo "something differs: leave out --fused or --graphs of FAST"
    wait
    for rate in ${RATES-0.0006 0.0012 0.0024}; do
      echo "== rate $rate"
      tail -n 7 "$WORK/rehearsal/$rate.txt"
    done
    POOL=2 train "$WORK/rehearsal/profile" "$STAGES,80x128x5@2" "$BATCH,24" --profile --profile-seconds 1.5 --profile-factors "${FACTORS:-1}"
    mkdir -p "${RESULTS:?where the tables of kernels go}"
    cp "$WORK"/rehearsal/profile/* "$RESULTS/"
    ;;
  compare)
    mkdir -p "$WORK/arms" "${RESULTS:?where the logs go}"
    "$PYTHON" -m pytest -q -s tests/test_fused.py tests/test_gpu.py || echo "something differs: leave out --fused or --graphs of FAST" &
    number=0
    for arm in ${ARMS:---optimiser=muon --optimiser=adamw}; do
      number=$((number + 1))
      # shellcheck disable=SC2086
      POOL=${ARM_POOL:-32} MEDIA='' train "$WORK/arms/$number" "${ARM_STAGE:-16x32x2.5}@1" "${ARM_BATCH:-256}" --lr "${RATE:-0.001}" --minutes "${ARM:-1}" \
        --cool-down 0.3 --average-decay 0.998 --report-minutes 99 --save-minutes 99 --text "$TEXT" ${INIT:+--init "$INIT"} $(echo "$arm" | tr ';' ' ') \
        >"$WORK/arms/$number.txt" 2>&1 &
    done
    wait
    number=0
    for arm in ${ARMS:---optimiser=muon --optimiser=adamw}; do
      number=$((number + 1))
      cp "$WORK/arms/$number/log.jsonl" "$RESULTS/$number.jsonl"
      cp "$WORK/arms/$number"/sheets/*.png "$RESULTS/$number.png"
      echo "== $arm"
      tail -n 6 "$WORK/arms/$number.txt" | cut -c 1-600
    done
    ;;
  train)
    train "$RUN" "$STAGES" "$BATCH" --lr "${RATE:-0.0012}" --minutes "${MINUTES:-8.4}" --call-minutes "${CALL:-9.4}" --cool-down 0.3 \
      --average-decay 0.999 --report-minutes 2.9 --save-minutes 99 --media-share "${MEDIA_SHARE:-0,0,0.1}" --text "$TEXT" ${INIT:+--init "$INIT"}
    RESULTS=${RESULTS:?where the weights go} keep "$RUN"
    ;;
  finish)
    train "$RUN-128" 80x128x5@1 "${FINISH_BATCH:-24}" --lr "${FINISH_RATE:-0.0005}" --minutes "${FINISH:-2}" --warm-up 100 --cool-down 0.6 \
      --average-decay 0.998 --report-minutes 99 --save-minutes 99 --media-share "${FINISH_MEDIA:-0.1}" --init "$RUN/portable"
    RESULTS=${RESULTS:?where the weights go} keep "$RUN-128"
    mkdir -p "$WORK/eval"
    judge 64 "$RUN/portable" --shift 16 &
    judge 128 "$RUN-128/portable" --shift 20 --repeats 0 &
    judge 128-far "$RUN-128/portable" --shift 58 --repeats 0 &
    judge 128-guided "$RUN-128/portable" --shift 20 --guidance 4 --repeats 0 &
    wait
    tail -n 25 "$WORK"/eval/*.txt
    tar -cf "$RESULTS/eval.tar" -C "$WORK" eval
    ;;
  tables)
    mkdir -p "$WORK/eval" "${RESULTS:?where the tables go}"
    for shift in ${SHIFTS:-20 40}; do
      for guidance in ${GUIDANCES:-2 4}; do
        judge "s$shift-g$guidance" "$RUN/portable" --shift "$shift" --guidance "$guidance" --repeats 0 &
      done
    done
    wait
    tail -n 25 "$WORK"/eval/*.txt
    tar -cf "$RESULTS/eval.tar" -C "$WORK" eval
    ;;
esac
