/** `npm run demo`: walks one agent promotion to production and one artifact to staging through the runtime that runs here. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { demoArtifact } from './demo-artifact.ts';

const dataDir = process.env['SLUICE_DATA_DIR'] ?? '.sluice';
const promotionSchema = z.looseObject({ id: z.string(), status: z.string() });
const timelineSchema = z.object({
  items: z.array(
    z.looseObject({ type: z.string(), at: z.string(), actor: z.looseObject({ email: z.string() }) }),
  ),
});

const url = await runningUrl();
const [dev, alice, admin] = await Promise.all(
  ['dev', 'alice', 'admin'].map((name) => tokenOf(`${name}@acme.com`)),
);
const agent = `agent-demo-${Date.now()}`;

for (const environment of ['staging', 'production']) {
  await call(
    admin,
    'POST',
    '/gateways',
    { id: `gw-demo-${environment}`, environment, driver: 'record' },
    [409],
  );
}
await call(dev, 'POST', '/deployments', {
  id: `dep-${agent}`,
  agent_id: agent,
  gateway_id: 'gw-demo-staging',
  environment: 'staging',
});
say(`dev@acme.com asks for ${agent}: staging → production`);
const created = promotionSchema.parse(
  await call(dev, 'POST', '/promotions', {
    agent_id: agent,
    source_deployment_id: `dep-${agent}`,
    target_gateway_id: 'gw-demo-production',
    target_environment: 'production',
  }),
);
const path = `/promotions/${created.id}`;
say(`${created.id} is ${created.status}; alice@acme.com approves what was sealed`);
await call(alice, 'POST', `${path}/approve`, {
  comment: 'demo',
  manifest_digest: created['manifest_digest'],
});
say('dev@acme.com executes');
await call(dev, 'POST', `${path}/execute`);
const done = await completed();
say(`${done.id} is ${done.status}: deployment ${done['target_deployment_id']}`);

const { items } = timelineSchema.parse(await call(dev, 'GET', `${path}/timeline`));
for (const { at, type, actor } of items) say(`  ${at}  ${type.padEnd(20)}  ${actor.email || 'sluice'}`);

await demoArtifact({ url, say, call: (method, path, body) => call(dev, method, path, body) });

async function completed(): Promise<z.infer<typeof promotionSchema>> {
  for (let looks = 0; looks < 300; looks++) {
    const promotion = promotionSchema.parse(await call(dev, 'GET', path));
    if (promotion.status === 'completed') return promotion;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return fail(`${created.id} did not complete within half a minute; look at ${url}/api/v1${path}`);
}

/** One request; an answer that is neither good nor among `allowed` ends the demo with what it said. */
async function call(
  token: string | undefined,
  method: string,
  path: string,
  body?: object,
  allowed: readonly number[] = [],
): Promise<unknown> {
  const answer = await fetch(`${url}/api/v1${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  if (!answer.ok && !allowed.includes(answer.status)) fail(`${method} ${path}: ${answer.status} ${text}`);
  return text === '' ? null : JSON.parse(text);
}

async function tokenOf(email: string): Promise<string> {
  const answer = await fetch(`${url}/_local/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email }),
  }).catch(() => fail('Sluice does not answer. Start it with npm start.'));
  if (!answer.ok) fail(`there is no demo person ${email} here (${answer.status})`);
  return z.object({ access_token: z.string() }).parse(await answer.json()).access_token;
}

async function runningUrl(): Promise<string> {
  const text = await readFile(join(dataDir, 'runtime.json'), 'utf8').catch(() =>
    fail('Sluice is not running. Start it with npm start.'),
  );
  return z.object({ url: z.url() }).parse(JSON.parse(text)).url;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

function fail(message: string): never {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}
