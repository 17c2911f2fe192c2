/** Why reading stops; never leaves the reader of JUnit. */
export class NotJUnit extends Error {
  override readonly name = 'NotJUnit';
}

/** What is known of a test case. */
export type Case = { failed: boolean; errored: boolean; skipped: boolean; unknown: boolean };

type Attributes = { readonly [name: string]: unknown };

/** Words of `status` (CTest, Behat, GoogleTest) and `result` (GoogleTest) by what they say of a case without a child that says it. */
const WORDS: ReadonlyMap<string, 'executed' | 'failed' | 'errored' | 'skipped'> = new Map([
  ...['run', 'completed', 'passed', 'pass', 'ok', 'success', 'successful'].map(
    (word) => [word, 'executed'] as const,
  ),
  ...['fail', 'failed', 'failure'].map((word) => [word, 'failed'] as const),
  ...['error', 'errored', 'broken'].map((word) => [word, 'errored'] as const),
  ...['notrun', 'skipped', 'skip', 'suppressed', 'disabled', 'ignored', 'pending'].map(
    (word) => [word, 'skipped'] as const,
  ),
]);

/** A case as its attributes have it; a word that no tool documents leaves it unknown. */
export function verdictOf({ status, result }: Attributes): Case {
  const said = { failed: false, errored: false, skipped: false, unknown: false };
  for (const word of [status, result]) {
    if (word === undefined || word === '') continue;
    const meaning = WORDS.get(String(word).toLowerCase());
    if (meaning === undefined) said.unknown = true;
    else if (meaning !== 'executed') said[meaning] = true;
  }
  return said;
}

/** The counts that a suite declares, of itself and all below it; what is absent declares nothing. */
export class Declaration {
  readonly tests: number;
  readonly failed: number;
  readonly errored: number;
  readonly skipped: number;

  constructor(attributes: Attributes) {
    this.tests = counted(attributes, 'tests');
    this.failed = counted(attributes, 'failures');
    this.errored = counted(attributes, 'errors');
    // GoogleTest and CTest count `disabled` beside `skipped`, Ant and Surefire have `skipped` alone.
    this.skipped = Math.max(counted(attributes, 'skipped'), counted(attributes, 'disabled'));
  }
}

/** `missing`: cases that were declared and are not there. */
type Tally = {
  total: number;
  failed: number;
  errored: number;
  skipped: number;
  unknown: number;
  missing: number;
};

/** Suites that are open, and the sum of those that are closed. */
export class Suites {
  readonly all = { ...nothing(), count: 0 };
  readonly #open: { readonly declared: Declaration; readonly found: Tally }[] = [];

  open(declared: Declaration, isSuite: boolean): void {
    if (isSuite) this.all.count += 1;
    this.#open.push({ declared, found: nothing() });
  }

  /** A verdict outside of cases: the suite broke. */
  broken(element: string): void {
    const suite = this.#open.at(-1);
    if (suite === undefined) return;
    if (element === 'error') suite.found.errored += 1;
    else if (element === 'failure') suite.found.failed += 1;
  }

  /** A case counts once, by the worst that is said of it. */
  count({ failed, errored, skipped, unknown }: Case): void {
    const found = this.#open.at(-1)?.found ?? this.all;
    found.total += 1;
    if (errored) found.errored += 1;
    else if (failed) found.failed += 1;
    else if (unknown) found.unknown += 1;
    else if (skipped) found.skipped += 1;
  }

  /** What a suite declares beyond what was counted below it counts too, and goes up with the rest. */
  close(): void {
    const suite = this.#open.pop();
    if (suite === undefined) return;
    const { declared, found } = suite;
    const above = this.#open.at(-1)?.found ?? this.all;
    above.total += found.total;
    above.failed += Math.max(found.failed, declared.failed);
    above.errored += Math.max(found.errored, declared.errored);
    above.skipped += Math.max(found.skipped, declared.skipped);
    above.unknown += found.unknown;
    above.missing += Math.max(found.missing, declared.tests - found.total);
  }
}

const nothing = (): Tally => ({ total: 0, failed: 0, errored: 0, skipped: 0, unknown: 0, missing: 0 });

/** A count attribute: a whole number, also as `1.0`; empty or absent is none. Refuses what is no number of tests. */
function counted(attributes: Attributes, name: string): number {
  const text = String(attributes[name] ?? '').trim();
  if (/^(?:\d{1,9}(?:\.\d{1,9})?)?$/.test(text)) return Math.ceil(Number(text));
  throw new NotJUnit(`the attribute ${name} is no count: ${text.slice(0, 40)}`);
}
