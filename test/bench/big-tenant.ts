import { ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { dynamoStores } from '../../functions/adapters/dynamodb/stores.ts';
import { openTable } from '../../functions/adapters/dynamodb/table.ts';
import { digestOfBytes } from '../../functions/domain/digest.ts';
import type { Actor } from '../../functions/domain/identity/principal.ts';
import { emptyHead, swap } from '../../functions/domain/promotion/head.ts';
import type { Write } from '../../functions/ports/transaction.ts';
import { startEngine } from '../../local/table/engine.ts';
import { Api } from '../support/api.ts';
import { copyOf, replayCopies, templateOf } from '../support/promotion-copies.ts';
import { newDataDir, type Runtime, startRuntime } from '../support/runtime.ts';

export const SUBJECTS = 1_000;
export const PROMOTIONS = 10_000;
/** Promotions that are still open; all others ended. */
export const OPEN = 20;
/** Versions that a subject has, so that some are level and others not. */
const VERSIONS = 7;

/** The runtime with one tenant of 1,000 subjects in 5 environments and 10,000 promotions. */
export async function bigTenant(): Promise<{ readonly runtime: Runtime; stop(): Promise<void> }> {
  const dataDir = await newDataDir();
  const engine = await startEngine(dataDir);
  const runtime = await startRuntime({ SLUICE_DYNAMODB_ENDPOINT: engine.endpoint }, { dataDir });
  await fill(runtime, engine.endpoint);
  return {
    runtime,
    async stop() {
      await runtime.stop();
      await engine.stop();
    },
  };
}

async function fill(runtime: Runtime, endpoint: string): Promise<void> {
  const [dev, admin] = await Promise.all(
    ['dev@acme.com', 'admin@acme.com'].map(async (email) => new Api(runtime.url, await runtime.token(email))),
  );
  if (dev === undefined || admin === undefined) throw new Error('nobody is there');
  for (const [name, rank] of [
    ['emea', 4],
    ['apac', 5],
  ] as const)
    await made(admin.post('/api/v1/environments', { name, rank }));
  const environments = (await made(dev.get('/api/v1/environments'))).items.map(
    ({ name }: { name: string }) => name,
  );
  const asked = { targetEnvironment: 'production', sourceEnvironment: 'staging', promotionType: 'FULL' };
  const { id } = await made(dev.post('/api/v1/config/promotions', asked));

  const settings = {
    endpoint,
    region: 'eu-central-1',
    credentials: { accessKeyId: 'x', secretAccessKey: 'x' },
  };
  const { client } = openTable('', settings);
  const { TableNames: [name = ''] = [] } = await client.send(new ListTablesCommand({}));
  const table = openTable(name, settings);
  const stores = dynamoStores(table);
  const commit = async (tenant: string, writes: readonly Write[]) => {
    const { committed } = await stores.transactions.commit(tenant, writes);
    if (!committed) throw new Error('somebody else wrote too');
  };
  try {
    const { organization_id: tenant } = await made(dev.get(`/api/v1/promotions/${id}`));
    const heads = Array.from({ length: SUBJECTS }, (_, subject) =>
      environments.map((environment: string, place: number) => headOf(subject, environment, place)),
    ).flat();
    // As every commit that moves heads does, these touch the guards of their environments.
    const guards = environments.map(
      (environment: string) => ({ write: 'raise_guard', environment }) as const,
    );
    for (let from = 0; from < heads.length; from += 90)
      await commit(tenant, [...guards, ...heads.slice(from, from + 90)]);
    const template = await templateOf(stores, tenant, id);
    const ids = Array.from(
      { length: PROMOTIONS },
      (_, n) => `${id.slice(0, -5)}${String(n).padStart(5, '0')}`,
    );
    for (let from = 0; from < PROMOTIONS; from += 40)
      await commit(
        tenant,
        ids.slice(from, from + 40).map((each, n) => copyOf(template, each, from + n < OPEN)),
      );
    await replayCopies(stores, tenant, ids);
  } finally {
    table.client.destroy();
    client.destroy();
  }
}

const BY: Actor = { subject: 'bench', email: 'bench@acme.com', kind: 'person' };

/** What a subject runs in an environment: two thirds of all run one content everywhere. */
function headOf(subject: number, environment: string, place: number): Write {
  const level = subject % 3 === 0 ? subject % VERSIONS : Math.max(0, (subject % VERSIONS) - place);
  const now = new Date().toISOString();
  const slot = {
    subject: { kind: 'artifact', name: `payments-service-${String(subject).padStart(4, '0')}` } as const,
    environment,
  };
  const { head } = swap(emptyHead(slot, now), {
    digest: digestOfBytes(`${subject} ${level}`),
    cause: { by: 'record', deployment_id: `dep-${subject}-${place}` },
    deployment_id: `dep-${subject}-${place}`,
    version_label: `v1.${level}.0-abc1234`,
    actor: BY,
    now,
  });
  return { write: 'head', head, expected: 0 };
}

async function made(answer: ReturnType<Api['get']>) {
  const { status, body } = await answer;
  if (status >= 300) throw new Error(`${status} ${JSON.stringify(body)}`);
  return body;
}
