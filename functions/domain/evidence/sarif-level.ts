import { isObject, type Members, textIn } from './read-json.ts';
import { NotSarif, objectIn, objects, type Rules } from './sarif-rules.ts';

export type Level = 'error' | 'warning' | 'note' | 'none';
export type Severity = 'critical' | 'high' | 'medium' | 'low';

/** What a result comes to. `sure` is false where a word, an index or a score is not as SARIF has it; then the worst that it may mean. */
export type Weight = {
  readonly level: Level;
  readonly severity: Severity | undefined;
  readonly sure: boolean;
};

const LEVELS: readonly Level[] = ['none', 'note', 'warning', 'error'];
const SEVERITIES: readonly Severity[] = ['low', 'medium', 'high', 'critical'];
/** Kinds that are no failure (3.27.9). `open` and `review` say that nobody knows yet. */
const FINE: readonly unknown[] = ['pass', 'notApplicable', 'informational'];
const KINDS: readonly unknown[] = [...FINE, 'fail', 'open', 'review', undefined];

/** Levels that a run sets over those of its rules: an invocation's (3.20.5), and a policy's (3.14.27). */
export class Overrides {
  readonly #byInvocation: readonly ReadonlyMap<Members, Level>[];
  readonly #anywhere = new Map<Members, Level>();
  sure = true;

  constructor(invocations: readonly Members[], policies: readonly Members[], rules: Rules) {
    this.#byInvocation = invocations.map(({ ruleConfigurationOverrides: all }) =>
      this.#read(objects(all ?? [], 'ruleConfigurationOverrides'), rules),
    );
    for (const policy of policies) {
      for (const { id, guid, defaultConfiguration: set } of objects(policy['rules'] ?? [], 'rules')) {
        this.#read([{ descriptor: { id, guid }, configuration: set }], rules);
      }
    }
  }

  /**
   * The level of a rule in the invocation that a result names (3.27.10). Where it names none, the highest that any sets: a run may
   * raise a rule so, never lower it.
   */
  of(rule: Members, own: Level, invocation: unknown): Level {
    const named = typeof invocation === 'number' ? this.#byInvocation[invocation] : undefined;
    if (named !== undefined) return named.get(rule) ?? own;
    return worst(LEVELS, own, this.#anywhere.get(rule) ?? own);
  }

  #read(overrides: readonly Members[], rules: Rules): ReadonlyMap<Members, Level> {
    const levels = new Map<Members, Level>();
    for (const { descriptor, configuration } of overrides) {
      const level = levelIn(objectIn(configuration)?.['level']);
      if (level === undefined) continue;
      const named = objectIn(descriptor);
      if (named === undefined) throw new NotSarif('an override names no rule');
      const found = rules.find(named);
      if (!found.sure || level === 'unknown') this.sure = false;
      const set = level === 'unknown' ? 'error' : level;
      for (const rule of found.rules) {
        levels.set(rule, set);
        this.#anywhere.set(rule, worst(LEVELS, set, this.#anywhere.get(rule) ?? 'none'));
      }
    }
    return levels;
  }
}

/**
 * The weight of a result. A level that is absent is that of its rule as overridden, else `warning`; `none` where the kind is no failure
 * (3.27.10). A result that is no failure and has a level all the same counts by that level.
 */
export function weigh(result: Members, rules: Rules, overrides: Overrides): Weight {
  const found = rules.find(referenceIn(result));
  const { kind } = result;
  const said = levelIn(result['level']);
  const knownKind = KINDS.includes(kind);
  if (FINE.includes(kind) && (said === undefined || said === 'none')) {
    return { level: 'none', severity: undefined, sure: true };
  }
  const scores = [result, ...found.rules].map(severityIn);
  const severity = scores.reduce((a, b) => worstSeverity(a, b), undefined);
  const ruled = found.rules.map((rule) => ruleLevel(rule, result, overrides));
  const levels = said === undefined || isUndecided(kind) ? [...ruled, said ?? 'none'] : [said];
  const level = levels.reduce<Level>(
    (a, b) => worst(LEVELS, a, b === 'unknown' ? 'error' : b),
    ruled.length === 0 && said === undefined ? 'warning' : 'none',
  );
  const sure = found.sure && knownKind && said !== 'unknown' && !ruled.includes('unknown');
  return { level, severity: known(severity), sure: sure && !scores.includes('unknown') };
}

/** `open` and `review` must have the level `none` (3.27.10), which says nothing: they count as their rule would. */
const isUndecided = (kind: unknown): boolean => kind === 'open' || kind === 'review';

/** What a result says of its rule: `rule`, and `ruleId` and `ruleIndex`, which mean the same (3.27.5 to 3.27.7). */
function referenceIn({ rule, ruleId, ruleIndex }: Members): Members {
  return {
    ...objectIn(rule),
    ...(ruleId === undefined ? {} : { id: ruleId }),
    ...(ruleIndex === undefined ? {} : { index: ruleIndex }),
  };
}

function ruleLevel(rule: Members, { provenance }: Members, overrides: Overrides): Level | 'unknown' {
  const own = levelIn(objectIn(rule['defaultConfiguration'])?.['level']) ?? 'warning';
  if (own === 'unknown') return own;
  return overrides.of(rule, own, objectIn(provenance)?.['invocationIndex']);
}

/** A level in any letter case; `unknown` is any other word. */
export function levelIn(value: unknown): Level | 'unknown' | undefined {
  if (value === undefined) return undefined;
  return LEVELS.find((level) => level === textIn(value)?.toLowerCase()) ?? 'unknown';
}

/** `security-severity`, a CVSS score that code scanning tools write as text; bands as CVSS 3.1 section 5 has them. */
function severityIn({ properties }: Members): Severity | 'unknown' | undefined {
  const score = isObject(properties) ? properties['security-severity'] : undefined;
  if (score === undefined) return undefined;
  const points =
    typeof score === 'string' && /^\s*\d{1,2}(?:\.\d{1,9})?\s*$/.test(score) ? Number(score) : score;
  if (typeof points !== 'number' || !(points >= 0 && points <= 10)) return 'unknown';
  if (points >= 9) return 'critical';
  if (points >= 7) return 'high';
  if (points >= 4) return 'medium';
  return points > 0 ? 'low' : undefined;
}

function worstSeverity(
  a: Severity | 'unknown' | undefined,
  b: Severity | 'unknown' | undefined,
): Severity | undefined {
  const [first, second] = [known(a), known(b)];
  if (first === undefined || second === undefined) return first ?? second;
  return worst(SEVERITIES, first, second);
}

const known = (severity: Severity | 'unknown' | undefined): Severity | undefined =>
  severity === 'unknown' ? undefined : severity;

const worst = <T>(order: readonly T[], a: T, b: T): T => (order.indexOf(a) > order.indexOf(b) ? a : b);
