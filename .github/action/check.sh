#!/usr/bin/env bash
# Runs acquis and shows what it found: reports, annotations, step summary. The job fails in a later step, so
# that the reports can be uploaded before; only the exit status is told here.
#
# Environment: ACQUIS_BIN and the inputs of action.yml as ACQUIS_…; RUNNER_TEMP, GITHUB_OUTPUT,
# GITHUB_STEP_SUMMARY.
set -euo pipefail

reports=${ACQUIS_REPORT_DIR:-$RUNNER_TEMP/acquis-reports}
sarif=$reports/acquis.sarif
mkdir -p "$reports"
rm -f "$sarif" "$reports/acquis.json" "$reports/acquis.md"

# `--name=value`, so that no value is taken for an option.
options=(--root=. "--output=sarif=$sarif" "--output=json=$reports/acquis.json" "--output=markdown=$reports/acquis.md")
option() {
  [[ -z $2 ]] || options+=("--$1=$2")
}
option policy "$ACQUIS_POLICY"
option jurisdiction "${ACQUIS_JURISDICTIONS//[[:space:]]/}"
option profile "$ACQUIS_PROFILE"
option lang "$ACQUIS_LANG"
option fail-on "$ACQUIS_FAIL_ON"
option diff "$ACQUIS_DIFF"
[[ $ACQUIS_NEW_ONLY != true ]] || options+=(--new-only)
annotations=$RUNNER_TEMP/acquis-annotations
option output "github=$annotations"

read -r -d '' -a formats <<<"${ACQUIS_FORMATS//,/ }" || true
for format in "${formats[@]}"; do
  case $format in
    sarif | json | markdown) ;;
    html | csv | jsonl) option output "$format=$reports/acquis.$format" ;;
    rates) option output "rates=$reports/acquis.rates.md" ;;
    junit) option output "junit=$reports/acquis.junit.xml" ;;
    gitlab) option output "gitlab=$reports/gl-code-quality-report.json" ;;
    azure) option output "azure=$reports/acquis.azure.txt" ;;
    *) echo "::warning title=acquis::there is no report format of this name among formats" ;;
  esac
done

paths=()
while IFS= read -r path; do
  path=${path%"${path##*[![:space:]]}"}
  path=${path#"${path%%[![:space:]]*}"}
  [[ -z $path ]] || paths+=("$path")
done <<<"$ACQUIS_PATHS"

# The report quotes documents: nothing in it may be a command to the runner.
stop=acquis-$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
status=0
echo "::stop-commands::$stop"
"$ACQUIS_BIN" check "${options[@]}" -- "${paths[@]}" 2>&1 || status=$?
echo "::$stop::"

# The counts stand at one place of the JSON report, whose shape is promised; not every runner has jq.
count() {
  sed -n 's/^    "'"$1"'": \([0-9][0-9]*\),\{0,1\}$/\1/p' "$reports/acquis.json" | sed -n 1p
}

{
  printf 'exit-status=%s\nreport-dir=%s\n' "$status" "$reports"
  if [[ -e $sarif ]]; then
    printf 'sarif-file=%s\n' "$sarif"
    printf 'errors=%s\nwarnings=%s\n' "$(count errors)" "$(count warnings)"
    printf 'notes=%s\nnot-read=%s\n' "$(count notes)" "$(count not_read)"
  fi
} >>"$GITHUB_OUTPUT"

if [[ ! -e $sarif ]]; then
  echo '::error title=acquis::acquis could not check: see the log of this step'
  [[ $ACQUIS_SUMMARY != true ]] || echo '**acquis could not check:** see the log of the step.' >>"$GITHUB_STEP_SUMMARY"
  # Without a report the job fails, whatever the exit status says.
  ((status > 0)) || exit 2
  exit 0
fi
[[ $ACQUIS_ANNOTATIONS != true ]] || cat "$annotations"
[[ $ACQUIS_SUMMARY != true ]] || cat "$reports/acquis.md" >>"$GITHUB_STEP_SUMMARY"
