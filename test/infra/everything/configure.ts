import { until } from '../../support/api.ts';
import { ok, type World } from './world.ts';

const FLAG = { enabled: true, variants: { on: true }, defaultVariant: 'on' };

/** Edits, exports, imports, promotes and takes back configuration. */
export async function configure({ runtime, dev, alice, admin }: World): Promise<void> {
  const [environments, promotions] = ['/api/v1/config/environments', '/api/v1/config/promotions'];
  await ok(dev.put(`${environments}/staging/configs/recorded`, { value: 1 }));
  await ok(dev.put(`${environments}/staging/flags/recorded`, FLAG));
  await ok(dev.get(`${environments}/staging/snapshot`));
  await ok(dev.post('/ofrep/v1/evaluate/flags?environment=staging', { context: {} }));
  const { id: flag_key, key } = await ok(
    admin.post('/api/v1/flag-keys', { name: 'recorded', environment: 'staging', type: 'server' }),
  );
  const flags = await ok(dev.post('/ofrep/v1/evaluate/flags', { context: {} }, { 'x-api-key': key }));
  const stream = await fetch(flags.eventStreams[0].url);
  await stream.body?.getReader().read();
  await stream.body?.cancel().catch(() => {});
  await ok(dev.get('/api/v1/flag-keys'));
  await ok(dev.get(`/api/v1/flag-keys/${flag_key}`));
  await ok(admin.delete(`/api/v1/flag-keys/${flag_key}`));
  const scraper = { name: 'prometheus', environment: 'staging', type: 'scrape' };
  const { key: scrape } = await ok(admin.post('/api/v1/flag-keys', scraper));
  const scraped = await fetch(`${runtime.url}/metrics`, { headers: { 'x-api-key': scrape } });
  if (scraped.status !== 200) throw new Error(`${scraped.status} ${await scraped.text()}`);
  await ok(dev.get('/api/v1/platform/deployments/metrics'));
  await ok(dev.get('/api/v1/platform/deployments/history?environment=staging'));
  await ok(dev.get('/api/v1/platform/deployments/branch/main'));
  await ok(dev.get('/api/v1/platform/deployments/tag/v0/exists'));
  await ok(dev.get(`${environments}/staging/revisions`));
  const { entries } = await ok(dev.get(`${environments}/staging/export`));
  await ok(dev.post(`${environments}/development/import`, { entries }));
  const part = { entries: [{ kind: 'config', key: 'staged', value: 1 }] };
  const { stage } = await ok(dev.post(`${environments}/development/import/parts`, part));
  await ok(dev.post(`${environments}/development/import/commit`, { stage }));
  await ok(dev.get(`${promotions}/diff?source=staging&target=production`));
  const ask = { targetEnvironment: 'production', promotionType: 'PATTERN', keyPatterns: ['recorded'] };
  const { id } = await ok(dev.post(promotions, ask));
  await ok(dev.get(promotions));
  await ok(dev.get(`${promotions}/${id}/changes`));
  await ok(alice.post(`${promotions}/${id}/approve`));
  await ok(dev.post(`${promotions}/${id}/execute`));
  const status = async () => (await ok(dev.get(`${promotions}/${id}`))).status;
  await until(status, (now) => now === 'completed');
  const selected = {
    targetEnvironment: 'production',
    promotionType: 'SELECTIVE',
    configIds: ['ai.new-model'],
  };
  const cancelled = await ok(dev.post(promotions, selected));
  await ok(dev.delete(`${promotions}/${cancelled.id}`));
  const acknowledged = { acknowledgeRisk: true };
  const back = await ok(dev.post(`${promotions}/${id}/rollback`, acknowledged));
  await ok(alice.post(`${promotions}/${back.id}/reject`, { reason: 'no' }));
  await ok(dev.post(`${promotions}/${id}/rollback`, acknowledged));
  await runtime.runSchedule('garbage');
}
