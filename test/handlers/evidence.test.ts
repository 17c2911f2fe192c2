import { beforeEach, describe, expect, it } from 'vitest';
import { digestOfBytes } from '../../functions/domain/digest.ts';
import { replayDecision } from '../../functions/use-cases/promotions/replay-decision.ts';
import { ACME, START } from './api-world.ts';
import {
  as,
  asking,
  BROKEN,
  EVIDENCE,
  freshWorld,
  JUNIT,
  junit,
  requested,
  stateOf,
  world,
} from './evidence-world.ts';

beforeEach(freshWorld);

const typesOf = async (path: string) =>
  (await as('dev')('GET', `${path}/timeline`)).body.items.map(({ type }: { type: string }) => type);

describe('evidence', () => {
  it('lets on the promotion that waits for it, which is told at once', async () => {
    await asking();
    const { id, path, subject } = await requested();
    expect(await stateOf(path)).toMatchObject({ status: 'blocked', blocked_by: ['tests'] });
    const taken = await as('dev')('POST', EVIDENCE, junit(JUNIT, { subject_digest: subject }));
    expect(taken).toMatchObject({
      status: 201,
      body: {
        gate: 'tests',
        format: 'junit',
        producer: { subject: 'dev' },
        result: { passed: true, total: 2 },
      },
    });
    expect(await stateOf(path)).toMatchObject({
      status: 'approved',
      gates: [
        { name: 'policy_compliance' },
        { name: 'tests', status: 'PASSED', evidence: [taken.body.evidence] },
      ],
    });
    expect(await typesOf(path)).toContain('EvidenceAttached');
    await world.run(id);
    expect(await stateOf(path)).toMatchObject({ status: 'completed' });
    for (const seq of [undefined, 2, 5]) {
      const replay = await replayDecision(world.deps, {
        tenant: ACME,
        id,
        ...(seq === undefined ? {} : { seq }),
      });
      expect(replay).toMatchObject({ same: true });
    }
  });

  it('that came first serves every later promotion of the same digest', async () => {
    await asking();
    const { subject, path } = await requested();
    await as('dev')('DELETE', path);
    await as('dev')('POST', EVIDENCE, junit(JUNIT, { subject_digest: subject }));
    const again = await requested();
    expect(again.subject).toBe(subject);
    expect(await stateOf(again.path)).toMatchObject({ status: 'approved' });
    const [shown] = (await as('viewer')('GET', `${again.path}/evidence`)).body.items;
    expect(shown).toMatchObject({ gate: 'tests', attached_seq: null });
  });

  it('about another digest is never found, and one about a promotion must be about what it promotes', async () => {
    await asking();
    const { path } = await requested();
    const other = digestOfBytes('another');
    await as('dev')('POST', EVIDENCE, junit(JUNIT, { subject_digest: other }));
    expect(await stateOf(path)).toMatchObject({ status: 'blocked', reason_code: 'evidence_missing' });
    const wrong = await as('dev')('POST', `${path}/evidence`, junit(JUNIT, { subject_digest: other }));
    expect(wrong).toMatchObject({ status: 409, body: { code: 'source_mismatch' } });
  });

  it('can be brought to a promotion by its id, whatever its gates', async () => {
    await asking();
    const { path, subject } = await requested();
    const note = { gate: 'notes', format: 'json', document: { passed: true, by: 'hand' } };
    expect(await as('dev')('POST', `${path}/evidence`, note)).toMatchObject({ status: 201 });
    expect(await stateOf(path)).toMatchObject({ status: 'blocked' });
    const taken = await as('dev')('POST', `${path}/evidence`, junit());
    expect(taken.body.subject_digest).toBe(subject);
    expect(await stateOf(path)).toMatchObject({ status: 'approved' });
    const { items } = (await as('dev')('GET', `${path}/evidence`)).body;
    expect(items.map(({ gate, attached_seq }: Record<string, unknown>) => [gate, attached_seq])).toEqual([
      ['notes', 4],
      ['tests', 7],
    ]);
    const document = await as('dev')('GET', `${EVIDENCE}/document?digest=${taken.body.document_digest}`);
    expect(document.body).toEqual({ document_digest: taken.body.document_digest, document: JUNIT });
    const none = await as('dev')('GET', `${EVIDENCE}/document?digest=${digestOfBytes('none')}`);
    expect(none.status).toBe(404);
  });

  it('of a later failure takes the pass back before it executes', async () => {
    await asking();
    const { id, path } = await requested();
    await as('dev')('POST', `${path}/evidence`, junit());
    world.at('2026-11-21T09:00:01.000Z');
    await as('dev')('POST', `${path}/evidence`, junit(BROKEN));
    expect(await stateOf(path)).toMatchObject({ status: 'blocked', reason_code: 'thresholds_not_met' });
    await world.run(id).catch(() => undefined);
    expect(await stateOf(path)).toMatchObject({ status: 'blocked' });
  });

  it('is taken for now when the clock of its producer is up to 5 s ahead', async () => {
    await asking();
    const { path } = await requested();
    const ahead = junit(JUNIT, { produced_at: '2026-11-21T09:00:05.000Z' });
    const { status, body } = await as('dev')('POST', `${path}/evidence`, ahead);
    expect(status).toBe(201);
    expect(body.produced_at).toBe('2026-11-21T09:00:00.000Z');
  });

  it('is refused when it is from the future, malformed, of no known format, or too large', async () => {
    await asking();
    const { path } = await requested();
    const post = (body: unknown) => as('dev')('POST', `${path}/evidence`, body);
    const later = '2026-11-21T09:00:05.001Z';
    expect(await post(junit(JUNIT, { produced_at: later }))).toMatchObject({
      status: 400,
      body: { errors: [{ field: 'produced_at', problem: 'is in the future' }] },
    });
    expect(await post(junit('<testsuite>'))).toMatchObject({
      status: 400,
      body: { errors: [{ field: 'document' }] },
    });
    expect((await post(junit(JUNIT, { format: 'k6' }))).status).toBe(400);
    expect((await post(junit(`<testsuite>${' '.repeat(256 * 1024)}</testsuite>`))).status).toBe(400);
    expect((await post(junit(' '.repeat(50_000_000)))).body.code).toBe('payload_too_large');
    expect((await as('dev')('GET', `${path}/evidence`)).body.items).toEqual([]);
  });

  it('is taken once for one Idempotency-Key', async () => {
    await asking();
    const { path } = await requested();
    const key = { 'idempotency-key': 'one' };
    const first = await as('dev')('POST', `${path}/evidence`, junit(), key);
    const second = await as('dev')('POST', `${path}/evidence`, junit(), key);
    expect(second.body).toEqual(first.body);
    expect((await as('dev')('GET', `${path}/evidence`)).body.items).toHaveLength(1);
  });

  it('that comes twice in one moment is one report', async () => {
    await asking();
    const { path } = await requested();
    const [first, second] = [
      await as('dev')('POST', `${path}/evidence`, junit(BROKEN)),
      await as('dev')('POST', `${path}/evidence`, junit(BROKEN)),
    ];
    expect(second).toMatchObject({ status: 201, body: first.body });
    expect((await as('dev')('GET', `${path}/evidence`)).body.items).toHaveLength(1);
  });

  it('of a closed promotion is refused there, and kept when it is about the digest', async () => {
    await asking();
    const { path, subject } = await requested();
    await as('dev')('DELETE', path);
    expect((await as('dev')('POST', `${path}/evidence`, junit())).body.code).toBe('already_decided');
    expect((await as('dev')('POST', EVIDENCE, junit(JUNIT, { subject_digest: subject }))).status).toBe(201);
    expect((await world.deps.evidence.watchList(ACME, subject)).waiting).toEqual([]);
  });
});

