import { DatabaseSync } from 'node:sqlite';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Act, STORIES, tell } from '../use-cases/deployments/stories.ts';
import { deploymentsWorld } from './deployments-world.ts';

/** Seconds from one instant to another, never negative, rounded as the answer's definition of percentiles says. */
const seconds = (from: string, to: string) => `(SELECT CASE
    WHEN s < 3600 THEN s WHEN s < 604800 THEN 60 * round(s / 60.0) ELSE 3600 * round(s / 3600.0) END
  FROM (SELECT max(0, round(86400 * (julianday(${to}) - julianday(${from})))) AS s))`;

/** A percentile of the lengths of a view, interpolated as PERCENTILE_CONT is, which SQLite has not. */
const percentile = (
  share: number,
  view: string,
) => `SELECT low.length + (high.length - low.length) * (place - floor(place)) AS length
  FROM (SELECT ${share} * (count(*) - 1) AS place FROM ${view})
  JOIN (SELECT length, row_number() OVER (ORDER BY length) - 1 AS at FROM ${view}) low ON low.at = floor(place)
  JOIN (SELECT length, row_number() OVER (ORDER BY length) - 1 AS at FROM ${view}) high ON high.at = ceil(place)`;

/**
 * DORA's five by their definitions (dora.dev/guides/dora-metrics) over the history that the API gives out. A change is committed, and runs once
 * a deployment serves that has it; a deployment brings the changes that ran nowhere before. One that failed or was rolled back is one
 * that needed intervention at once, and the next that serves is the recovery. Rework is what was not planned.
 */
const VIEWS = `
  CREATE VIEW known AS SELECT *, max(coalesce(failed_at, ended, completed), coalesce(live, '')) AS broke,
    coalesce(ended, completed) AS until FROM deployments WHERE status <> 'PENDING';
  CREATE VIEW shipped AS SELECT id, sha, made, live, status, until FROM known JOIN changes USING (id) WHERE live IS NOT NULL;
  CREATE VIEW leads AS SELECT id, ${seconds('min(made)', 'live')} AS length FROM shipped one WHERE NOT EXISTS (
    SELECT 1 FROM shipped other WHERE other.sha = one.sha AND (other.live, other.id) < (one.live, one.id)
      AND (other.status = 'DEPLOYED' OR other.until > one.live)) GROUP BY id;
  CREATE VIEW failures AS SELECT id, broke FROM known WHERE status IN ('FAILED', 'ROLLED_BACK');
  CREATE VIEW recoveries AS SELECT ${seconds('broke', 'back')} AS length FROM (SELECT broke, (
    SELECT min(live) FROM known next WHERE next.id <> failures.id AND next.live >= failures.broke) AS back FROM failures) WHERE back IS NOT NULL;`;

const FIVE = `SELECT (SELECT count(*) FROM known) AS deployments, (SELECT count(*) FROM failures) AS failures,
  (SELECT count(*) FROM leads) AS leads, (${percentile(0.5, 'leads')}) AS lead, (${percentile(0.9, 'leads')}) AS lead90,
  (SELECT count(*) FROM recoveries) AS recoveries, (${percentile(0.5, 'recoveries')}) AS recovery,
  (SELECT sum(unplanned = 1) FROM known) AS unplanned, (SELECT count(unplanned) FROM known) AS told`;

type Told = {
  readonly id: string;
  readonly status: string;
  readonly completedAt: string | null;
  readonly liveAt: string | null;
  readonly failedAt: string | null;
  readonly endedAt: string | null;
  readonly unplanned: boolean | null;
  readonly commits: readonly { readonly sha: string; readonly committedAt: string }[] | null;
};

function five(history: readonly Told[]) {
  const database = new DatabaseSync(':memory:');
  database.exec(`CREATE TABLE deployments (id TEXT, status TEXT, completed TEXT, live TEXT, failed_at TEXT, ended TEXT, unplanned INTEGER);
    CREATE TABLE changes (id TEXT, sha TEXT, made TEXT); ${VIEWS}`);
  const deployment = database.prepare('INSERT INTO deployments VALUES (?, ?, ?, ?, ?, ?, ?)');
  const change = database.prepare('INSERT INTO changes VALUES (?, ?, ?)');
  for (const { id, status, completedAt, liveAt, failedAt, endedAt, unplanned, commits } of history) {
    deployment.run(
      id,
      status,
      completedAt,
      liveAt,
      failedAt,
      endedAt,
      unplanned === null ? null : Number(unplanned),
    );
    for (const { sha, committedAt } of commits ?? []) change.run(id, sha, committedAt);
  }
  const found = database.prepare(FIVE).get();
  database.close();
  return found;
}

/** A reporter who says when it began says also when it ended: of others the history does not tell what the metrics leave out. */
const toldWhole = (act: Act): Act => ({
  ...act,
  subject: 0,
  times: act.times === 'none' || act.times === 'days ago' ? act.times : 'all',
});

/** A while after the environments were made: what was recorded before that is no history of theirs. */
const LATER: Act = {
  ...{ what: 'count', minutes: 5, place: 0, subject: 0 },
  ...{ status: 0, times: 'none', commits: [], which: 0 },
};

describe('the five of DORA, computed by SQLite from the exported history', () => {
  it('are those that the metrics say', async () => {
    const seen = { leads: 0, recoveries: 0 };
    await fc.assert(
      fc.asyncProperty(STORIES, async (story) => {
        const world = await deploymentsWorld();
        await tell(world, [LATER, ...story.map(toldWhole)]);
        for (const environment of ['staging', 'development']) {
          const path = '/api/v1/platform/deployments';
          const history = await world.call(
            'GET',
            `${path}/history?environment=${environment}&kind=artifact&limit=100`,
          );
          const span = 'from=2026-02-01&to=2026-03-31';
          const { body } = await world.call('GET', `${path}/metrics?${span}&environment=${environment}`);
          const [ours] = body.environments;
          const { leads, recoveries, told, unplanned, ...theirs } = { ...five(history.body) };
          expect({ leads, ...theirs, recoveries }).toEqual({
            deployments: ours.deploymentFrequency.count,
            failures: ours.changeFailRate.failures,
            leads: ours.changeLeadTime.count,
            lead: ours.changeLeadTime.medianSeconds,
            lead90: close(ours.changeLeadTime.p90Seconds),
            recoveries: ours.failedDeploymentRecoveryTime.count,
            recovery: ours.failedDeploymentRecoveryTime.medianSeconds,
          });
          expect(ours.deploymentFrequency.perDay).toBe(ours.deployments / 59);
          expect([unplanned ?? 0, told]).toEqual([
            ours.deploymentReworkRate.unplanned,
            ours.deploymentReworkRate.known,
          ]);
          seen.leads += Number(leads);
          seen.recoveries += Number(recoveries);
        }
      }),
      { numRuns: 500 },
    );
    expect(seen.leads).toBeGreaterThan(50);
    expect(seen.recoveries).toBeGreaterThan(50);
  });
});

/** Two ways to interpolate differ in the last bit. */
const close = (seconds: number | null) => (seconds === null ? null : expect.closeTo(seconds, 6));
