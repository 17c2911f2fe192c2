import { beforeEach, describe, expect, it } from 'vitest';
import type { CloudEvent } from '../../functions/domain/notification/cloud-event.ts';
import { notifyHandler } from '../../functions/handlers/events/notify.ts';
import type { DeliveryRef } from '../../functions/ports/deliveries.ts';
import { deliverWithBackoff } from '../../functions/use-cases/notifications/deliver-with-backoff.ts';
import type { NotifyDeps } from '../../functions/use-cases/notifications/notify.ts';
import { memoryStores } from '../support/replayed-stores.ts';
import { ACME, CI, createWorld, type World } from './api-world.ts';
import type { Answer, Signer } from './event.ts';
import { testLog } from './log.ts';

const DEPLOYMENTS = '/api/v1/platform/deployments';
const OBSERVED = '/api/v1/observations/staging/artifact/platform';
const A = `sha256:${'a'.repeat(64)}`;
const B = `sha256:${'b'.repeat(64)}`;

let world: World;
let stores: ReturnType<typeof memoryStores>;
let published: CloudEvent[];
const dev = (...call: Parameters<ReturnType<World['as']>>) => world.as('dev')(...call);
const by = (signer: Signer) => (method: string, path: string, body?: unknown) =>
  world.send({ method, path, signer, ...(body === undefined ? {} : { body }) });
const ci = (...call: Parameters<ReturnType<typeof by>>) => by(CI)(...call);
const see = (seen: object, at: string, path = OBSERVED) => ci('PUT', path, { ...seen, observed_at: at });
const at = (minutes: number) => new Date(Date.parse('2026-11-21T09:00:00Z') + minutes * 60_000).toISOString();

async function must(answer: Promise<Answer>): Promise<Answer> {
  const { status, ...rest } = await answer;
  if (status >= 300) throw new Error(`${status} ${JSON.stringify(rest.body)}`);
  return { status, ...rest };
}
const record = (environment: string, imageTag: string, contentDigest: string, minutes: number) => {
  world.at(at(minutes));
  return must(ci('POST', DEPLOYMENTS, { imageTag, environment, contentDigest }));
};
const drift = async (query = '') => (await must(dev('GET', `${DEPLOYMENTS}/drift${query}`))).body;

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

