import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { Fault } from '../../functions/domain/faults.ts';
import type { GateProviders } from '../../functions/ports/gate-providers.ts';
import type { Write } from '../../functions/ports/transaction.ts';
import { dispatchOutbox } from '../../functions/use-cases/engine/dispatch-outbox.ts';
import { assess } from '../../functions/use-cases/workflow/assess.ts';
import { ACME, type World } from './api-world.ts';
import {
  answering,
  asking,
  assessed,
  driven,
  KEY,
  listener,
  listening,
  PASSES,
  provider,
  providers,
  SECRET,
  says,
  shown,
} from './providers-world.ts';

listening();

const FAILS = says({ status: 'FAILED', reason_code: 'too_slow' });
const answersOf = ({ deps }: World, id: string) => deps.evidence.answers(ACME, id);

/** Providers that are asked only after something else has happened. */
const having = (act: () => Promise<unknown>): GateProviders => ({
  async ask(question) {
    await act();
    return providers.ask(question);
  },
});

/** Asks over and over until the workflow would wait or go on. */
async function stepped(world: World, id: string, by: GateProviders): Promise<string> {
  const { next } = await assess({ ...world.deps, providers: by }, { tenant: ACME, id });
  return next === 'assess' ? await assessed(world, id) : next;
}

/** The world's dependencies, in which the first commit with a write of this kind is never answered. */
function crashing({ deps }: World, kind: Write['write']) {
  let crashed = false;
  const commit: typeof deps.transactions.commit = async (tenant, writes) => {
    if (!crashed && writes.some(({ write }) => write === kind)) {
      crashed = true;
      throw new Error('killed');
    }
    return deps.transactions.commit(tenant, writes);
  };
  return { ...deps, providers, transactions: { commit } };
}

describe('the question to a provider', () => {
  it('is signed over its id, its time and its body, and says what it is about', async () => {
    const { world, id, subject, path } = await asking({});
    await assessed(world, id);
    const [question] = listener.received;
    const { headers, body = '' } = question ?? {};
    const signed = `${headers?.['webhook-id']}.${headers?.['webhook-timestamp']}.${body}`;
    const signature = createHmac('sha256', KEY).update(signed).digest('base64');
    expect(headers).toMatchObject({
      'webhook-id': `${id}.tests.1`,
      'idempotency-key': `${id}.tests.1`,
      'webhook-timestamp': String(Date.parse('2026-11-21T09:00:00.000Z') / 1000),
      'webhook-signature': `v1,${signature}`,
    });
    const { manifest, manifest_digest } = (await world.as('dev')('GET', `${path}/manifest`)).body;
    expect(JSON.parse(body)).toEqual({
      organization_id: ACME,
      promotion_id: id,
      gate: 'tests',
      subject_digest: subject,
      manifest_digest,
      manifest,
    });
    expect(JSON.stringify([question, await answersOf(world, id), world.log])).not.toContain(SECRET);
  });

  it('is asked of all providers at once', async () => {
    const { world, id, path } = await asking({});
    const gates = ['a', 'b', 'c'].map((name) => ({ name, applies_to: ['agent'], provider: provider() }));
    await world.as('admin')('PATCH', '/api/v1/environments/staging', { gates, reason: 'other gates' });
    let [asked, most] = [0, 0];
    const counting: GateProviders = {
      async ask(question) {
        asked += 1;
        most = Math.max(most, asked);
        const reply = await providers.ask(question);
        asked -= 1;
        return reply;
      },
    };
    expect(await stepped(world, id, counting)).toBe('execute');
    expect(most).toBe(3);
    expect((await shown(world, path)).gates).toHaveLength(4);
  });

  it('is asked again under the same id after a crash before its answer was stored, and only then', async () => {
    const { world, id } = await asking({});
    const ref = { tenant: ACME, id };
    await expect(assess(crashing(world, 'provider_answer'), ref)).rejects.toThrow('killed');
    await expect(assess(crashing(world, 'promotion'), ref)).rejects.toThrow('killed');
    expect(listener.received.map(({ headers }) => headers['webhook-id'])).toEqual([
      `${id}.tests.1`,
      `${id}.tests.1`,
    ]);
    expect(await assessed(world, id)).toBe('execute');
    expect(listener.received).toHaveLength(2);
  });

  it('has one answer when two steps ask it at once', async () => {
    const { world, id, path } = await asking({});
    await Promise.all([assessed(world, id), assessed(world, id)]);
    expect(await answersOf(world, id)).toHaveLength(1);
    expect(await shown(world, path)).toMatchObject({ status: 'approved' });
  });

  it('fails the step, under the name by which it is repeated, when the secret cannot be read now', async () => {
    const { world, id, path } = await asking({});
    const busy: GateProviders = { ask: () => Promise.reject(new Fault('Throttled', 'slower')) };
    await expect(stepped(world, id, busy)).rejects.toMatchObject({ name: 'Throttled' });
    expect(await shown(world, path)).toMatchObject({ gates: [{}, { reason_code: 'provider_not_asked' }] });
  });
});

