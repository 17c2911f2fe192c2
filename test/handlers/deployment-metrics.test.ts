import { DatabaseSync } from 'node:sqlite';
import { beforeEach, describe, expect, it } from 'vitest';
import type { MetricsView } from '../../functions/contract/deployment-metrics.ts';
import { type FlagKey, keyText, secretDigest } from '../../functions/domain/flags/flag-key.ts';
import { rollUpDeployments } from '../../functions/use-cases/deployments/roll-up.ts';
import { recordHistory } from './deployment-history.ts';
import { deploymentsWorld, recorder } from './deployments-world.ts';
import type { Signer } from './event.ts';

let world: Awaited<ReturnType<typeof deploymentsWorld>>;

beforeEach(async () => {
  world = await deploymentsWorld();
  await recordHistory(world);
  world.advance('PT1M');
  await count();
});

const count = async () => await rollUpDeployments(world.deps, { most: 1_000, milliseconds: 60_000 });

async function metrics(query: string, signer?: Signer): Promise<MetricsView> {
  const path = `/api/v1/platform/deployments/metrics?from=2026-02-02&to=2026-02-13&${query}`;
  const answer = await world.call('GET', path, undefined, signer);
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  return answer.body;
}
async function only(query: string) {
  const { environments } = await metrics(query);
  const [found] = environments;
  if (found === undefined || environments.length > 1) throw new Error(`${environments.length} environments`);
  return found;
}

describe('metrics of twelve deployments made by hand', () => {
  it('are those worked out by hand', async () => {
    const production = await only('environment=prod');
    expect(production).toMatchObject({
      environment: 'prod',
      terminal: true,
      deployments: 11,
      deployed: 7,
      failed: 3,
      rolledBack: 1,
      rollbackRate: 1 / 11,
      // 1, 2, 2, 4, 5, 10, 10, 10, 20, 30, 30 minutes
      duration: { count: 11, medianSeconds: 600, p90Seconds: 1_800 },
      deploymentFrequency: { count: 11, days: 12, perDay: 11 / 12 },
      // 1, 2, 6, 12, 24 hours; d4 names no commit, d9 none that was not shipped
      changeLeadTime: { count: 5, unknown: 2, medianSeconds: 21_600, p90Seconds: 43_200 + 0.6 * 43_200 },
      // d2 to d3, d6 to d7, d5 to d7: 75, 80, 120 minutes; d10 is not mended
      failedDeploymentRecoveryTime: { count: 3, medianSeconds: 4_800 },
      changeFailRate: { failures: 4, deployments: 11, rate: 4 / 11 },
      // d3, d6, d7 of the eight that say so
      deploymentReworkRate: { unplanned: 3, known: 8, unknown: 3, rate: 3 / 8 },
    });
    expect(production.duration.distribution).toEqual([
      { upToSeconds: 60, count: 1 },
      { upToSeconds: 300, count: 4 },
      { upToSeconds: 900, count: 3 },
      { upToSeconds: 3_600, count: 3 },
      { upToSeconds: 14_400, count: 0 },
      { upToSeconds: 86_400, count: 0 },
      { upToSeconds: null, count: 0 },
    ]);
  });

  it('are told by kind and by subject', async () => {
    const { byKind } = await only('environment=production');
    expect(byKind.map(({ kind, deployments }) => [kind, deployments])).toEqual([
      ['artifact', 10],
      ['agent', 1],
    ]);
    expect(await only('environment=production&kind=agent')).toMatchObject({
      deployments: 1,
      changeLeadTime: { count: 1, medianSeconds: 3_600 },
      deploymentReworkRate: { rate: null, unknown: 1 },
    });
    expect(await only('environment=production&kind=artifact&subject=platform')).toMatchObject({
      deployments: 10,
    });
    expect(await only('environment=production&kind=agent&subject=agent-2')).toMatchObject({
      deployments: 0,
      rollbackRate: null,
      duration: { count: 0, medianSeconds: null, p90Seconds: null },
    });
  });

  it('are told of every environment, the last one marked', async () => {
    const { environments, definitions } = await metrics('');
    expect(
      environments.map(({ environment, terminal, deployments }) => [environment, terminal, deployments]),
    ).toEqual([
      ['development', false, 0],
      ['staging', false, 1],
      ['production', true, 11],
    ]);
    expect(Object.keys(definitions)).toHaveLength(9);
  });

  it('are cut into days, weeks and months', async () => {
    const weeks = await only('environment=production&interval=week');
    expect(weeks.series.map(({ from, to, deployments }) => [from, to, deployments])).toEqual([
      ['2026-02-02', '2026-02-08', 8],
      ['2026-02-09', '2026-02-13', 3],
    ]);
    const days = await only('environment=production');
    expect(days.series.map(({ deployments }) => deployments)).toEqual([3, 2, 3, 0, 0, 0, 0, 0, 1, 1, 1, 0]);
    expect(days.series[0]).toMatchObject({
      failedDeploymentRecoveryTime: { count: 1, medianSeconds: 4_500 },
    });
    const months = await only('environment=production&interval=month');
    expect(months.series).toMatchObject([{ from: '2026-02-02', to: '2026-02-13', deployments: 11 }]);
  });

  it('follow what becomes of a deployment later', async () => {
    await world.call('PATCH', '/api/v1/platform/deployments/d9', { status: 'ROLLED_BACK' }, recorder);
    expect(await only('environment=production')).toMatchObject({ rolledBack: 1 });
    world.advance('PT1M');
    await count();
    expect(await only('environment=production')).toMatchObject({
      deployments: 11,
      deployed: 6,
      rolledBack: 2,
      changeFailRate: { failures: 5 },
      deploymentFrequency: { count: 11 },
    });
  });

  it('of others than the caller may read are not told', async () => {
    await world.member('stan', [{ role: 'viewer', environment: 'staging' }]);
    const { environments } = await metrics('', { sub: 'stan' });
    expect(environments.map(({ environment }) => environment)).toEqual(['staging']);
    const path = '/api/v1/platform/deployments/metrics?environment=prod';
    expect(await world.call('GET', path, undefined, { sub: 'stan' })).toMatchObject({ status: 403 });
  });

  it.each([
    'from=2026-02-03&to=2026-02-02',
    'from=2024-01-01&to=2026-01-01',
    'from=yesterday',
    'subject=platform',
    'interval=hour',
    'environment=prod&environment=dev',
  ])('refuses %s with 400', async (query) => {
    const answer = await world.call('GET', `/api/v1/platform/deployments/metrics?${query}`);
    expect(answer.status).toBe(400);
  });
});

