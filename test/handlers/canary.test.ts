import { beforeAll, describe, expect, it } from 'vitest';
import { approvalMessage } from '../../functions/adapters/slack/approval-message.ts';
import { noticeMessage } from '../../functions/adapters/slack/notice-message.ts';
import { noticesOf } from '../../functions/domain/notification/notice.ts';
import { liveEvent, promotionEvent } from '../../functions/domain/notification/promotion-event.ts';
import { announcements } from '../../functions/use-cases/engine/announce.ts';
import { ACME, CI, createWorld, type Name, type World } from './api-world.ts';
import { type Furniture, furnish } from './furniture.ts';
import { mailed, signedIn } from './links-world.ts';
import { operations } from './operations.ts';

/** Part of every sensitive value of these tests: it may be read where configuration is delivered, and nowhere else. */
const CANARY = 'canary-7f3a';
const STAGING = '/api/v1/config/environments/staging';
const PRODUCTION = '/api/v1/config/environments/production';
const PROMOTIONS = '/api/v1/config/promotions';

/** What delivers configuration, to machines and to people with the right. */
const DELIVERY = [
  'getConfig',
  'getFlag',
  'getConfigSnapshot',
  'explainFlag',
  'evaluateFlag',
  'evaluateFlags',
];
/** What answers the entry that its caller has just written, which the walk makes one that may be read. */
const READERS: readonly Name[] = ['dev', 'alice', 'viewer', 'admin'];

let world: World;
let there: Furniture;
/** The promotions that changed sensitive values, and what was told of them. */
let ids: readonly string[];

const values = (what: string) => [
  { kind: 'config', key: 'db.password', value: `${CANARY} ${what}`, sensitive: true },
  { kind: 'config', key: 'db.options', value: { url: [`${CANARY} ${what}`] }, sensitive: true },
  { kind: 'config', key: 'long', value: `${what} ${'x'.repeat(5_000)}${CANARY}`, sensitive: true },
  {
    ...{ kind: 'flag', key: 'pay', enabled: true, defaultVariant: 'on', sensitive: true },
    variants: { on: `${CANARY} ${what}` },
    targeting: { rules: [{ when: { field: 'user', op: 'eq', value: CANARY }, variant: 'on' }] },
  },
];

beforeAll(async () => {
  world = await createWorld();
  there = await furnish(world);
  const [dev, admin, alice] = [world.as('dev'), world.as('admin'), world.as('alice')];
  const must = async (answer: ReturnType<typeof dev>) => {
    const { status, body } = await answer;
    if (status >= 300) throw new Error(`${status} ${JSON.stringify(body)}`);
    return body;
  };
  await must(dev('POST', `${STAGING}/batch`, { put: values('new') }));
  // One of them is not marked in production yet: the other side marks it.
  const [first, ...others] = values('old').map(({ sensitive: _, ...entry }) => entry);
  await must(admin('POST', `${PRODUCTION}/batch`, { put: [first, ...values('old').slice(1)], reason: 'r' }));
  expect(others).not.toEqual([]);
  const home = `/api/v1/config/environments/${there.environment}`;
  const setting = { value: CANARY, sensitive: true };
  await must(dev('PUT', `${home}/configs/setting`, setting));
  const flag = { enabled: true, variants: { on: CANARY }, defaultVariant: 'on', sensitive: true };
  await must(dev('PUT', `${home}/flags/setting`, flag));
  const ask = { targetEnvironment: 'production', promotionType: 'PATTERN', keyPatterns: ['*'] };
  const { id } = await must(dev('POST', PROMOTIONS, ask));
  await must(alice('POST', `${PROMOTIONS}/${id}/approve`));
  await must(dev('POST', `${PROMOTIONS}/${id}/execute`));
  await world.run(id);
  const back = { reason: 'r', acknowledgeRisk: true };
  const rollback = await must(dev('POST', `${PROMOTIONS}/${id}/rollback`, back));
  ids = [id, rollback.id];
});

const textOf = (answer: { readonly body: unknown; readonly headers: unknown }) =>
  JSON.stringify([answer.body, answer.headers]);

