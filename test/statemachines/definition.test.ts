import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { FAULTS } from '../../functions/domain/faults.ts';
import { FUNCTIONS } from '../../infra/functions.ts';

type State = {
  readonly Type: string;
  readonly Retry?: readonly {
    readonly ErrorEquals: readonly string[];
    readonly JitterStrategy?: string;
    readonly MaxAttempts?: number;
    readonly MaxDelaySeconds?: number;
  }[];
  readonly Catch?: readonly { readonly ErrorEquals: readonly string[]; readonly Next: string }[];
  readonly TimeoutSeconds?: number;
};
type Validate = (definition: object) => { isValid: boolean; errorsText(separator: string): string };

const validate: Validate = createRequire(import.meta.url)('asl-validator');
const source = readFileSync(new URL('../../statemachines/promotion.asl.json', import.meta.url), 'utf8');
const states: [string, State][] = Object.entries(JSON.parse(source).States);
const tasks = states.filter(([, { Type }]) => Type === 'Task');

/** Names without a dot are ours; `States.…`, `Lambda.…` and `Sandbox.…` are the platform's. */
const ours = (names: readonly string[]) => names.filter((name) => !name.includes('.'));

describe('promotion.asl.json', () => {
  it('is valid Amazon States Language once its functions are filled in', () => {
    const filled = source.replace(/\$\{\w+\}/g, 'arn:aws:lambda:us-east-1:123456789012:function:step');
    const result = validate(JSON.parse(filled));
    expect(result.errorsText('\n')).toBe('');
    expect(result.isValid).toBe(true);
  });

  it('has one function per Task state, and every placeholder a function', () => {
    const placeholders = new Set([...source.matchAll(/\$\{(\w+)\}/g)].map(([, name]) => name));
    const functions = FUNCTIONS.flatMap(({ trigger }) =>
      trigger.type === 'state' ? [trigger.substitution] : [],
    );
    expect([...placeholders].sort()).toEqual([...functions].sort());
    expect(tasks.map(([name]) => `${name}Arn`).sort()).toEqual([...functions].sort());
  });

  it('knows exactly the faults that the code can throw', () => {
    const named = new Set(
      tasks.flatMap(([, { Retry = [], Catch = [] }]) =>
        ours([...Retry, ...Catch].flatMap(({ ErrorEquals }) => ErrorEquals)),
      ),
    );
    expect([...named].sort()).toEqual(Object.keys(FAULTS).sort());
  });

  it('retries exactly the faults that a retry can help, never all, and with jitter', () => {
    const transient = Object.entries(FAULTS).flatMap(([name, { retry }]) => (retry ? [name] : []));
    for (const [name, { Retry = [] }] of tasks) {
      const retried = Retry.flatMap(({ ErrorEquals }) => ErrorEquals);
      expect(ours(retried).sort(), name).toEqual(transient.sort());
      expect(retried, name).not.toContain('States.ALL');
      expect(retried, name).not.toContain('States.TaskFailed');
      expect(
        Retry.every(({ JitterStrategy }) => JitterStrategy === 'FULL'),
        name,
      ).toBe(true);
    }
  });

  it('waits for weeks where the code does not read the format of the table, within the history of an execution', () => {
    for (const [name, { Retry = [] }] of tasks) {
      const [waits] = Retry.filter(({ ErrorEquals }) => ErrorEquals.includes('FormatUnsupported'));
      const { MaxAttempts = 0, MaxDelaySeconds = 0 } = waits ?? {};
      // Full jitter: half of the longest pause on average.
      expect((MaxAttempts * MaxDelaySeconds) / 2 / 86_400, name).toBeGreaterThan(10);
      // A try writes up to five events into the history, which may have 25,000.
      expect(MaxAttempts * 5, name).toBeLessThanOrEqual(10_000);
    }
  });

  it('settles every fault but those that ask for a new assessment', () => {
    for (const [name, { Catch = [] }] of tasks) {
      if (name === 'Settle') continue;
      expect(Catch.at(-1), name).toMatchObject({ ErrorEquals: ['States.ALL'], Next: 'Settle' });
    }
    for (const name of ['Execute', 'ExecuteAndWait']) {
      const state = Object.fromEntries(states)[name];
      expect(state?.Catch?.[0]).toMatchObject({ ErrorEquals: ['SealBroken', 'TargetMoved'], Next: 'Assess' });
    }
  });

  it('lets no step wait for ever', () => {
    for (const [name, { TimeoutSeconds }] of tasks) expect(TimeoutSeconds, name).toBeGreaterThan(0);
  });
});
