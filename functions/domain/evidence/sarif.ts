import { isObject, type Members, objectsIn, readObject, textIn } from './read-json.ts';
import { type Reading, type Unreadable, unreadable } from './report.ts';

type Level = 'error' | 'warning' | 'note' | 'none';
type Severity = 'critical' | 'high' | 'medium' | 'low';

/**
 * SARIF 2.1.0 (OASIS). Absent `results` means that the tool did not look; an empty list that it found nothing (3.14.23). A level that a
 * result leaves out is its rule's, else `warning` (3.27.10). Suppressed and vanished results do not count; unknown levels are errors.
 */
export function readSarif(text: string): Reading | Unreadable {
  const read = readObject(text);
  if ('unreadable' in read) return read;
  const { members } = read;
  if (members['version'] !== '2.1.0') return unreadable('the document is not SARIF 2.1.0');
  const runs = objectsIn(members['runs']);
  if (runs === undefined) return unreadable('the document has no runs');
  const levels = { error: 0, warning: 0, note: 0, none: 0 };
  const severities = { critical: 0, high: 0, medium: 0, low: 0 };
  let suppressed = 0;
  let problem = runs.length === 0 ? 'no tool was run' : undefined;
  for (const run of runs) {
    const { tool } = run;
    if (!isObject(tool) || !isObject(tool['driver'])) return unreadable('a run names no tool');
    if (run['results'] === undefined || run['results'] === null) {
      problem ??= 'a run has no results';
      continue;
    }
    const results = objectsIn(run['results']);
    if (results === undefined) return unreadable('the results of a run are no list');
    if (broke(run)) problem ??= 'a run did not succeed';
    for (const result of results) {
      if (result['baselineState'] === 'absent') continue;
      if (isSuppressed(result)) {
        suppressed += 1;
        continue;
      }
      const rule = ruleOf(result, tool);
      const level = levelOf(result, rule);
      levels[level] += 1;
      const severity = level === 'none' ? undefined : severityOf(rule);
      if (severity !== undefined) severities[severity] += 1;
    }
  }
  const { error, warning, note, none } = levels;
  const passed = problem === undefined && error === 0 && severities.critical === 0 && severities.high === 0;
  const total = error + warning + note;
  const result = { passed, total, error_level: error, warning, note, none, suppressed, ...severities };
  return { result: problem === undefined ? result : { ...result, error: problem } };
}

/** A tool that says of itself that it broke (3.20.14). */
function broke(run: Members): boolean {
  const invocations = objectsIn(run['invocations']) ?? [];
  return invocations.some(({ executionSuccessful }) => executionSuccessful === false);
}

/** Every suppression stands: one that is under review or rejected leaves the result in force (3.35.3). */
function isSuppressed({ suppressions }: Members): boolean {
  const all = objectsIn(suppressions) ?? [];
  return all.length > 0 && all.every(({ status }) => status === undefined || status === 'accepted');
}

function levelOf({ level, kind }: Members, rule: Members | undefined): Level {
  if (kind === 'pass' || kind === 'notApplicable' || kind === 'informational') return 'none';
  const configured = isObject(rule?.['defaultConfiguration'])
    ? rule['defaultConfiguration']['level']
    : undefined;
  const said = level ?? configured ?? 'warning';
  return said === 'warning' || said === 'note' || said === 'none' ? said : 'error';
}

/** The rule in the tool's driver or in the extension that the result names, by index or by id (`CA1000/1` is a part of `CA1000`). */
function ruleOf(result: Members, tool: Members): Members | undefined {
  const reference = isObject(result['rule']) ? result['rule'] : {};
  const component = isObject(reference['toolComponent']) ? reference['toolComponent']['index'] : undefined;
  const owner = typeof component === 'number' ? objectsIn(tool['extensions'])?.[component] : tool['driver'];
  const rules = isObject(owner) ? (objectsIn(owner['rules']) ?? []) : [];
  const index = result['ruleIndex'] ?? reference['index'];
  if (typeof index === 'number' && index >= 0) return rules[index];
  const id = textIn(result['ruleId']) ?? textIn(reference['id']);
  return rules.find((rule) => rule['id'] === id) ?? rules.find((rule) => id?.startsWith(`${rule['id']}/`));
}

/** `security-severity`, a CVSS score that code scanning tools write as text; bands as CVSS 3.1 section 5 has them. */
function severityOf(rule: Members | undefined): Severity | undefined {
  const properties = isObject(rule?.['properties']) ? rule['properties'] : {};
  const score = Number(properties['security-severity'] ?? Number.NaN);
  if (score >= 9) return 'critical';
  if (score >= 7) return 'high';
  if (score >= 4) return 'medium';
  return score > 0 ? 'low' : undefined;
}
