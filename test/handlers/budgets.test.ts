import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Engine, skipWithoutEngine, startEngine } from '../support/engine.ts';
import { tableStores } from '../support/replayed-table.ts';
import { everythingCosts } from './everything-costs.ts';
import { type Cost, type Operation, operationCosts } from './operation-costs.ts';

/** Sequential rounds, other services included, write units (1 KB) and read units (4 KB) that an operation may take. */
type Budget = { readonly rounds: number; readonly write: number; readonly read: number };

/**
 * What each operation may cost, over its whole handler with warm secrets. Raising a number is a decision. Two writes of each
 * that is recorded tell the log; a request has places in the lists of its subject and its requester, an approval in that of its approver, and one among what is to be
 * announced, which execution then finds there. A request into a slot without a head looks whether it was ever written, for half a unit and no round. Who
 * names the tenant in a header saves a round: its items are read beside the membership.
 */
const BUDGETS = {
  request: { rounds: 5, write: 16, read: 7.5 },
  'request, tenant not named': { rounds: 6, write: 16, read: 7.5 },
  approve: { rounds: 5, write: 8, read: 4 },
  execute: { rounds: 5, write: 6, read: 6 },
  'step Execute': { rounds: 5, write: 22, read: 11 },
  'deployment report': { rounds: 5, write: 13, read: 5 },
  'config edit': { rounds: 5, write: 9, read: 3.5 },
  'config request': { rounds: 5, write: 16, read: 6 },
  'config rollback': { rounds: 8, write: 16, read: 7.5 },
  'observation, new': { rounds: 6, write: 2, read: 5 },
  'observation, unchanged': { rounds: 4, write: 0, read: 5 },
  'flags, unchanged': { rounds: 1, write: 0, read: 1.5 },
  'flags of a key, unchanged': { rounds: 1, write: 0, read: 1 },
} satisfies { readonly [operation in Operation]: Budget };

/** Of one approved promotion with everything, on average; a third of the reads are those of the feeder, which looks at chains itself. */
const EVERYTHING = { write: 80, read: 86 };

describe.skipIf(skipWithoutEngine())('an operation, on the table, takes no more than its budget', () => {
  let engine: Engine;
  let costs: ReadonlyMap<string, Cost>;
  beforeAll(async () => {
    engine = await startEngine();
    costs = await operationCosts(engine, tableStores);
  });
  afterAll(() => engine?.stop());

  it.each(Object.entries(BUDGETS))('%s', (operation, budget) => {
    const { rounds: taken = [], write = 0, read = 0 } = costs.get(operation) ?? {};
    expect(taken.length).toBeGreaterThan(0);
    expect(taken.length, taken.join('\n')).toBeLessThanOrEqual(budget.rounds);
    expect({ write, read }).toEqual({
      write: Math.min(write, budget.write),
      read: Math.min(read, budget.read),
    });
  });
});

/** On a table of its own: the log is fed with what all tenants did. */
describe.skipIf(skipWithoutEngine())('alone on a table', () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await startEngine();
  });
  afterAll(() => engine?.stop());

  it('one promotion with rules, policies, mails, keys and its share of the log', async () => {
    const spent = [...(await everythingCosts(engine))];
    const sum = (units: 'write' | 'read') => spent.reduce((total, [, step]) => total + step[units], 0);
    expect(spent.filter(([, { write, read }]) => write + read === 0)).toEqual([]);
    expect(Math.round(sum('write')), JSON.stringify(spent)).toBeLessThanOrEqual(EVERYTHING.write);
    expect(Math.round(sum('read')), JSON.stringify(spent)).toBeLessThanOrEqual(EVERYTHING.read);
  });
});
