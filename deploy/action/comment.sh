#!/usr/bin/env bash
# Tells a pull request what compare.sh found: in one comment, which is written anew by later runs.
set -euo pipefail

marker='<!-- keyway -->'
body=$RUNNER_TEMP/keyway-comment.md
# A comment may have 65536 characters: the most dangerous stand first, in whole lines, and that there is more.
{
  printf '%s\n' "$marker"
  LC_ALL=C awk -v most=60000 '
    { size += length($0) + 1 }
    size > most { print "\n**There is more:** the summary of the job has it all."; exit }
    { print }' "$RUNNER_TEMP/keyway.md"
} >"$body"

comments=repos/$GITHUB_REPOSITORY/issues/$KEYWAY_PULL_REQUEST/comments
ours=".[] | select(.body | startswith(\"$marker\")) | .id"
# The token of a fork's pull request may read alone: the summary of the job says the same.
give_up() {
  echo "::notice title=keyway::this token may not comment: see the summary"
  exit 0
}

id=$(gh api --paginate "$comments" --jq "$ours") || give_up
id=${id%%$'\n'*}
if [ -n "$id" ]; then
  gh api --silent --method PATCH "repos/$GITHUB_REPOSITORY/issues/comments/$id" -F "body=@$body" || give_up
else
  gh api --silent --method POST "$comments" -F "body=@$body" || give_up
fi