describe('an observation', () => {
  it('that says what is recorded is kept, and tells nobody', async () => {
    await record('staging', 'v1', A, 0);
    world.at(at(1));
    const answer = await see({ digest: A }, at(1));
    expect(answer, JSON.stringify(answer.body)).toMatchObject({
      status: 200,
      body: {
        environment: 'staging',
        kind: 'artifact',
        name: 'platform',
        digest: A,
        image_tag: null,
        observed_at: at(1),
        changed_at: at(1),
        observed_by: 'mach-ci',
        out_of_band: null,
      },
    });
    expect(published).toEqual([]);
  });

  it('is written when it says something new, and else once in 10 minutes', async () => {
    await record('staging', 'v1', A, 0);
    const kept = () =>
      stores.observations.read(ACME, {
        subject: { kind: 'artifact', name: 'platform' },
        environment: 'staging',
      });
    world.at(at(30));
    await must(see({ digest: A }, at(1)));
    await must(see({ digest: A }, at(10)));
    expect(await kept()).toMatchObject({ version: 1, observed_at: at(1) });
    await must(see({ digest: A }, at(11)));
    expect(await kept()).toMatchObject({ version: 2, observed_at: at(11), changed_at: at(1) });
    await must(see({ digest: B }, at(12)));
    expect(await kept()).toMatchObject({ observed_at: at(12), changed_at: at(12) });
    // A look that comes late says nothing of now.
    expect((await see({ digest: A }, at(5))).body).toMatchObject({ digest: B, observed_at: at(12) });
  });

  it('of what nobody recorded names the change and is told once, however often it is seen', async () => {
    await record('staging', 'v1', A, 0);
    world.at(at(5));
    const first = await must(see({ image_tag: 'v9' }, at(5)));
    expect(first.body.out_of_band).toEqual({ recorded: 'v1', since: at(5) });
    world.at(at(40));
    expect((await must(see({ image_tag: 'v9' }, at(39)))).body.out_of_band).toEqual({
      recorded: 'v1',
      since: at(5),
    });
    expect(published).toHaveLength(1);
    expect(published[0]).toMatchObject({
      type: 'dev.cdeventsx.sluice-environment.drifted.0.1.0',
      subject: 'staging',
      data: {
        customData: {
          tenant: ACME,
          environment: 'staging',
          observed: { as: 'image_tag', value: 'v9' },
          recorded: 'v1',
          by: 'mach-ci',
        },
      },
    });
    // Put back, and changed again: another change.
    await must(see({ image_tag: 'v1' }, at(39.5)));
    await must(see({ image_tag: 'v9' }, at(40)));
    expect(new Set(published.map(({ id }) => id)).size).toBe(2);
    // Recorded after all: it is out of band no longer.
    await record('staging', 'v9', B, 41);
    world.at(at(42));
    expect((await must(see({ image_tag: 'v9' }, at(42)))).body.out_of_band).toBeNull();
  });

  it('is told by the next look where the bus was away', async () => {
    await record('staging', 'v1', A, 0);
    const { bus } = world.deps;
    const { Fault } = await import('../../functions/domain/faults.ts');
    Object.assign(world.deps, { bus: { publish: () => Promise.reject(new Fault('Unavailable', 'away')) } });
    world.at(at(5));
    await must(see({ digest: B }, at(5)));
    Object.assign(world.deps, { bus });
    await must(see({ digest: B }, at(5)));
    await must(see({ digest: B }, at(5)));
    expect(published).toHaveLength(1);
  });

  it('of a slot that changed since says nothing, and while a promotion executes there neither', async () => {
    await record('staging', 'v1', A, 0);
    await record('staging', 'v2', B, 10);
    expect((await must(see({ digest: A }, at(9)))).body.out_of_band).toBeNull();
    expect((await drift()).items[0].environments[0]).toMatchObject({ standing: 'stale' });
    await must(world.as('admin')('PATCH', '/api/v1/environments/staging', { gates: [], reason: 'test' }));
    world.at(at(100));
    const back = { environment: 'stg', reason: 'errors' };
    const { id } = (await must(dev('POST', `${DEPLOYMENTS}/tag/v1/rollback`, back))).body;
    await world.run(id);
    world.at(at(101));
    expect((await must(see({ digest: A }, at(101)))).body.out_of_band).toBeNull();
    expect(published).toEqual([]);
  });

  it('at once with another one is kept once, and told once', async () => {
    await record('staging', 'v1', A, 0);
    world.at(at(5));
    await Promise.all([must(see({ digest: B }, at(5))), must(see({ digest: B }, at(5)))]);
    expect(new Set(published.map(({ id }) => id)).size).toBe(1);
  });

  it('is of machines that record; garbage is refused, and another tenant is untouched', async () => {
    const seen = { digest: A, observed_at: at(0) };
    expect(await dev('PUT', OBSERVED, seen)).toMatchObject({ status: 403, body: { required: ['recorder'] } });
    expect(await world.as('carol')('PUT', OBSERVED, seen)).toMatchObject({ status: 403 });
    for (const body of [
      { observed_at: at(0) },
      { digest: A, root: A, observed_at: at(0) },
      { digest: 'latest', observed_at: at(0) },
      { digest: A },
      { digest: A, observed_at: 'yesterday' },
      { digest: A, observed_at: at(60) },
      { digest: A, observed_at: at(0), more: 1 },
    ]) {
      expect((await ci('PUT', OBSERVED, body)).status, JSON.stringify(body)).toBe(400);
    }
    const elsewhere = OBSERVED.replace('staging', 'qa');
    expect(await ci('PUT', elsewhere, seen)).toMatchObject({ status: 404 });
    expect((await ci('PUT', OBSERVED.replace('artifact', 'thing'), seen)).status).toBe(404);
    for (const name of ['a%23b', '..', '%00', 'a%2Fb']) {
      expect((await ci('PUT', OBSERVED.replace('platform', name), seen)).status, name).toBe(404);
    }
    await must(ci('PUT', OBSERVED, seen));
    expect((await world.as('carol')('GET', `${DEPLOYMENTS}/drift`)).body.items).toEqual([]);
  });
});

