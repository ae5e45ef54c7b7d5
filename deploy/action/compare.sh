#!/usr/bin/env bash
# Writes what a pull request decides otherwise to the summary of the job and to $RUNNER_TEMP/keyway.md,
# for each of KEYWAY_FILES, and `changed` to the step's outputs.
set -euo pipefail

report=$RUNNER_TEMP/keyway.md
changed=false
: >"$report"
git fetch --quiet --depth=1 origin "$GITHUB_BASE_REF"

# shellcheck disable=SC2086 # white space separates them
for file in $KEYWAY_FILES; do
  old=$RUNNER_TEMP/keyway-old.yaml
  if ! git show "FETCH_HEAD:./$file" >"$old" 2>/dev/null; then
    # shellcheck disable=SC2016
    printf '### `%s` is new\n\n' "$file" >>"$report"
    changed=true
    continue
  fi
  code=0
  keyway diff --format markdown --exit-code "$old" "$file" >"$RUNNER_TEMP/keyway-one.md" || code=$?
  if [ ! -s "$RUNNER_TEMP/keyway-one.md" ]; then
    # shellcheck disable=SC2016
    printf '### `%s` can not be compared: what was there before is not valid\n\n' "$file" >>"$report"
    changed=true
    continue
  fi
  if [ "$code" != 0 ]; then changed=true; fi
  cat "$RUNNER_TEMP/keyway-one.md" >>"$report"
done

cat "$report" >>"$GITHUB_STEP_SUMMARY"
echo "changed=$changed" >>"$GITHUB_OUTPUT"