describe('the answer of a provider', () => {
  it('about a manifest that changed meanwhile counts for nothing: the new one is asked about', async () => {
    const { world, id, path } = await asking({});
    const { manifest_digest: before } = (await world.as('dev')('GET', `${path}/manifest`)).body;
    const gate = { name: 'tests', applies_to: ['agent'], provider: provider() };
    const changed = having(() =>
      world.as('admin')('PATCH', '/api/v1/environments/staging', {
        gates: [gate, { name: 'soak', mode: 'warn' }],
        reason: 'other gates',
      }),
    );
    const { next } = await assess({ ...world.deps, providers: changed }, { tenant: ACME, id });
    expect(next).toBe('assess');
    expect((await shown(world, path)).gates[1]).toMatchObject({ reason_code: 'provider_not_asked' });
    expect(await assessed(world, id)).toBe('execute');
    const asked = listener.received.map(({ body }) => JSON.parse(body).manifest_digest);
    expect(asked).toEqual([before, (await shown(world, path)).manifest_digest]);
    expect(new Set(asked).size).toBe(2);
  });

  it('and a report that arrives while it is asked both count', async () => {
    const { world, id, path } = await asking({});
    const gates = [
      { name: 'outside', applies_to: ['agent'], provider: provider() },
      { name: 'tests', applies_to: ['agent'] },
    ];
    await world.as('admin')('PATCH', '/api/v1/environments/staging', { gates, reason: 'other gates' });
    const report = { gate: 'tests', format: 'json', document: { passed: true } };
    await stepped(
      world,
      id,
      having(() => world.as('dev')('POST', `${path}/evidence`, report)),
    );
    expect(await shown(world, path)).toMatchObject({
      status: 'approved',
      gates: [{}, { name: 'outside', status: 'PASSED' }, { name: 'tests', status: 'PASSED' }],
    });
  });

  it('and an approval given while it is asked both count', async () => {
    const { world, id, path } = await asking({});
    const rule = { name: 'r', source_environment: 'development', target_environment: 'staging' };
    await world.as('admin')('POST', '/api/v1/promotions/rules', {
      ...rule,
      requires_approval: true,
      conditions: null,
    });
    const approval = having(async () => {
      const { status } = await world.as('alice')('POST', `${path}/approve`);
      expect(status).toBe(200);
    });
    await stepped(world, id, approval);
    expect(await shown(world, path)).toMatchObject({ status: 'approved', approvals: [{}] });
  });

  it('is no longer good past the age that the gate allows, and is asked for again', async () => {
    const { world, id, path } = await asking({ max_age: 'PT1H' });
    expect(await assessed(world, id)).toBe('execute');
    world.at('2026-11-21T11:00:00.000Z');
    await world.run(id).catch(() => undefined);
    expect(await shown(world, path)).toMatchObject({
      status: 'blocked',
      reason_code: 'provider_answer_too_old',
    });
    expect(await assessed(world, id)).toBe('execute');
    expect(listener.received).toHaveLength(2);
  });

  it('cannot be given by anybody else', async () => {
    const { world, path, subject, created } = await asking({});
    const { manifest_digest, id } = created;
    const word = { promotion_id: id, manifest_digest, status: 'PASSED', reason_code: 'ok' };
    const report = {
      gate: 'tests',
      format: 'json',
      subject_digest: subject,
      document: { passed: true, word },
    };
    expect(await world.as('dev')('POST', `${path}/evidence`, report)).toMatchObject({ status: 201 });
    expect(await shown(world, path)).toMatchObject({ status: 'blocked', reason_code: 'provider_not_asked' });
    const posed = { ...report, format: 'provider' };
    expect(await world.as('dev')('POST', `${path}/evidence`, posed)).toMatchObject({ status: 400 });
  });

  it('is shown with the evidence of the promotion', async () => {
    const set = await asking({});
    await driven(set);
    const { items } = (await set.world.as('viewer')('GET', `${set.path}/evidence`)).body;
    expect(items).toMatchObject([{ gate: 'tests', format: 'provider', result: { score: 7, passed: true } }]);
    const query = `digest=${items[0].document_digest}`;
    const document = await set.world.as('viewer')('GET', `/api/v1/evidence/document?${query}`);
    expect(JSON.parse(document.body.document)).toEqual({ status: 'PASSED', evidence: { score: 7 } });
  });
});

describe('validate', () => {
  it('has a provider asked again that did not pass it, by the workflow', async () => {
    answering(FAILS);
    const { world, id, path } = await asking({});
    const woken: string[] = [];
    Object.assign(world.deps.workflow, {
      wake: async (_: string, __: unknown, next: string) => {
        woken.push(next);
        return 'woken';
      },
    });
    await world.deps.tokens.put(
      { tenant: ACME, id },
      { token: 't', attempt: 1, entered_time: '2026-11-21T09:00:00.000Z', retry_count: 0, state: 'await' },
    );
    expect(await assessed(world, id)).toBe('await');
    answering(PASSES);
    const validate = () => world.as('dev')('POST', `${path}/validate`);
    expect((await validate()).body).toMatchObject({ status: 'blocked', reason_code: 'provider_asked_again' });
    expect((await validate()).body).toMatchObject({ status: 'blocked', reason_code: 'provider_asked_again' });
    expect(listener.received).toEqual([]);
    expect(woken).toEqual(['assess']);
    expect(await assessed(world, id)).toBe('execute');
    expect((await answersOf(world, id)).map(({ evidence }) => evidence.producer.subject)).toEqual([
      'sluice',
      'dev',
      'sluice',
    ]);
    await validate();
    expect(listener.received).toHaveLength(1);
  });

  it('leaves its intent until it is heard', async () => {
    answering(FAILS);
    const { world, id, path } = await asking({});
    await assessed(world, id);
    const ref = { tenant: ACME, id };
    await dispatchOutbox(world.deps, ref);
    Object.assign(world.deps.workflow, { wake: async () => 'gone' });
    await world.as('dev')('POST', `${path}/validate`);
    const workOf = async () => (await world.deps.promotions.read(ACME, id))?.workflowRecord.work;
    await dispatchOutbox(world.deps, ref);
    expect(await workOf()).toContain('wake');
    await assessed(world, id);
    await dispatchOutbox(world.deps, ref);
    expect(await workOf()).toEqual([]);
  });
});
