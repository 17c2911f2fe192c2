import { beforeAll, describe, expect, it } from 'vitest';
import { ACME, createWorld, type World } from './api-world.ts';
import type { Answer } from './event.ts';
import { narrow } from './narrow.ts';

const POLICIES = '/api/v1/approval-policies';
const WHAT_IF = `${POLICIES}/what-if`;
const day = (number: number, hour = 9) => new Date(Date.UTC(2026, 10, 21 + number, hour)).toISOString();

let world: World;
const as =
  (name: Parameters<World['as']>[0]) =>
  (...call: Parameters<ReturnType<World['as']>>) =>
    world.as(name)(...call);
const [dev, admin, alice, bob] = [as('dev'), as('admin'), as('alice'), as('bob')];

async function must(answer: Promise<Answer>): Promise<Answer['body']> {
  const { status, body } = await answer;
  if (status >= 300) throw new Error(`${status} ${JSON.stringify(body)}`);
  return body;
}

/** Promotes a deployment of its own to production and executes it. */
async function promoted(
  name: string,
  { by = [alice], comment, tests }: { by?: (typeof alice)[]; comment?: string; tests?: number } = {},
): Promise<string> {
  const deployment = await must(
    dev('POST', '/api/v1/deployments', {
      id: `dep-${name}`,
      agent_id: name,
      gateway_id: 'gw-stg',
      environment: 'staging',
    }),
  );
  if (tests !== undefined) {
    const document = { result: tests === 0 ? 'pass' : 'fail', facts: { failed: tests } };
    await must(
      dev('POST', '/api/v1/evidence', {
        gate: 'smoke',
        format: 'json',
        subject_digest: deployment.content_digest,
        produced_at: day(-11),
        document,
      }),
    );
  }
  const { id } = await must(
    dev('POST', '/api/v1/promotions', {
      agent_id: name,
      source_deployment_id: `dep-${name}`,
      target_gateway_id: 'gw-prod',
      target_environment: 'production',
    }),
  );
  for (const approve of by) {
    await must(approve('POST', `/api/v1/promotions/${id}/approve`, comment === undefined ? {} : { comment }));
  }
  await must(dev('POST', `/api/v1/promotions/${id}/execute`));
  await world.run(id);
  return name;
}

const refusedBy = async (body: object, path = WHAT_IF, query = '') => {
  const found = await must(dev('POST', `${path}${query}`, body));
  return {
    ...found,
    names: found.items.map(({ name }: { name: string }) => name).sort(),
    reasons: new Set(found.items.flatMap(({ reason_codes }: { reason_codes: string[] }) => reason_codes)),
  };
};
const production = { name: 'proposed', environments: ['production'] };
const ALL = ['early', 'one', 'silent', 'spoken', 'tested', 'two'];
let active: { id: string };

beforeAll(async () => {
  world = await createWorld();
  await must(admin('POST', '/api/v1/gateways', { id: 'gw-prod', environment: 'production' }));
  active = await must(admin('POST', POLICIES, { ...production, name: 'active', required_approvers: 2 }));
  const both = { by: [alice, bob], comment: 'fine' };
  world.at(day(-120));
  await promoted('ancient', both);
  world.at(day(-10));
  await promoted('two', both);
  await promoted('tested', { ...both, tests: 0 });
  await must(admin('PATCH', `${POLICIES}/${active.id}`, { required_approvers: 1, reason: 'a test' }));
  world.at(day(1));
  await promoted('early');
  await promoted('one', { comment: 'fine' });
  await promoted('silent');
  await promoted('spoken', { comment: 'looked at it' });
  // Never executed: nothing was let through.
  await must(
    dev('POST', '/api/v1/deployments', {
      id: 'dep-open',
      agent_id: 'open',
      gateway_id: 'gw-stg',
      environment: 'staging',
    }),
  );
  await must(
    dev('POST', '/api/v1/promotions', {
      agent_id: 'open',
      source_deployment_id: 'dep-open',
      target_gateway_id: 'gw-prod',
      target_environment: 'production',
    }),
  );
  world.at(day(3));
});

