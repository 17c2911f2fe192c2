import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { digestOfBytes } from '../../functions/domain/digest.ts';
import { emptyHead, swap } from '../../functions/domain/promotion/head.ts';
import type { Write } from '../../functions/ports/transaction.ts';
import { type Engine, skipWithoutEngine, startEngine } from '../support/engine.ts';
import { tableStores } from '../support/replayed-table.ts';
import { Rounds } from '../support/rounds.ts';
import { ACME, createWorld, DEV_ACTOR, START, type World } from './api-world.ts';

const ENVIRONMENTS = ['development', 'qa', 'staging', 'canary', 'production'];
const SUBJECTS = 1_000;

function headOf(number: number, environment: string): Write {
  const subject = { kind: 'artifact', name: `payments-service-${String(number).padStart(4, '0')}` } as const;
  const { head } = swap(emptyHead({ subject, environment }, START), {
    digest: digestOfBytes(`${number % 7} ${environment} ${number}`),
    cause: { by: 'record', deployment_id: `dep-${number}-${environment}` },
    deployment_id: `dep_01JD0000000000000000${number}${environment}`,
    version_label: `v1.${number}.0-abc1234`,
    actor: DEV_ACTOR,
    now: START,
  });
  return { write: 'head', head, expected: 0 };
}

describe.skipIf(skipWithoutEngine())('the overview of 1,000 subjects in 5 environments', () => {
  let engine: Engine;
  let world: World;
  let rounds: Rounds;
  beforeAll(async () => {
    engine = await startEngine();
    const table = engine.open();
    rounds = new Rounds(table);
    world = await createWorld((now) => tableStores(table, now));
    const admin = world.as('admin');
    for (const [name, rank] of [
      ['qa', 15],
      ['canary', 25],
    ]) {
      const made = await admin('POST', '/api/v1/environments', { name, rank });
      expect(made, JSON.stringify(made.body)).toMatchObject({ status: 201 });
    }
    const heads = Array.from({ length: SUBJECTS }, (_, number) =>
      ENVIRONMENTS.map((environment) => headOf(number, environment)),
    ).flat();
    // As every commit that moves heads does, these touch the guards of their environments.
    const guards = ENVIRONMENTS.map((environment) => ({ write: 'raise_guard', environment }) as const);
    for (let at = 0; at < heads.length; at += 90)
      await world.commit(ACME, ...guards, ...heads.slice(at, at + 90));
  }, 600_000);
  afterAll(() => engine?.stop());

  it('takes at most 400 read units, and reads all heads in one round', async () => {
    rounds.reset();
    const { status, body } = await world.as('dev')('GET', '/api/v1/overview');
    expect(status).toBe(200);
    expect(body.subjects).toHaveLength(SUBJECTS);
    expect(body.subjects[7].active).toHaveLength(ENVIRONMENTS.length);
    expect(body.subjects[7].active[0].version).toBe('v1.7.0-abc1234');
    expect(rounds.meter.readUnits).toBeLessThanOrEqual(400);
    // Who asks, the environments and freezes, and then everything at once.
    expect(
      rounds.rounds.length,
      rounds.rounds.map((round) => round.join(' + ')).join('\n'),
    ).toBeLessThanOrEqual(4);
  });

  it('takes at most 5 while nothing changed, and reads no head', async () => {
    const { etag } = (await world.as('dev')('GET', '/api/v1/overview')).headers;
    rounds.reset();
    const known = { 'if-none-match': String(etag) };
    expect(await world.as('dev')('GET', '/api/v1/overview', undefined, known)).toMatchObject({ status: 304 });
    const read = rounds.rounds.map((round) => round.join(' + ')).join('\n');
    expect(rounds.meter.readUnits, read).toBeLessThanOrEqual(5);
    expect(rounds.rounds.length, read).toBeLessThanOrEqual(2);
  });

  it('takes at most 5 for the first view of anybody else', async () => {
    rounds.reset();
    const { status, body } = await world.as('alice')('GET', '/api/v1/overview');
    expect(status).toBe(200);
    expect(body.subjects).toHaveLength(SUBJECTS);
    const read = rounds.rounds.map((round) => round.join(' + ')).join('\n');
    expect(rounds.meter.readUnits, read).toBeLessThanOrEqual(5);
  });

  it('and its drift, page by page, reads no head alone', async () => {
    rounds.reset();
    const { status, body } = await world.as('dev')('GET', '/api/v1/platform/deployments/drift?limit=10');
    expect(status).toBe(200);
    expect(body.items).toHaveLength(10);
    // Forty slots lag, and each asks how far.
    expect(rounds.meter.readUnits).toBeLessThanOrEqual(360);
  });
});
