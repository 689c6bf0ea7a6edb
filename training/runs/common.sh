# Shared by the run scripts: where Python and the results are, and what is worth carrying away.
# PYTHON   interpreter with PyTorch         (python3)
# WORK     checkpoints and logs, ignored    (out)
# RESULTS  small files to keep, optional: averaged weights in parts of 16 MiB, log, last sheet
# TEXT     caption encoder that a fresh run of the U-Net begins with (text_train.py)
# FLAGS    how to run fast on this machine  (--compile --channels-last on a GPU)
set -eu
cd "$(dirname "$0")/.."
PYTHON=${PYTHON:-python3}
WORK=${WORK:-out}
TEXT=${TEXT:-checkpoints/text}
FLAGS=${FLAGS---compile --channels-last}

keep() { # keep RUN_FOLDER: copy what another machine needs to continue, evaluate or export
  if [ -n "${RESULTS:-}" ]; then
    mkdir -p "$RESULTS/portable"
    cp "$1"/portable/* "$RESULTS/portable/"
    cp "$1/log.jsonl" "$RESULTS/log.jsonl"
    cp "$(ls "$1"/sheets/*.png | tail -n 1)" "$RESULTS/sheet.png"
  fi
}