describe('who brought evidence', () => {
  it('may not approve where duties are separated so, and may elsewhere', async () => {
    await asking();
    const membership = {
      tenant: ACME,
      subject: 'both',
      user_id: 'both',
      email: 'both@acme.com',
      groups: [],
      grants: [{ role: 'developer' }, { role: 'approver' }],
      status: 'active',
      version: 1,
      created_at: START,
      updated_at: START,
    } as const;
    await world.commit(ACME, { write: 'membership', membership, expected: 0 });
    const both = (path: string, body?: unknown) =>
      world.send({ method: 'POST', path, signer: { sub: 'both' }, ...(body === undefined ? {} : { body }) });
    for (const evidence_producer of [true, false]) {
      const policy = {
        name: `policy ${evidence_producer}`,
        environments: ['staging'],
        required_approvers: 1,
        separation_of_duties: { requester: true, author: false, previous_promoter: false, evidence_producer },
        reason: 'this duty alone',
      };
      const made = await as('admin')('POST', '/api/v1/approval-policies', policy);
      expect(made.status, JSON.stringify(made.body)).toBe(201);
      const { path } = await requested(`agent-${evidence_producer}`);
      expect((await both(`${path}/evidence`, junit())).status).toBe(201);
      const answer = await both(`${path}/approve`);
      expect(answer.status).toBe(evidence_producer ? 403 : 200);
      if (evidence_producer) expect(answer.body).toMatchObject({ relation: 'evidence_producer' });
      await as('admin')('DELETE', `/api/v1/approval-policies/${made.body.id}?reason=over`);
    }
  });
});
