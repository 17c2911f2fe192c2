#!/usr/bin/env bash
# Requests the promotion that a pipeline asks for, and writes what it would change, and who has to approve it, to the page of the job.
# Reads PROMOTE_* from the environment, never from a command line: nothing that a branch is called can become part of one. Each value is one
# word with its option: as a word of its own it would be an option where it begins like one.
set -euo pipefail

cli=(node "${SLUICE_CLI:?the path of sluice.mjs}")
promote=(promote "--to=${PROMOTE_TO:?the target environment}" --output json)
[ -z "${PROMOTE_FROM:-}" ] || promote+=("--from=$PROMOTE_FROM")
[ -z "${PROMOTE_AGENT:-}" ] || promote+=("--agent=$PROMOTE_AGENT")
[ -z "${PROMOTE_NOTES:-}" ] || promote+=("--notes=$PROMOTE_NOTES")
[ "${PROMOTE_ALL:-false}" != true ] || promote+=(--all)
[ "${PROMOTE_DRY_RUN:-false}" != true ] || promote+=(--dry-run)
# One a line.
while IFS= read -r key; do [ -z "$key" ] || promote+=("--key=$key"); done <<<"${PROMOTE_KEYS:-}"
while IFS= read -r pattern; do [ -z "$pattern" ] || promote+=("--pattern=$pattern"); done <<<"${PROMOTE_PATTERNS:-}"
# The same step of the same attempt is the same request, however often the runner sends it.
if [ -n "${GITHUB_RUN_ID:-}" ]; then
  promote+=("--idempotency-key=github.$GITHUB_RUN_ID.${GITHUB_RUN_ATTEMPT:-1}.${GITHUB_ACTION:-step}")
fi
promote+=("--execution=${PROMOTE_EXECUTION:-automatic}")

code=0
answer="$("${cli[@]}" "${promote[@]}")" || code=$?
# What is no answer of the command line, such as nothing where it did not start, names no promotion.
id="$(node -e 'try { const { promotion } = JSON.parse(require("node:fs").readFileSync(0, "utf8")); process.stdout.write(promotion?.would_be === undefined ? (promotion?.id ?? "") : "") } catch {}' <<<"$answer")"
[ -z "${GITHUB_OUTPUT:-}" ] || echo "promotion-id=$id" >>"$GITHUB_OUTPUT"
if [ -n "$id" ]; then
  "${cli[@]}" summary "$id" >>"${GITHUB_STEP_SUMMARY:-/dev/stdout}"
else
  echo 'No promotion was requested: a dry run, nothing to promote, or a refusal.' >>"${GITHUB_STEP_SUMMARY:-/dev/stdout}"
fi
exit "$code"