describe('the metrics as Prometheus scrapes them', () => {
  const NOW = '2026-03-01T10:00:00.000Z';
  async function key(type: FlagKey['type'], environment = 'production'): Promise<string> {
    const [secret, id] = ['s'.repeat(43), `key-${type}-${environment}`];
    const stamps = { version: 1, created_at: NOW, updated_at: NOW };
    const about = { id, name: 'prometheus', environment, type, allowed_origins: [] };
    const item: FlagKey = { ...about, secret_digest: secretDigest(secret), ...stamps };
    await world.commit({ write: 'catalog', entry: { type: 'flag_key', item }, expected: 0 });
    return keyText({ tenant: 'acme', environment, id, secret });
  }
  const scrape = (credential?: string) =>
    world.scrape(credential === undefined ? {} : { authorization: `Bearer ${credential}` });

  it('are gauges of the last 30 days in the environment of the key', async () => {
    const { status, headers, body } = await scrape(await key('scrape'));
    expect(status).toBe(200);
    expect(headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8');
    const lines = String(body).split('\n');
    expect(lines).toEqual(
      expect.arrayContaining([
        '# TYPE sluice_deployments gauge',
        'sluice_deployments{environment="production",kind="artifact",status="DEPLOYED"} 6',
        'sluice_deployments{environment="production",kind="artifact",status="ROLLED_BACK"} 1',
        'sluice_deployments{environment="production",kind="agent",status="DEPLOYED"} 1',
        'sluice_failed_deployment_recovery_time_seconds{environment="production",kind="artifact",quantile="0.5"} 4800',
        'sluice_change_fail_ratio{environment="production",kind="artifact"} 0.4',
        'sluice_change_lead_time_seconds{environment="production",kind="agent",quantile="0.5"} 3600',
      ]),
    );
    // Nobody said of the agent whether it was planned: there is nothing to tell.
    expect(String(body)).not.toContain(
      'sluice_deployment_rework_ratio{environment="production",kind="agent"',
    );
    expect(String(body)).not.toContain('staging');
    const sample = /^[a-z_]+\{[a-z]+="[^"]*"(,[a-z]+="[^"]*")*\} [0-9.e+-]+$/;
    for (const line of lines)
      expect(line === '' || line.startsWith('# ') || sample.test(line), line).toBe(true);
  });

  it('are told to keys of type scrape alone', async () => {
    for (const credential of [
      undefined,
      'token',
      await key('server'),
      `${await key('scrape', 'staging')}x`,
    ]) {
      expect((await scrape(credential)).status).toBe(401);
    }
  });
});

