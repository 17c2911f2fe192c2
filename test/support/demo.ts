import { expect } from 'vitest';
import { type ExportItem, exportLine } from '../../functions/domain/audit/export-item.ts';
import { verifyExport } from '../../functions/domain/audit/verify.ts';
import { Api, type Body, until } from './api.ts';
import type { Runtime } from './runtime.ts';

/** Waits until the runtime says that its demo is complete. */
export async function demoComplete(runtime: Pick<Runtime, 'output'>): Promise<void> {
  await until(
    async () => runtime.output(),
    (output) => output.includes('The demo is complete'),
  );
}

/** Asserts everything that a demo has, each once: through the API, as dev sees it. */
export async function expectDemo(runtime: Runtime): Promise<void> {
  const dev = new Api(runtime.url, await runtime.token('dev@acme.com'));
  const read = async (path: string): Promise<Body> => {
    const { status, body } = await dev.get(`/api/v1${path}`);
    expect(status, `${path} ${JSON.stringify(body)}`).toBe(200);
    return body;
  };
  const { subjects, promotions } = await read('/overview');
  const active = ({ name, active: cells }: Body) =>
    `${name} ${cells.map(({ environment, version }: Body) => `${environment} ${version}`).join(' ')}`;
  expect(subjects.filter(({ kind }: Body) => kind !== 'config').map(active)).toEqual([
    'demo-claims development 0.9.1 staging 0.9.0 production 0.8.0',
    'demo-support development 1.5.0 staging 1.4.2 production 1.3.0',
    'demo-shop development v1.1.0 staging v1.0.0',
  ]);
  expect(promotions).toHaveLength(3);
  const { items } = await read('/promotions?limit=100');
  const stories = await Promise.all(
    items.map(async ({ id, kind, status, agent_id, artifact_version, blocked_by }: Body) => {
      const timeline = await read(`/promotions/${id}/timeline?limit=100`);
      const acts = timeline.items.flatMap(({ type, actor }: Body) =>
        ACTS.includes(type) ? [`${actor.email.split('@')[0]} ${type}`] : type === COMPLETED ? [type] : [],
      );
      return `${kind} ${agent_id ?? artifact_version} ${status} ${blocked_by.join()}: ${acts.join(', ')}`;
    }),
  );
  expect(stories.sort()).toEqual(STORIES);
  await expectGoverning(read, items);
  await expectDelivery(read);
  await expectRecord(read);
}

/** What people do. Who completes what runs by itself is the one who asked, or Sluice. */
const ACTS = ['PromotionRequested', 'ApprovalGranted', 'PromotionScheduled', 'PromotionBlocked'];
const COMPLETED = 'PromotionCompleted';
const STORIES = [
  'agent demo-claims scheduled : dev PromotionRequested, alice ApprovalGranted, dev PromotionScheduled',
  'agent demo-support pending : dev PromotionRequested',
  'artifact v1.0.0 completed : dev PromotionRequested, PromotionCompleted',
  'artifact v1.1.0 blocked tests: dev PromotionRequested, dev PromotionBlocked',
];

type Read = (path: string) => Promise<Body>;

/** A freeze two weeks ahead, what is scheduled after it, who may do what, and each change once. */
async function expectGoverning(read: Read, items: Body): Promise<void> {
  const { items: freezes } = await read('/environments/production/freezes');
  expect(freezes).toHaveLength(1);
  const [{ starts_at, ends_at }] = freezes;
  const days = (Date.parse(starts_at) - Date.now()) / 86_400_000;
  expect(days).toBeGreaterThan(13);
  expect(days).toBeLessThan(16);
  const { scheduled_at } = items.find(({ status }: Body) => status === 'scheduled');
  expect(Date.parse(scheduled_at)).toBeGreaterThan(Date.parse(ends_at));
  const changes = await read('/audit/changes?limit=100');
  const told = changes.items.map(
    ({ actor, action, target }: Body) => `${actor.email} ${action} ${target.type}`,
  );
  expect(told.filter((line: string) => line.startsWith('admin')).sort()).toEqual([
    'admin@acme.com create freeze',
    'admin@acme.com create gateway',
    'admin@acme.com create gateway',
    'admin@acme.com create gateway',
    'admin@acme.com create policy',
    'admin@acme.com update member',
  ]);
  expect((await read('/audit/denials')).items).toEqual([]);
}

/** Every deployment is counted once, reports of an artifact are there once. */
async function expectDelivery(read: Read): Promise<void> {
  const { environments } = await read('/platform/deployments/metrics');
  const counted = environments.map(({ environment, deployed }: Body) => `${environment} ${deployed}`);
  expect(counted).toEqual(['development 4', 'staging 3', 'production 2']);
  const { items: versions } = await read('/artifacts/demo-shop/versions');
  expect(versions.map(({ version }: Body) => version)).toEqual(['v1.1.0', 'v1.0.0']);
  for (const { digest } of versions) {
    const { items: reports } = await read(`/evidence?subject_digest=${digest}`);
    expect(reports.map(({ gate }: Body) => gate)).toEqual(['security_scan', 'signature', 'tests']);
  }
}

/** The record is whole, and dev may read it. */
async function expectRecord(read: Read): Promise<void> {
  expect((await read('/audit?limit=100')).items).toHaveLength(4);
  const { public_key, next_cursor: _, ...signed } = await read('/audit/checkpoint');
  const lines = [exportLine(signed)];
  for (let cursor = ''; ; ) {
    const page = await read(`/audit/export?limit=100${cursor}`);
    lines.push(...page.items.map((item: ExportItem) => exportLine(item)));
    if (page.next_cursor === null) break;
    cursor = `&cursor=${page.next_cursor}`;
  }
  expect(verifyExport(lines, public_key).problems).toEqual([]);
}
