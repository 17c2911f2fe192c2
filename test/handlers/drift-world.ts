import { beforeEach } from 'vitest';
import type { CloudEvent } from '../../functions/domain/notification/cloud-event.ts';
import { memoryStores } from '../support/replayed-stores.ts';
import { CI, createWorld, type World } from './api-world.ts';
import type { Answer, Signer } from './event.ts';

export const DEPLOYMENTS = '/api/v1/platform/deployments';
export const OBSERVED = '/api/v1/observations/staging/artifact/platform';
export const A = `sha256:${'a'.repeat(64)}`;
export const B = `sha256:${'b'.repeat(64)}`;

export let world: World;
export let stores: ReturnType<typeof memoryStores>;
export let published: CloudEvent[];
export const dev = (...call: Parameters<ReturnType<World['as']>>) => world.as('dev')(...call);
export const by = (signer: Signer) => (method: string, path: string, body?: unknown) =>
  world.send({ method, path, signer, ...(body === undefined ? {} : { body }) });
export const ci = (...call: Parameters<ReturnType<typeof by>>) => by(CI)(...call);
export const see = (seen: object, at: string, path = OBSERVED) =>
  ci('PUT', path, { ...seen, observed_at: at });
export const at = (minutes: number) =>
  new Date(Date.parse('2026-11-21T09:00:00Z') + minutes * 60_000).toISOString();

export async function must(answer: Promise<Answer>): Promise<Answer> {
  const { status, ...rest } = await answer;
  if (status >= 300) throw new Error(`${status} ${JSON.stringify(rest.body)}`);
  return { status, ...rest };
}
export const record = (environment: string, imageTag: string, contentDigest: string, minutes: number) => {
  world.at(at(minutes));
  return must(ci('POST', DEPLOYMENTS, { imageTag, environment, contentDigest }));
};
export const drift = async (query = '') => (await must(dev('GET', `${DEPLOYMENTS}/drift${query}`))).body;

/** Before each test, a world whose bus keeps the events of drift. */
export function eachObserved(): void {
  beforeEach(async () => {
    published = [];
    world = await createWorld((now) => {
      stores = memoryStores(now);
      return stores;
    });
    Object.assign(world.deps, {
      bus: {
        publish: async (events: readonly CloudEvent[]) => {
          published.push(...events.filter(({ type }) => type.includes('environment.drifted')));
        },
      },
    });
  });
}
