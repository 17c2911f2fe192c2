import { beforeAll, describe, expect, it } from 'vitest';
import { ACME, createWorld } from '../handlers/api-world.ts';
import { exportedOf } from '../support/export-completed.ts';
import { change, environment } from './forge.ts';
import { FORGED_PEOPLE } from './forged-people.ts';
import { FORGED_PROMOTIONS } from './forged-promotions.ts';
import {
  eventIn,
  eventsIn,
  type Item,
  itemsOf,
  judged,
  rowsOfThePage,
  skipWithoutPython,
  withJudge,
} from './record.ts';

const PROMOTIONS = '/api/v1/promotions';
const FORGED = [...FORGED_PROMOTIONS, ...FORGED_PEOPLE];

let lines: readonly string[];
beforeAll(async () => {
  const world = await createWorld();
  for (const environment of ['staging', 'production']) {
    await world.as('admin')('POST', '/api/v1/gateways', { id: `gw-${environment}`, environment });
  }
  const deployed = { id: 'dep-1', agent_id: 'agent-1', gateway_id: 'gw-staging', environment: 'staging' };
  await world.as('dev')('POST', '/api/v1/deployments', deployed);
  await world.as('dev')('POST', PROMOTIONS, {
    agent_id: 'agent-1',
    source_deployment_id: 'dep-1',
    target_gateway_id: 'gw-production',
    target_environment: 'production',
  });
  await world.as('alice')('POST', `${PROMOTIONS}/prom-0001/approve`);
  await world.as('dev')('POST', `${PROMOTIONS}/prom-0001/execute`);
  await world.run('prom-0001');
  lines = await exportedOf(world.deps, ACME);
});

describe.skipIf(skipWithoutPython())('the judge', () => {
  it('calls what the product records legitimate', () => {
    const { code, of } = judged({ whole: itemsOf(lines) });
    expect(of('whole')).toBe('promotion/prom-0001 legitimate');
    expect(code).toBe(0);
  });

  it('finds each row in a record in which it is broken, and says why', () => {
    const exports = FORGED.map(([name, , forge]): [string, Item[]] => {
      const items = itemsOf(lines);
      forge(items);
      return [name.replaceAll(' ', '_'), items];
    });
    const { code, of, out } = judged(Object.fromEntries(exports));
    for (const [name, why] of FORGED) {
      const said = of(name.replaceAll(' ', '_'));
      expect(said, `${name}: ${said || out.slice(-2_000)}`).toMatch(/illegitimate/);
      expect(said, name).toMatch(why);
    }
    expect(code).toBe(16);
    const rows = rowsOfThePage().map(([row]) => row);
    // J10 is judged once the destination is in the seal.
    const shown = new Set(FORGED.map(([name]) => name.split(' ')[0]));
    expect(rows.filter((row) => row !== undefined && !shown.has(row))).toEqual(['J10']);
  });

  it('says which fact is missing, and accepts that of before a date', () => {
    const old = itemsOf(lines);
    delete eventsIn(old)[0].event.rules;
    const stranger = itemsOf(lines);
    eventIn(stranger, 'ApprovalGranted').event.approval.actor = { subject: 'who', email: '', kind: 'person' };
    const { code, of } = judged({ old, stranger });
    expect(of('old')).toMatch(/not judged: .*fact 2: why it was executed/);
    expect(of('stranger')).toMatch(/not judged: .*who who is \(members\)/);
    expect(code).toBe(17);
    expect(judged({ old }, '--allow-not-judged-before', '2026-11-22').code).toBe(0);
    expect(judged({ old }, '--allow-not-judged-before', '2026-11-21').code).toBe(17);
  });

  it('tries both orders of equal instants where no guard tells, and calls neither illegitimate', () => {
    const items = itemsOf(lines);
    for (const event of eventsIn(items)) delete event.guard;
    delete eventsIn(items)[0].event.rules;
    change(
      items,
      'environment',
      'production',
      { after: { ...environment(items), lock: { reason: 'x' } } },
      { guards: undefined },
    );
    expect(judged({ items }).of('items')).toMatch(/not judged: .*fact 1/);
  });

  it('reads no export that is none', () => {
    const { code, out } = judged({ broken: ['{"chain": "changes", "change": {}}'] });
    expect(code).toBe(2);
    expect(out).toContain('cannot be read as an export');
  });

  it('cites rows of docs/legitimacy.md alone, and does not load a rule without one', () => {
    const known = JSON.parse(withJudge('import json; print(json.dumps(judge.ROWS))'));
    expect(known).toEqual(Object.fromEntries(rowsOfThePage().map(([row, name]) => [row, name])));
    for (const [row, , wrong, example] of rowsOfThePage())
      expect(`${wrong}${example}`.length, row).toBeGreaterThan(20);
    expect(() => withJudge('judge.rule("J99")(lambda it: [])')).toThrow(/no row of docs\/legitimacy.md/);
  });
});
