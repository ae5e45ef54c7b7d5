#!/usr/bin/env bash
# Installs keyway: the version that KEYWAY_VERSION names, else, unless there is one, that of this action.
set -euo pipefail

if [ -z "$KEYWAY_VERSION" ]; then
  if command -v keyway >/dev/null; then exit; fi
  KEYWAY_VERSION=$(sed -n 's/^  "version": "\(.*\)",$/\1/p' "$GITHUB_ACTION_PATH/package.json")
fi
npm install --global --no-audit --no-fund "keyway-proxy@$KEYWAY_VERSION"