describe('what if', () => {
  it('the active policies and environments held: nothing changes', async () => {
    const { id, ...stored } = await must(admin('GET', `${POLICIES}/${active.id}`));
    const { name, environments, required_approvers, groups, separation_of_duties } = stored;
    const { expires_after, require_comment } = stored;
    const same = {
      name,
      environments,
      required_approvers,
      groups,
      separation_of_duties,
      expires_after,
      require_comment,
    };
    for (const body of [same, { ...same, replaces: id }]) {
      expect(await refusedBy(body)).toMatchObject({
        replayed: ALL.length,
        already_refused: 0,
        items: [],
        next_cursor: null,
      });
    }
    for (const environment of ['production', 'prod', 'staging']) {
      expect(await refusedBy({}, `/api/v1/environments/${environment}/what-if`)).toMatchObject({ items: [] });
    }
    const { gates } = await must(admin('GET', '/api/v1/environments/production'));
    expect(
      await refusedBy({ gates, protected: true }, '/api/v1/environments/production/what-if'),
    ).toMatchObject({
      replayed: ALL.length,
      items: [],
    });
  });

  /** Ten changes, each with the promotions that it would have refused, told beforehand. */
  const CHANGES: readonly (readonly [string, object, readonly string[], readonly string[]])[] = [
    [
      'a second approver',
      { required_approvers: 2 },
      ['early', 'one', 'silent', 'spoken'],
      ['approval_required'],
    ],
    ['three approvers', { required_approvers: 3 }, ALL, ['approval_required']],
    ['a comment', { require_comment: true }, ['early', 'silent'], ['approval_required']],
    [
      'a comment from two',
      { require_comment: true, required_approvers: 2 },
      ['early', 'one', 'silent', 'spoken'],
      ['approval_required'],
    ],
    ['a group that nobody was in', { groups: [{ group: 'security', min: 1 }] }, ALL, ['approval_required']],
    ['a shorter expiry than nothing took', { expires_after: 'PT1M' }, [], []],
    ['another environment', { environments: ['staging'], required_approvers: 3 }, [], []],
    [
      'an author who may not approve',
      { separation_of_duties: { author: true } },
      ALL,
      ['separation_unknown'],
    ],
  ];
  it.each(CHANGES)('%s were asked for', async (_, change, predicted, reasons) => {
    const found = await refusedBy({ ...production, ...change });
    expect(found.names).toEqual(predicted);
    expect([...found.reasons]).toEqual(reasons);
    const outcome = reasons.includes('separation_unknown') ? 'undecided' : 'refused';
    for (const item of found.items) expect(item).toMatchObject({ outcome, target_environment: 'production' });
  });

  it('a gate of reports were added, by the reports of then', async () => {
    const path = '/api/v1/environments/production/what-if';
    const smoke = { name: 'smoke', mode: 'block', applies_to: ['agent'], producers: ['dev'] };
    const found = await refusedBy({ gates: [smoke] }, path);
    // Its report is found, and meets no threshold; nobody reported on the others.
    for (const { name, outcome, reason_codes } of found.items) {
      expect(outcome).toBe('refused');
      expect(reason_codes).toEqual([name === 'tested' ? 'thresholds_not_met' : 'evidence_missing']);
    }
    expect(found.names).toEqual(ALL);
    const advising = await refusedBy({ gates: [{ ...smoke, mode: 'warn' }] }, path);
    expect(advising.items).toEqual([]);
  });

  it('a provider were asked that nobody asked then: undecided', async () => {
    const gates = [
      {
        name: 'change-board',
        mode: 'block',
        applies_to: ['agent'],
        provider: { type: 'http', url: 'https://board.acme.com/', secret_ref: 'sluice/acme/gate/board' },
      },
    ];
    const found = await refusedBy({ gates }, '/api/v1/environments/production/what-if');
    expect(found.names).toEqual(ALL);
    expect(new Set(found.items.map(({ outcome }: { outcome: string }) => outcome))).toEqual(
      new Set(['undecided']),
    );
  });

  it('goes through 90 days page by page, and writes nothing', async () => {
    const names: string[] = [];
    let query = '?limit=2';
    for (let more = true; more; ) {
      const found = await refusedBy({ ...production, required_approvers: 3 }, WHAT_IF, query);
      expect(found.replayed).toBeLessThanOrEqual(2);
      names.push(...found.names);
      more = found.next_cursor !== null;
      query = `?limit=2&cursor=${encodeURIComponent(found.next_cursor)}`;
    }
    expect(names.sort()).toEqual(ALL);
    expect((await must(admin('GET', POLICIES))).items).toHaveLength(1);
    const other = await dev('POST', `${WHAT_IF}${query.replace('null', 'AAAA')}`, production);
    expect(other.status).toBe(400);
  });

  it('tells of no promotion to an environment that the caller may not read', async () => {
    for (const [environment, seen] of [
      ['staging', []],
      ['production', ALL],
    ] as const) {
      const theirs = await narrow(world, 'viewer', environment);
      const [strict, gates] = [{ ...production, required_approvers: 3 }, [{ name: 'never' }]];
      for (const [path, body] of [
        [WHAT_IF, strict],
        ['/api/v1/environments/production/what-if', { gates }],
      ] as const) {
        const { items, replayed } = await must(theirs('POST', path, body));
        expect(items.map(({ name }: { name: string }) => name).sort()).toEqual(seen);
        expect(replayed).toBe(seen.length);
      }
    }
  });

  it('is refused on garbage, hidden from another tenant and from who may read nothing', async () => {
    for (const body of [
      {},
      { ...production, environments: [] },
      { ...production, required_approvers: -1 },
      { ...production, more: 1 },
    ]) {
      expect((await dev('POST', WHAT_IF, body)).status, JSON.stringify(body)).toBe(400);
    }
    expect(await dev('POST', WHAT_IF, { ...production, environments: ['qa'] })).toMatchObject({
      status: 404,
    });
    expect(await dev('POST', WHAT_IF, { ...production, replaces: 'pol-9' })).toMatchObject({ status: 404 });
    expect((await dev('POST', '/api/v1/environments/qa/what-if', {})).status).toBe(404);
    expect(
      (await dev('POST', '/api/v1/environments/staging/what-if', { gates: [{ name: 'x', mode: 'maybe' }] }))
        .status,
    ).toBe(400);
    expect(await as('nobody')('POST', WHAT_IF, production)).toMatchObject({ status: 403 });
    const theirs = await must(as('carol')('POST', WHAT_IF, { ...production, required_approvers: 3 }));
    expect(theirs).toMatchObject({ replayed: 0, items: [] });
    expect((await world.deps.promotions.list(ACME, {}, { limit: 50 })).items.length).toBeGreaterThan(
      ALL.length,
    );
  });
});
