import { beforeEach, expect } from 'vitest';
import { RECORD_TYPE } from '../../functions/domain/artifact/promotion-record.ts';
import { ofType } from '../../functions/domain/artifact/referrers.ts';
import type { Digest } from '../../functions/domain/digest.ts';
import { notifyHandler } from '../../functions/handlers/events/notify.ts';
import { deliverHandler } from '../../functions/handlers/queues/deliver.ts';
import type { Repository } from '../../functions/ports/registry.ts';
import { announcements } from '../../functions/use-cases/engine/announce.ts';
import type { Task } from '../../functions/use-cases/notifications/notify.ts';
import { memoryOrderedQueue } from '../support/memory/queue.ts';
import { ACME } from './api-world.ts';
import { artifactWorld } from './artifacts-world.ts';
import { testLog } from './log.ts';

export let one: ReturnType<typeof artifactWorld>;
export const promotions = '/api/v1/promotions';
export const dev: ReturnType<ReturnType<typeof artifactWorld>['as']> = (...call) => one.as('dev')(...call);
export const at = (registry = one.main) => one.at(registry, one.path());
export const records = async (digest: Digest, registry = one.main) =>
  ofType(await at(registry).referrers(digest), RECORD_TYPE);

/** Publishes a version and promotes it to staging and, synced, to the other registry. */
export async function promoted(version: string, over: object = {}) {
  const pushed = await one.published(version);
  const asked = { version, target_environment: 'staging', sync_registries: true, ...over };
  const made = await dev('POST', promotions, asked);
  await one.world.run(made.body.id);
  return { ...pushed, id: String(made.body.id) };
}

export async function toProduction(version: string, sync_registries: boolean) {
  const asked = { version, target_environment: 'production', sync_registries };
  const { body } = await dev('POST', promotions, asked);
  await one.as('alice')('POST', `${promotions}/${body.id}/approve`);
  await dev('POST', `${promotions}/${body.id}/execute`);
  await one.world.run(body.id);
  return String(body.id);
}

/** What the bus says of a promotion goes through the queue to the function that attaches. Answers how many messages come again. */
export async function attached(id: string, change: object = {}): Promise<number> {
  const queue = memoryOrderedQueue<Task>();
  const deps = { ...one.world.deps, ...change };
  const notify = notifyHandler(
    () => ({ ...deps, queue }),
    testLog(),
    () => {},
  );
  const state = (await deps.promotions.read(ACME, id))?.state;
  if (state === undefined) throw new Error(`there is no promotion ${id}`);
  const said = announcements(state, await deps.promotions.events(ACME, id));
  // The rule of the bus lets only these through.
  for (const detail of said.filter(({ type }) => type.startsWith('dev.cdeventsx.'))) await notify({ detail });
  const returns = { postpone: async () => {}, deadLetter: async () => {} };
  const deliver = deliverHandler(
    () => deps,
    () => ({ returns, attempts: 50 }),
    testLog(),
    () => {},
    () => 0,
  );
  const Records = queue.sent
    .filter(({ message }) => 'attach' in message)
    .map(({ message }, number) => ({
      messageId: `m-${number}`,
      receiptHandle: `r-${number}`,
      body: JSON.stringify(message),
      attributes: { ApproximateReceiveCount: '1' },
    }));
  expect(Records.length).toBe(1);
  return (await deliver({ Records })).batchItemFailures.length;
}

export async function envelopeOf(repository: Repository, referrer: Digest): Promise<string> {
  const manifest = await repository.readManifest(referrer);
  const { layers } = JSON.parse(Buffer.from(manifest?.bytes ?? []).toString('utf8'));
  const parts: Uint8Array[] = [];
  for await (const part of repository.readBlob(layers[0])) parts.push(part);
  return Buffer.concat(parts).toString('utf8');
}

export const statusOf = async (environment: string) => {
  const { body } = await dev('GET', '/api/v1/artifacts/platform/status');
  return body.environments.find((each: { environment: string }) => each.environment === environment).record;
};

/** Before each test, a world whose environments ask for no gates. */
export function eachRecorded(): void {
  one = artifactWorld();
  beforeEach(async () => {
    for (const environment of ['staging', 'production']) {
      await one.as('admin')('PATCH', `/api/v1/environments/${environment}`, { gates: [], reason: 'test' });
    }
    one.world.at('2026-11-21T10:00:00.000Z');
  });
}
