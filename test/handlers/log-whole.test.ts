import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { changeDigest } from '../../functions/domain/audit/change.ts';
import { exportLine, readLine } from '../../functions/domain/audit/export-item.ts';
import { Fault } from '../../functions/domain/faults.ts';
import { addDuration } from '../../functions/domain/instant.ts';
import { eventDigest } from '../../functions/domain/promotion/evolve.ts';
import { revisionDigest } from '../../functions/domain/promotion/head.ts';
import { entriesIn } from '../../functions/domain/transparency-log/entry.ts';
import { entriesPath } from '../../functions/domain/transparency-log/tiles.ts';
import { feedLogs } from '../../functions/use-cases/transparency-log/feed.ts';
import { times } from '../support/length.ts';
import { ACME, createWorld, type Name, START, type World } from './api-world.ts';

const ACTS = times(300, 1_000);
const AGENTS = ['agent-1', 'agent-2'];

/** What a person does next; `pick` chooses among what there is. */
type Act = (world: World, pick: (upTo: number) => number) => Promise<unknown>;

const promotions = '/api/v1/promotions';
const configs = '/api/v1/config/environments';
let [made, deployed] = [0, 0];

/** One of the newest promotions. */
async function newest(world: World, pick: (upTo: number) => number) {
  const { items } = await world.deps.promotions.list(ACME, {}, { limit: 4 });
  return items[pick(Math.max(1, items.length))];
}

/** Asks a verb of one of the newest promotions; what does not apply is refused, and recorded nowhere. */
const verb =
  (name: Name, path: string, body?: object): Act =>
  async (world, pick) =>
    world.as(name)('POST', `${promotions}/${(await newest(world, pick))?.id ?? 'none'}/${path}`, body);

const edit: Act = (world, pick) =>
  world.as('dev')('PUT', `${configs}/${pick(2) ? 'staging' : 'development'}/configs/key-${pick(5)}`, {
    value: made++,
  });

const deploy: Act = (world) =>
  world.as('dev')('POST', '/api/v1/deployments', {
    id: `dep-${deployed}`,
    agent_id: AGENTS[deployed++ % 2],
    gateway_id: 'gw-staging',
    environment: 'staging',
  });

const request: Act = (world) =>
  world.as('dev')('POST', promotions, {
    agent_id: AGENTS[(deployed - 1) % 2],
    source_deployment_id: `dep-${deployed - 1}`,
    target_gateway_id: 'gw-production',
    target_environment: 'production',
  });

const requestConfig: Act = (world) =>
  world.as('dev')('POST', '/api/v1/config/promotions', {
    sourceEnvironment: 'staging',
    targetEnvironment: 'production',
    promotionType: 'FULL',
  });

/** Carries one through: approved, asked to execute, executed. */
const carry: Act = async (world, pick) => {
  const id = (await newest(world, pick))?.id ?? 'none';
  await world.as('alice')('POST', `${promotions}/${id}/approve`);
  await world.as('dev')('POST', `${promotions}/${id}/execute`);
  const state = (await world.deps.promotions.read(ACME, id))?.state;
  if (state?.status !== 'approved' || state.execution_requested === undefined) return;
  // The state machine would try again what moved meanwhile.
  await world.run(id).catch((error: unknown) => {
    if (!(error instanceof Fault)) throw error;
  });
};

const lock: Act = (world, pick) =>
  world.as('admin')('POST', `/api/v1/environments/staging/${pick(2) ? 'lock' : 'unlock'}`, {
    reason: 'because',
  });

const ACTS_OF: readonly Act[] = [
  ...[edit, deploy, request, requestConfig, carry, carry, lock],
  verb('alice', 'approve'),
  verb('dev', 'execute'),
  verb('alice', 'approve'),
  verb('bob', 'approve'),
  verb('bob', 'request-changes', { reason: 'not yet' }),
  verb('alice', 'reject', { reason: 'no' }),
  verb('dev', 'execute'),
  verb('dev', 'cancel', { reason: 'no more' }),
];

/** Every record of the tenant that the export shows, as the log would name it. */
async function recorded(world: World): Promise<readonly string[]> {
  const entries: string[] = [];
  for (let cursor: string | undefined = ''; cursor !== undefined; ) {
    const { status, body } = await world.as('admin')(
      'GET',
      `/api/v1/audit/export?limit=20${cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`}`,
    );
    expect(status, JSON.stringify(body)).toBe(200);
    for (const item of body.items) {
      const read = readLine(exportLine(item));
      if (read.kind === 'event') entries.push(lineOf(read.chain, read.event.seq, eventDigest(read.event)));
      if (read.kind === 'change')
        entries.push(lineOf(read.chain, read.change.seq, changeDigest(read.change)));
      if (read.kind === 'revision')
        entries.push(lineOf(read.chain, read.revision.number, revisionDigest(read.revision)));
    }
    cursor = body.next_cursor ?? undefined;
  }
  return entries.sort();
}

const lineOf = (chain: string, seq: number, digest: string) => `${chain} ${seq} ${digest}`;

/** Every entry of the tenant's log. */
async function logged(world: World): Promise<readonly string[]> {
  const size = (await world.deps.logTree.read(ACME))?.head.size ?? 0;
  const bundles = await Promise.all(
    Array.from({ length: Math.ceil(size / 256) }, (_, index) =>
      world.deps.logObjects.get(
        `${ACME}/${entriesPath({ index, width: Math.min(256, size - index * 256) })}`,
      ),
    ),
  );
  const entries = bundles.flatMap((bundle) => entriesIn(bundle?.bytes ?? new Uint8Array(0)) ?? []);
  return entries
    .map((entry) => JSON.parse(Buffer.from(entry).toString()))
    .map(({ chain, seq, digest }) => lineOf(chain, seq, digest))
    .sort();
}

describe('after a minute the log', () => {
  it('has every record of random acts, whatever they wake and whatever fails beside them, and none twice', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(ACTS_OF.length - 1), fc.nat(1_000), fc.nat(9)), {
          minLength: ACTS,
          maxLength: ACTS,
        }),
        async (acts) => {
          [made, deployed] = [0, 0];
          const world = await createWorld();
          let [busFails, now] = [false, START];
          // Commits alone tell: nothing is found by looking.
          const directory = { ...world.deps.directory, tenants: async () => ({ items: [] }) };
          const fed = async () => feedLogs({ ...world.deps, directory }, addDuration(now, 'PT40S'));
          Object.assign(world.deps, {
            bus: {
              publish: async () => {
                if (busFails) throw new Fault('Unavailable', 'the bus is away');
              },
            },
          });
          for (const environment of ['staging', 'production'])
            await world.as('admin')('POST', '/api/v1/gateways', { id: `gw-${environment}`, environment });
          for (const [act, seed, chance] of acts) {
            now = addDuration(now, 'PT7S');
            world.at(now);
            busFails = chance === 0;
            await ACTS_OF[act]?.(world, (upTo) => seed % upTo);
            if (chance === 1) expect((await fed()).faults).toEqual([]);
          }
          expect((await fed()).faults).toEqual([]);
          const [inLog, records] = [await logged(world), await recorded(world)];
          expect(records.length).toBeGreaterThan(ACTS / 4);
          for (const kind of ['promotion/', 'head/config/', 'head/agent/', '/production#', 'changes'])
            expect(
              records.some((record) => record.includes(kind)),
              kind,
            ).toBe(true);
          expect(inLog).toEqual(records);
        },
      ),
      { numRuns: 1, endOnFailure: true },
    );
  });
});