describe('drift', () => {
  it('says what each environment runs, how far it is behind, and which version means two things', async () => {
    await record('dev', 'v1', A, 0);
    await record('stg', 'v1', B, 1);
    await record('dev', 'v2', `sha256:${'c'.repeat(64)}`, 2);
    await record('dev', 'v3', `sha256:${'d'.repeat(64)}`, 3);
    await record('prod', 'v0', `sha256:${'e'.repeat(64)}`, 4);
    await record('stg', 'v1', A, 5);
    await record('prod', 'v1', B, 6);
    world.at(at(3 * 1440));
    const { items, asOf } = await drift();
    expect(asOf).toBe(at(3 * 1440));
    expect(items).toMatchObject([
      {
        kind: 'artifact',
        name: 'platform',
        environments: [
          { environment: 'development', version: 'v3', behind: null, standing: 'unobserved' },
          { environment: 'staging', version: 'v1', digest: A, behind: { versions: 2, days: 2 } },
          { environment: 'production', version: 'v1', digest: B, behind: { versions: 1, days: 2 } },
        ],
        sameVersionOtherDigest: [
          {
            version: 'v1',
            digests: [
              { environment: 'staging', digest: A },
              { environment: 'production', digest: B },
            ],
          },
        ],
      },
    ]);
  });

  it('does not guess how far behind what the environment before never had is', async () => {
    await record('dev', 'v1', A, 0);
    await record('stg', 'hotfix', B, 1);
    expect((await drift()).items[0].environments[1].behind).toEqual({ versions: null, days: null });
  });

  it('counts configuration by what was received in whole', async () => {
    const put = (value: number) =>
      must(dev('PUT', '/api/v1/config/environments/development/configs/limit', { value }));
    await put(1);
    const asked = { sourceEnvironment: 'dev', targetEnvironment: 'stg', promotionType: 'FULL' };
    const { id } = (await must(dev('POST', '/api/v1/config/promotions', asked))).body;
    await must(dev('POST', `/api/v1/config/promotions/${id}/execute`));
    await world.run(id);
    const staging = async () =>
      (await drift('?kind=config')).items[0].environments.find(
        ({ environment }: { environment: string }) => environment === 'staging',
      );
    expect(await staging()).toMatchObject({ behind: null });
    await put(2);
    await put(3);
    expect(await staging()).toMatchObject({ behind: { versions: 2, days: 0 } });
    const { digest } = await staging();
    const path = '/api/v1/observations/stg/config/config';
    expect((await see({ root: digest }, at(0), path)).body.out_of_band).toBeNull();
  });

  it('shows what runs that nobody recorded, filters and pages', async () => {
    await record('stg', 'v1', A, 0);
    world.at(at(5));
    for (const name of ['ghost', 'platform']) {
      await must(see({ digest: A }, at(5), `/api/v1/observations/staging/artifact/${name}`));
    }
    const ghost = {
      name: 'ghost',
      environments: [{ environment: 'staging', digest: null, standing: 'out_of_band' }],
    };
    expect((await drift('?drifting=true')).items).toMatchObject([ghost]);
    const first = await drift('?limit=1');
    expect(first.items).toMatchObject([ghost]);
    const second = await drift(`?limit=1&cursor=${encodeURIComponent(first.nextCursor)}`);
    expect(second).toMatchObject({ items: [{ name: 'platform' }], nextCursor: null });
    expect(
      (await dev('GET', `${DEPLOYMENTS}/drift?limit=1&drifting=true&cursor=${first.nextCursor}`)).status,
    ).toBe(400);
    expect((await drift('?kind=agent')).items).toEqual([]);
  });
});

describe('channels', () => {
  const channel = { name: 'ops', type: 'email', recipients: ['ops@acme.com'] };

  /** What the bus says, told to every channel as the queue would. */
  async function tell(event: CloudEvent | undefined): Promise<void> {
    const sent: DeliveryRef[] = [];
    const queue: NotifyDeps['queue'] = {
      async send(messages) {
        sent.push(...messages.flatMap(({ message }) => ('channel_id' in message ? [message] : [])));
      },
    };
    await notifyHandler(
      () => ({ ...world.deps, queue }),
      testLog(),
      () => {},
    )({ detail: event });
    const deps = { ...world.deps, ...stores };
    for (const ref of sent) await deliverWithBackoff(deps, ref, { last: false });
  }

  it('are told once of each change, whoever asks again, and keep how it went', async () => {
    await record('staging', 'v1', A, 0);
    const { id } = (await must(world.as('admin')('POST', '/api/v1/notification-channels', channel))).body;
    const elsewhere = { ...channel, name: 'prod', filter: { environments: ['production'] } };
    await must(world.as('admin')('POST', '/api/v1/notification-channels', elsewhere));
    const promotions = { ...channel, name: 'done', filter: { events: ['completed'] } };
    await must(world.as('admin')('POST', '/api/v1/notification-channels', promotions));
    world.at(at(5));
    await must(see({ digest: B }, at(5)));
    await tell(published[0]);
    await tell(published[0]);
    expect(world.drifts).toMatchObject([
      {
        channel: { id },
        notice: { environment: 'staging', observed: { value: B }, recorded: A, by: 'mach-ci' },
      },
    ]);
    const { items } = (await dev('GET', `/api/v1/notification-channels/${id}/deliveries`)).body;
    expect(items).toMatchObject([
      {
        event: 'driftdetected',
        severity: 'warning',
        environment: 'staging',
        outcome: 'delivered',
        attempts: 1,
      },
    ]);
  });

  it('are told later where the receiver was away', async () => {
    await record('staging', 'v1', A, 0);
    await must(world.as('admin')('POST', '/api/v1/notification-channels', channel));
    world.at(at(5));
    await must(see({ digest: B }, at(5)));
    world.sent = { outcome: 'retry', reason: 'away' };
    await tell(published[0]);
    world.sent = { outcome: 'delivered' };
    await tell(published[0]);
    await tell(published[0]);
    expect(world.drifts).toHaveLength(2);
  });
});
