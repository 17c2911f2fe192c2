import { generateKeyPairSync, sign } from 'node:crypto';
import { isRecord } from '../json.ts';
import type { Caller } from './caller.ts';
import type { Image } from './images.ts';

/** Who acts in the demo, and how an image gets into the registry: `push` returns its manifest. */
export interface Cast {
  readonly admin: Caller;
  readonly dev: Caller;
  readonly alice: Caller;
  push(image: Image): Promise<Buffer>;
}

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const PIPELINE = ['development', 'staging', 'production'];
/** Which version of an agent runs where: an environment, and the versions that were recorded there. */
const AGENTS = [
  ['demo-support', 'development', '1.5.0'],
  ['demo-support', 'staging', '1.4.2'],
  ['demo-support', 'production', '1.3.0'],
  ['demo-claims', 'development', '0.9.1'],
  ['demo-claims', 'staging', '0.9.0'],
  ['demo-claims', 'production', '0.8.0'],
] as const;
const SHOP = 'demo-shop';
const LOOKS = 20;

/**
 * Does what the demo people did: two agents and an artifact in several environments, one promotion completed, one that waits for alice, one
 * blocked by its tests, one scheduled behind a freeze. `begun` is when that began: every time follows from it. Each act counts once: done
 * again within a day, after a crash anywhere, it changes nothing.
 */
export async function perform(cast: Cast, begun: number): Promise<void> {
  const midnight = Math.ceil(begun / DAY) * DAY;
  const at = (days: number, hours = 0) => new Date(midnight + days * DAY + hours * HOUR).toISOString();
  const freeze = { reason: 'Quarter close', starts_at: at(14), ends_at: at(17) };
  await govern(cast, freeze);
  const parts = [agents(cast, at(17, 9)), artifact(cast)];
  // All come to rest before anything is tried again.
  for (const part of await Promise.allSettled(parts)) if (part.status === 'rejected') throw part.reason;
}

/** What an admin sets before agents are promoted: what is open while its rules are weakened waits for another person. */
async function govern({ admin, dev }: Cast, freeze: object): Promise<void> {
  const { subject } = await dev.get('/me');
  const roles = ['developer', 'promoter', 'auditor'].map((role) => ({ role }));
  await admin.send('PATCH', `/members/${subject}`, { roles, reason: 'developers read the audit' });
  await admin.once('/environments/*/freezes', freeze);
  await admin.once('/approval-policies', {
    name: 'One approver, for a month',
    environments: ['production'],
    expires_after: 'P30D',
    reason: 'what is approved before the freeze is released after it',
  });
  for (const environment of PIPELINE) {
    await admin.once('/gateways', { id: `demo-${environment}`, environment });
  }
}

async function agents({ dev, alice }: Cast, afterFreeze: string): Promise<void> {
  await Promise.all(
    AGENTS.map(([agent, environment, version]) =>
      dev.once('/deployments', runs(agent, environment, version)),
    ),
  );
  await dev.once('/promotions', toProduction('demo-support', 'automatic'));
  const { id } = await dev.once('/promotions', toProduction('demo-claims', 'manual'));
  const path = `/promotions/${id}`;
  const { status } = await dev.get(path);
  if (status === 'pending')
    await alice.send('POST', `${path}/approve`, { comment: 'After the quarter close.' });
  if (status !== 'scheduled') await dev.send('POST', `${path}/schedule`, { at: afterFreeze });
}

/** Versions of one agent with the same number have the same content. */
function runs(agent_id: string, environment: string, version: string) {
  const content_digest = `sha256:${Buffer.from(`${agent_id} ${version}`).toString('hex').padEnd(64, '0')}`;
  const id = `${agent_id}.${environment}`;
  return { id, agent_id, environment, version, content_digest, gateway_id: `demo-${environment}` };
}

const toProduction = (agent_id: string, execution: 'automatic' | 'manual') => ({
  agent_id,
  source_deployment_id: `${agent_id}.staging`,
  target_gateway_id: 'demo-production',
  target_environment: 'production',
  execution,
});

/** A version that is in staging, and the next one, whose tests fail. */
async function artifact(cast: Cast): Promise<void> {
  const first = await published(cast, 'v1.0.0', 'build-1', { passed: true, total: 412, failed: 0 });
  await completed(cast.dev, first);
  await published(cast, 'v1.1.0', 'build-2', { passed: false, total: 415, failed: 3 });
}

async function published({ dev, push }: Cast, version: string, tag: string, tests: object): Promise<unknown> {
  const manifest = await push({ repository: SHOP, tag });
  const { digest } = await dev.once(`/artifacts/${SHOP}/versions`, { version, reference: tag });
  const subject_digest = String(digest);
  const { items } = await dev.get(`/evidence?subject_digest=${subject_digest}`);
  const reported = Array.isArray(items) ? items.map((item) => record(item)['gate']) : [];
  for (const report of [
    { gate: 'security_scan', format: 'json', document: { passed: true } },
    { gate: 'signature', format: 'cosign', document: signed(manifest) },
    { gate: 'tests', format: 'json', document: tests },
  ]) {
    // A signature is another one each time.
    if (!reported.includes(report.gate)) await dev.send('POST', '/evidence', { ...report, subject_digest });
  }
  const asked = { artifact: SHOP, version, target_environment: 'staging', execution: 'automatic' };
  return (await dev.once('/promotions', asked))['id'];
}

/** A signature by a key that is made here and forgotten. */
function signed(manifest: Buffer) {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return {
    blob: manifest.toString('base64'),
    signature: sign('sha256', manifest, privateKey).toString('base64'),
    public_key: publicKey.export({ type: 'spki', format: 'pem' }),
  };
}

/** Waits until a promotion is completed; throws where it comes to something else, or to nothing within minutes. */
async function completed(dev: Caller, id: unknown): Promise<void> {
  let version = '';
  for (let looks = 0; looks < LOOKS; looks += 1) {
    const seen = await dev.get(`/promotions/${id}?wait=20${version}`);
    if (seen['status'] === 'completed') return;
    version = `&version=${seen['version']}`;
  }
  throw new Error(`the promotion ${id} did not complete`);
}

const record = (value: unknown) => (isRecord(value) ? value : {});