/**
 * The formulas of the Four Keys project (dora-team/fourkeys, METRICS.md) in SQLite over the history that the API gives out. Theirs and
 * ours define the same where each failure is one incident, resolved by the next deployment that serves, and each deployment ships one
 * new commit. SQLite has no PERCENTILE_CONT: the median of sorted rows is the same.
 */
describe('the formulas of Four Keys over the exported history', () => {
  const MEDIAN = (value: string, from: string) => `
    SELECT avg(value) AS median FROM (
      SELECT ${value} AS value, row_number() OVER (ORDER BY ${value}) AS place, count(*) OVER () AS total FROM ${from})
    WHERE place IN ((total + 1) / 2, (total + 2) / 2)`;

  async function exported(): Promise<DatabaseSync> {
    const database = new DatabaseSync(':memory:');
    database.exec(`CREATE TABLE deployments (deploy_id, subject, status, time_created, time_live, time_failed);
      CREATE TABLE changes (change_id, deploy_id, time_created)`);
    const { body } = await world.call(
      'GET',
      '/api/v1/platform/deployments/history?environment=prod&kind=all&limit=100',
    );
    const deploy = database.prepare('INSERT INTO deployments VALUES (?, ?, ?, ?, ?, ?)');
    const change = database.prepare('INSERT INTO changes VALUES (?, ?, ?)');
    for (const { id, agentId, status, deployedAt, liveAt, endedAt, completedAt, commits } of body) {
      const failed = status === 'DEPLOYED' ? null : (endedAt ?? completedAt);
      deploy.run(id, agentId ?? 'platform', status, deployedAt, liveAt, failed);
      for (const { sha, committedAt } of commits ?? []) change.run(sha, id, committedAt);
    }
    database.exec(`CREATE VIEW incidents AS SELECT failed.deploy_id AS incident_id, failed.time_failed AS time_created,
      (SELECT min(time_live) FROM deployments next
        WHERE next.subject = failed.subject AND next.time_live >= failed.time_failed) AS time_resolved
      FROM deployments failed WHERE failed.time_failed IS NOT NULL`);
    return database;
  }

  it('give the same daily deployments, fail rate, recovery and lead times', async () => {
    const database = await exported();
    const production = await only('environment=production');
    const daily = database
      .prepare(
        'SELECT date(time_created) AS day, count(DISTINCT deploy_id) AS n FROM deployments GROUP BY day ORDER BY day',
      )
      .all();
    const ours = production.series.filter(({ deployments }) => deployments > 0);
    expect(daily.map(({ day, n }) => [day, n])).toEqual(
      ours.map(({ from, deployments }) => [from, deployments]),
    );
    const rate = database
      .prepare(`SELECT 1.0 * sum(incident_id IS NOT NULL) / count(DISTINCT deploy_id) AS rate
        FROM deployments LEFT JOIN incidents ON incident_id = deploy_id`)
      .get();
    expect(rate?.['rate']).toBeCloseTo(production.changeFailRate.rate ?? -1, 12);
    const restore = database
      .prepare(
        MEDIAN(
          'round(86400 * (julianday(time_resolved) - julianday(time_created)))',
          'incidents WHERE time_resolved IS NOT NULL',
        ),
      )
      .get();
    expect(restore?.['median']).toBe(production.failedDeploymentRecoveryTime.medianSeconds);
    const lead = database
      .prepare(
        MEDIAN(
          'round(86400 * (julianday(d.time_live) - julianday(c.time_created)))',
          `deployments d JOIN (SELECT change_id, min(deploy_id) AS deploy_id, time_created FROM changes
            GROUP BY change_id) c ON c.deploy_id = d.deploy_id`,
        ),
      )
      .get();
    expect(lead?.['median']).toBe(production.changeLeadTime.medianSeconds);
  });
});
