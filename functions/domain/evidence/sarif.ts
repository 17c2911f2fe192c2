import { earliest, toInstant } from '../instant.ts';
import { isObject, type Members, readObject } from './read-json.ts';
import { type Reading, type Unreadable, unreadable } from './report.ts';
import { levelIn, Overrides, weigh } from './sarif-level.ts';
import { NotSarif, objectIn, objects, Rules } from './sarif-rules.ts';

/** What was counted; `problem` is why the whole says nothing, `ended` when the oldest part of it was made. */
type Tally = {
  readonly levels: { error: number; warning: number; note: number; none: number };
  readonly severities: { critical: number; high: number; medium: number; low: number };
  suppressed: number;
  unknown: number;
  problem: string | undefined;
  ended: string | undefined;
};

/**
 * SARIF 2.1.0 (OASIS). Absent `results` means that the tool did not look; an empty list that it found nothing (3.14.23). Suppressed and
 * vanished results do not count. What is not as SARIF has it (a level, a kind, a score, an index) counts as the worst that it may mean,
 * and as `unknown`. Work grows with the length of the document alone.
 */
export function readSarif(text: string): Reading | Unreadable {
  const read = readObject(text);
  if ('unreadable' in read) return read;
  try {
    return readingOf(objectIn(read.members) ?? {});
  } catch (error) {
    if (error instanceof NotSarif) return unreadable(error.message);
    throw error;
  }
}

function readingOf(log: Members): Reading {
  if (log['version'] !== '2.1.0') throw new NotSarif('the document is not SARIF 2.1.0');
  const runs = objects(log['runs'], 'runs');
  const tally: Tally = {
    levels: { error: 0, warning: 0, note: 0, none: 0 },
    severities: { critical: 0, high: 0, medium: 0, low: 0 },
    suppressed: 0,
    unknown: 0,
    problem: runs.length === 0 ? 'no tool was run' : undefined,
    ended: undefined,
  };
  // Parts of a run may be kept beside it (3.15): what is there was not read.
  if (isGiven(log['inlineExternalProperties'])) tally.problem ??= 'parts of a run are kept apart from it';
  for (const run of runs) countRun(run, tally);
  const { levels, severities, suppressed, unknown, problem, ended } = tally;
  const { error, warning, note, none } = levels;
  const bad = error + severities.critical + severities.high + unknown;
  const result = {
    passed: problem === undefined && bad === 0,
    total: error + warning + note,
    error_level: error,
    warning,
    note,
    none,
    suppressed,
    ...severities,
    ...(unknown === 0 ? {} : { unknown }),
  };
  return {
    result: problem === undefined ? result : { ...result, error: problem },
    ...(ended === undefined ? {} : { produced_at: ended }),
  };
}

function countRun(run: Members, tally: Tally): void {
  const { results } = run;
  const tool = objectIn(run['tool']);
  if (tool === undefined) throw new NotSarif('a run names no tool');
  const rules = new Rules(tool);
  const invocations = objects(run['invocations'] ?? [], 'invocations');
  for (const invocation of invocations) countInvocation(invocation, tally);
  if (isGiven(run['externalPropertyFileReferences'])) {
    tally.problem ??= 'parts of a run are kept apart from it';
  }
  if (results === undefined || results === null) {
    tally.problem ??= 'a run has no results';
    return;
  }
  const overrides = new Overrides(invocations, objects(run['policies'] ?? [], 'policies'), rules);
  if (!overrides.sure) tally.unknown += 1;
  for (const result of objects(results, 'results')) {
    if (result['baselineState'] === 'absent') continue;
    if (isSuppressed(result)) {
      tally.suppressed += 1;
      continue;
    }
    const { level, severity, sure } = weigh(result, rules, overrides);
    tally.levels[level] += 1;
    if (severity !== undefined) tally.severities[severity] += 1;
    if (!sure) tally.unknown += 1;
  }
}

/**
 * Every invocation must say that it succeeded (3.20.14); a notification of level `error` says that results are incorrect or incomplete
 * (3.58.6), so what is missing is unknown.
 */
function countInvocation(invocation: Members, tally: Tally): void {
  if (invocation['executionSuccessful'] !== true) tally.problem ??= 'a run did not succeed';
  for (const list of ['toolExecutionNotifications', 'toolConfigurationNotifications']) {
    for (const { level } of objects(invocation[list] ?? [], list)) {
      const said = levelIn(level);
      if (said === 'error' || said === 'unknown') tally.unknown += 1;
    }
  }
  const moment = invocation['endTimeUtc'] ?? invocation['startTimeUtc'];
  if (moment === undefined) return;
  const instant = instantOf(moment);
  tally.ended = tally.ended === undefined ? instant : earliest(tally.ended, instant);
}

/** A date and time as 3.9 has them: in UTC, the time of day optional. */
function instantOf(value: unknown): string {
  const text = typeof value === 'string' ? value : '';
  const instant = toInstant(/^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T00:00:00Z` : text);
  if (instant === undefined) throw new NotSarif('endTimeUtc or startTimeUtc is no instant in UTC');
  return instant;
}

/** Every suppression stands: one that is under review or rejected leaves the result in force (3.35.3). */
function isSuppressed({ suppressions }: Members): boolean {
  const all = objects(suppressions ?? [], 'suppressions');
  return (
    all.length > 0 &&
    all.every(
      ({ kind, status }) =>
        (kind === 'inSource' || kind === 'external') && (status === undefined || status === 'accepted'),
    )
  );
}

const isGiven = (value: unknown): boolean =>
  isObject(value) ? Object.keys(value).length > 0 : Array.isArray(value) ? value.length > 0 : value != null;
