import { describe, expect, it } from 'vitest';
import type { CloudEvent } from '../../functions/domain/notification/cloud-event.ts';
import { notifyHandler } from '../../functions/handlers/events/notify.ts';
import type { DeliveryRef } from '../../functions/ports/deliveries.ts';
import { deliverWithBackoff } from '../../functions/use-cases/notifications/deliver-with-backoff.ts';
import type { NotifyDeps } from '../../functions/use-cases/notifications/notify.ts';
import {
  A,
  at,
  B,
  DEPLOYMENTS,
  dev,
  drift,
  eachObserved,
  must,
  OBSERVED,
  published,
  record,
  see,
  stores,
  world,
} from './drift-world.ts';
import { testLog } from './log.ts';
import { narrow } from './narrow.ts';

eachObserved();

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

  it('shows nobody what runs where they may not read, nor how far that is ahead', async () => {
    await record('dev', 'v2', A, 0);
    await record('stg', 'v1', B, 1);
    await record('stg', 'v2', A, 2);
    await record('prod', 'v1', A, 3);
    await must(see({ digest: A }, at(3), '/api/v1/observations/staging/artifact/ghost'));
    const theirs = await narrow(world, 'viewer', 'production');
    const { items } = (await must(theirs('GET', `${DEPLOYMENTS}/drift`))).body;
    expect(items).toMatchObject([
      {
        name: 'platform',
        environments: [{ environment: 'production', behind: null }],
        sameVersionOtherDigest: [],
      },
    ]);
    expect(items[0].environments).toHaveLength(1);
    const recorder = await narrow(world, 'recorder', 'production');
    expect(await recorder('PUT', OBSERVED, { digest: A, observed_at: at(3) })).toMatchObject({ status: 403 });
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
