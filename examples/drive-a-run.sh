#!/usr/bin/env bash
# Drives a run through Stillroom's HTTP API with curl; Node reads the JSON, as Stillroom needs it anyway.
#
#   examples/drive-a-run.sh DATA [EPOCHS]
#
# STILLROOM_ADDRESS and STILLROOM_TOKEN name the server: `stillroom server --json` prints both. DATA must lie in a folder
# that it was started with (--data-root DIR). GRAPH may name a graph document; else the shallow template is run.
set -euo pipefail
case ${1:--h} in -h | --help) sed -n '2,/^[^#]/s/^# \{0,1\}//p' "$0" && exit ;; esac
data=$(realpath "$1")
epochs=${2:-null}
api="${STILLROOM_ADDRESS:-http://127.0.0.1:4321}/api"

ask() { # METHOD PATH [BODY]; fails with the problem's own words.
  local answer status
  answer=$(curl -sS -w '\n%{http_code}' -X "$1" "$api$2" -H "Authorization: Bearer ${STILLROOM_TOKEN:-}" \
    -H 'Content-Type: application/json' ${3:+--data "$3"}) || return 1
  status=${answer##*$'\n'}
  answer=${answer%$'\n'*}
  if [ "$status" -ge 400 ]; then
    field 'd.code + ": " + d.title' <<<"$answer" >&2
    return 1
  fi
  printf '%s' "$answer"
}
field() { node -e 'const d = JSON.parse(require("fs").readFileSync(0, "utf8")); console.log(eval(process.argv[1]))' "$1"; }
text() { node -e 'console.log(JSON.stringify(process.argv[1]))' "$1"; }

if [ -n "${GRAPH:-}" ]; then kept=$(ask POST /graphs "{\"document\": $(cat "$GRAPH")}"); else kept=$(ask POST /graphs '{"template": "shallow"}'); fi
graph=$(field d.id <<<"$kept")
dataset=$(ask POST /datasets "{\"path\": $(text "$data")}" | field d.id)
run=$(ask POST /runs "{\"graph\": \"$graph\", \"dataset\": \"$dataset\", \"epochs\": $epochs}" | field d.id)
echo "run $run"

while state=$(ask GET "/runs/$run" | field d.state) && [[ $state == queued || $state == running ]]; do
  ask GET "/runs/$run" | field 'd.progress ? [d.state, d.progress.category, d.progress.stage, d.progress.fit, d.progress.done + "/" + d.progress.of].filter(Boolean).join(" ") : d.state'
  sleep 1
done
echo "$state"
ask GET "/runs/$run" | field 'Object.entries(d.metrics).map(([name, m]) => name + ": image AUROC " + m.imageAuroc + ", pixel AUROC " + m.pixelAuroc + ", AUPRO " + m.aupro).join("\n")'
[ "$state" = done ]
