import type { Entry } from '../../domain/config-tree/entry.ts';
import { Fault } from '../../domain/faults.ts';
import { SYSTEM } from '../../domain/identity/principal.ts';
import { isRefusal, refuse } from '../../domain/refusal.ts';
import { type EditDeps, writeConfig } from './edit.ts';

/** What both environments of the config-promotion document have alike: 35 settings, two flags among them. */
const SETTINGS: { readonly [key: string]: string | number | boolean } = {
  'ai.max-tokens': 4096,
  'ai.temperature': 0.2,
  'ai.provider': 'openai',
  'auth.session-ttl': '8h',
  'auth.token-issuer': 'https://id.acme.com',
  'billing.currency': 'EUR',
  'billing.grace-days': 14,
  'cache.max-entries': 10_000,
  'cache.ttl': '5m',
  'catalog.page-size': 50,
  'dashboard.refresh': '30s',
  'export.bucket': 'acme-exports',
  'export.format': 'parquet',
  'export.max-rows': 1_000_000,
  'ingest.batch-size': 500,
  'ingest.parallelism': 8,
  'ingest.retries': 3,
  'log.level': 'info',
  'log.sample-rate': 0.1,
  'mail.from': 'noreply@acme.com',
  'mail.reply-to': 'support@acme.com',
  'metrics.interval': '60s',
  'query.engine': 'trino',
  'query.max-memory': '8GB',
  'query.result-limit': 100_000,
  'queue.visibility': '30s',
  'search.analyzer': 'english',
  'search.max-hits': 200,
  'storage.region': 'eu-central-1',
  'storage.retention-days': 365,
  'ui.locale': 'en',
  'ui.theme': 'light',
  'webhook.timeout': '10s',
};

const flag = (key: string, enabled: boolean): Entry => ({
  kind: 'flag',
  key,
  enabled,
  variants: { on: true, off: false },
  default_variant: 'on',
  targeting: null,
});

const ALIKE: readonly Entry[] = [
  ...Object.entries(SETTINGS).map(([key, value]) => ({ kind: 'config' as const, key, value })),
  flag('new-dashboard', true),
  flag('query-history', false),
];

/** 37 entries in staging and 36 in production, which differ as in the config-promotion document. */
const DEMO: { readonly [environment: string]: readonly Entry[] } = {
  staging: [
    ...ALIKE,
    { kind: 'config', key: 'query.timeout', value: '180s' },
    { kind: 'config', key: 'ai.new-model', value: 'gpt-4-turbo' },
  ],
  production: [...ALIKE, { kind: 'config', key: 'query.timeout', value: '120s' }],
};

/** Fills the environments of the default pipeline that nobody has written to; twice is once. */
export async function seedConfigDemo(deps: EditDeps, tenant: string): Promise<void> {
  for (const [environment, put] of Object.entries(DEMO)) {
    const written = await writeConfig(deps, {
      tenant,
      environment,
      edits: { put, remove: [] },
      actor: SYSTEM,
      reason: 'demo data',
      check: (_, head) =>
        head.revision === 0 ? undefined : refuse('conflict', 'it has been written to already'),
    });
    if (isRefusal(written) && written.refused !== 'conflict' && written.refused !== 'unknown_environment')
      throw new Fault('Corrupt', `demo data: ${written.detail}`);
  }
}