describe('a sensitive value is read where configuration is delivered, and nowhere else:', () => {
  it('machines and people with the right are delivered it', async () => {
    const machine = (method: string, path: string, body?: unknown) =>
      world.send({ method, path, signer: CI, ...(body === undefined ? {} : { body }) });
    const ofrep = '/ofrep/v1/evaluate/flags';
    for (const ask of [machine, world.as('admin')]) {
      for (const [method, path] of [
        ['GET', `${STAGING}/configs/db.password`],
        ['GET', `${STAGING}/configs/long`],
        ['GET', `${STAGING}/flags/pay`],
        ['GET', `${STAGING}/snapshot`],
        ['POST', `${STAGING}/flags/pay/evaluate`],
        ['POST', `${ofrep}/pay?environment=staging`],
        ['POST', `${ofrep}?environment=staging`],
      ] as const) {
        const answer = await ask(method, path, method === 'POST' ? { context: {} } : undefined);
        expect(textOf(answer), path).toContain(CANARY);
      }
    }
  });

  it('OFREP answers an error in its place to people without the right', async () => {
    const path = '/ofrep/v1/evaluate/flags';
    const one = await world.as('dev')('POST', `${path}/pay?environment=staging`, { context: {} });
    expect(one).toMatchObject({ status: 400, body: { key: 'pay', errorCode: 'GENERAL' } });
    const all = await world.as('dev')('POST', `${path}?environment=staging`, { context: {} });
    expect(all.body.flags).toContainEqual(expect.objectContaining({ key: 'pay', errorCode: 'GENERAL' }));
    expect(textOf(all)).not.toContain(CANARY);
    const explained = await world.as('dev')('POST', `${STAGING}/flags/pay/evaluate`, { context: {} });
    expect(explained).toMatchObject({ status: 200, body: { outcome: 'withheld', rules: [] } });
    expect(textOf(explained)).not.toContain(CANARY);
  });

  it('no operation answers it, and no log line holds it', async () => {
    const calls = [...operations(there), ...ids.flatMap(everyReadOf)].filter(
      ({ action }) => action !== 'none',
    );
    // What only reads comes first: it meets the values before anything is overwritten.
    const inOrder = [...calls].sort(
      (a, b) => Number(a.endpoint.method !== 'GET') - Number(b.endpoint.method !== 'GET'),
    );
    const leaks: string[] = [];
    let answered = 0;
    for (const { endpoint, path, ...call } of inOrder) {
      for (const name of READERS) {
        if (name === 'admin' && DELIVERY.includes(endpoint.operation)) continue;
        const answer = await world.as(name)(endpoint.method, path, 'body' in call ? call.body : undefined);
        if (answer.status < 300) answered += 1;
        if (textOf(answer).includes(CANARY)) leaks.push(`${endpoint.operation} to ${name}`);
      }
    }
    expect(leaks).toEqual([]);
    expect(answered).toBeGreaterThan(100);
    expect(JSON.stringify(world.log.lines)).not.toContain(CANARY);
    expect(JSON.stringify(world.asked)).not.toContain(CANARY);
  });

  it('the changes and the impact of its promotions show its fingerprint', async () => {
    for (const id of ids) {
      for (const path of [`${PROMOTIONS}/${id}/changes`, `/api/v1/promotions/${id}/changes`]) {
        const text = textOf(await world.as('admin')('GET', path));
        expect(text).toContain('sluice-hmac-sha256:');
        expect(text).not.toContain(CANARY);
      }
    }
  });

  it('a refused write does not repeat it', async () => {
    const dev = world.as('dev');
    const answers = [
      await dev('PUT', `${STAGING}/configs/.bad`, { value: CANARY, sensitive: true }),
      await dev('PUT', `${STAGING}/configs/db.password`, { value: CANARY, sensitive: CANARY }),
      await dev('PUT', `${STAGING}/configs/db.password`, { value: CANARY.repeat(10_000), sensitive: true }),
      await dev('POST', `${STAGING}/import`, { format: 'yaml', text: `a: [${CANARY}` }),
      await dev('POST', `${STAGING}/import`, { format: 'env', text: `A="${CANARY}` }),
      await world.as('viewer')('PUT', `${STAGING}/configs/db.password`, { value: CANARY, sensitive: true }),
    ];
    expect(answers.map(({ status }) => status < 400)).not.toContain(true);
    expect(JSON.stringify(answers.map(({ body }) => body))).not.toContain(CANARY);
    expect(JSON.stringify(world.log.lines)).not.toContain(CANARY);
  });

  it('no mail, page, Slack message, webhook body or event holds it', async () => {
    for (const id of ids) {
      const stored = await world.deps.promotions.read(ACME, id);
      if (stored === undefined) throw new Error(id);
      const { state } = stored;
      const { mail, link } = await mailed(world, id, 'alice', true);
      const alice = await signedIn(world, 'alice');
      const events = await world.deps.promotions.events(ACME, id);
      const told = noticesOf(events, state).flatMap((notice) => [
        noticeMessage(notice),
        promotionEvent(state, notice.event),
        liveEvent(state, notice.event),
      ]);
      const texts = [
        ...[mail.subject, mail.text, mail.html, (await alice.get(link)).body],
        ...[approvalMessage(state, 'chan-1'), told, announcements(state, events), events, state],
      ];
      for (const text of texts) expect(JSON.stringify(text)).not.toContain(CANARY);
      if (state.status === 'pending') expect(mail.text).toContain('db.password');
    }
  });
});

/** Every reading of one promotion at both of its addresses. */
function everyReadOf(id: string) {
  return operations({ ...there, promotion: id, configPromotion: id }).filter(
    ({ endpoint, path }) => endpoint.method === 'GET' && path.includes(id),
  );
}
