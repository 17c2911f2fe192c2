import { Api, until } from '../../support/api.ts';
import { listen } from '../../support/listener.ts';
import { requested } from './requests.ts';
import { ok, TENANT, type World } from './world.ts';

/**
 * A promotion that people and a system are told of: the system stumbles once, hears all, and wants nothing more when the promotion
 * is cancelled. Then channels are listed, tried and deleted.
 */
export async function notify(world: World): Promise<void> {
  const { admin, dev, runtime } = world;
  const told: string[] = [];
  let answers: readonly number[] = [500];
  const receiver = await listen(({ body }, _, response) => {
    told.push(JSON.parse(body).type);
    const [next = 204, ...rest] = answers;
    answers = rest;
    response.writeHead(next).end();
  });
  const path = '/api/v1/notification-channels';
  const webhook = await ok(
    admin.post(path, {
      name: 'receiver',
      type: 'webhook',
      url: `http://127.0.0.1:${receiver.port}/`,
      secret_ref: `sluice/${TENANT}/webhook/hook`,
      filter: { environments: ['production'] },
    }),
  );
  const promotion = await requested(world, 'a-told');
  await until(
    async () => told,
    (types) => types.length >= 3,
  );
  await until(
    async () => (await ok(new Api(runtime.url, 'none').get('/_local/mail'))).items,
    (mails) => mails.some(({ subject }: { subject: string }) => subject.includes('a-told')),
  );
  answers = [410];
  await ok(dev.delete(promotion));
  const one = `${path}/${webhook.id}`;
  await until(
    async () => (await admin.get(one)).body,
    (channel) => channel.status === 'disabled',
  );
  await ok(admin.get(path));
  await ok(admin.get(`${one}/deliveries`));
  await ok(admin.patch(one, { status: 'active' }));
  await ok(admin.post(`${one}/test`));
  const mail = await ok(
    admin.post(
      path,
      { name: 'mail', type: 'email', recipients: ['ops@acme.com'] },
      { 'idempotency-key': 'm' },
    ),
  );
  await ok(admin.post(`${path}/${mail.id}/test`));
  for (const id of [webhook.id, mail.id]) await ok(admin.delete(`${path}/${id}`));
  await receiver.stop();
}
