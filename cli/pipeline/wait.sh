#!/usr/bin/env bash
# Waits for the end of a promotion, and writes how it ended to the page of the job. Exits as `sluice watch` does.
set -euo pipefail

cli=(node "${SLUICE_CLI:?the path of sluice.mjs}")
id="${PROMOTION_ID:?the id of the promotion}"
code=0
"${cli[@]}" watch "$id" "--timeout=${PROMOTE_TIMEOUT:-1h}" || code=$?
"${cli[@]}" summary "$id" >>"${GITHUB_STEP_SUMMARY:-/dev/stdout}"
exit "$code"
