import { describe, expect, test } from 'vitest';
import { type Bench, everything } from './adapters.ts';
import { deployment, later } from './samples.ts';

const COMMITTED = { committed: true };
const lost = (...indices: number[]) => ({ committed: false, lost: indices });

/** Deployments: what ran where, since when, and under which name. */
export function deploymentsContract({ stores, tenant }: Bench): void {
  const commit = (t: string, ...writes: Parameters<ReturnType<typeof stores>['transactions']['commit']>[1]) =>
    stores().transactions.commit(t, writes);

  describe('a deployment', () => {
    test('is written over the version its writer saw, and reads back as it was', async () => {
      const t = tenant();
      expect(await commit(t, { write: 'deployment', deployment: deployment('dep-1'), expected: 0 })).toEqual(
        COMMITTED,
      );
      expect(await commit(t, { write: 'deployment', deployment: deployment('dep-1'), expected: 0 })).toEqual(
        lost(0),
      );
      expect(await stores().deployments.read(t, 'dep-1')).toEqual(deployment('dep-1'));
      const failed = deployment('dep-1', 2, { status: 'FAILED' });
      expect(await commit(t, { write: 'deployment', deployment: failed, expected: 1 })).toEqual(COMMITTED);
      expect(await stores().deployments.read(t, 'dep-1')).toEqual(failed);
      expect(await stores().deployments.read(t, 'dep-2')).toBeUndefined();
    });

    test('is listed by environment and by agent, by when it began, newest first', async () => {
      const t = tenant();
      const all = [
        deployment('dep-b', 1, { deployed_at: later(1) }),
        deployment('dep-a', 1, { deployed_at: later(2) }),
        deployment('dep-c', 1, { deployed_at: later(3), environment: 'production' }),
        deployment('dep-d', 1, { deployed_at: later(4), subject: { kind: 'artifact', name: 'agent-123' } }),
        deployment('dep-e', 1, { deployed_at: later(5), subject: { kind: 'agent', name: 'agent-9' } }),
      ];
      for (const each of all) await commit(t, { write: 'deployment', deployment: each, expected: 0 });
      const ids = async (
        list: Parameters<ReturnType<typeof stores>['deployments']['list']>[1],
        limit: number,
      ) => (await everything((page) => stores().deployments.list(t, list, page), limit)).map(({ id }) => id);
      for (const limit of [1, 2, 100]) {
        expect(await ids({ by: 'environment', environment: 'staging' }, limit)).toEqual([
          'dep-e',
          'dep-d',
          'dep-a',
          'dep-b',
        ]);
        expect(await ids({ by: 'subject', subject: { kind: 'agent', name: 'agent-123' } }, limit)).toEqual([
          'dep-c',
          'dep-a',
          'dep-b',
        ]);
        expect(await ids({ by: 'subject', subject: { kind: 'agent', name: 'agent-1' } }, limit)).toEqual([]);
        const artifact = { kind: 'artifact', name: 'agent-123' } as const;
        expect(await ids({ by: 'subject', subject: artifact }, limit)).toEqual(['dep-d']);
      }
    });

    test('is listed by version and by branch, whatever characters they hold', async () => {
      const t = tenant();
      const subject = { kind: 'artifact', name: 'platform' } as const;
      const label = 'v1#2 é';
      const branch = { details: { gitBranch: 'feature/a#b' } };
      const all = [
        deployment('dep-a', 1, { deployed_at: later(1), subject, version_label: label, ...branch }),
        deployment('dep-b', 1, { deployed_at: later(3), subject, version_label: label }),
        deployment('dep-c', 1, { deployed_at: later(2), subject, version_label: 'v2', ...branch }),
        deployment('dep-d', 1, { deployed_at: later(4), version_label: label, ...branch }),
      ];
      for (const each of all) await commit(t, { write: 'deployment', deployment: each, expected: 0 });
      const failed = deployment('dep-a', 2, { ...all[0], status: 'FAILED', version: 2 });
      await commit(t, { write: 'deployment', deployment: failed, expected: 1 });
      const ids = async (
        list: Parameters<ReturnType<typeof stores>['deployments']['list']>[1],
        limit: number,
      ) => (await everything((page) => stores().deployments.list(t, list, page), limit)).map(({ id }) => id);
      for (const limit of [1, 100]) {
        expect(await ids({ by: 'label', subject, label }, limit)).toEqual(['dep-b', 'dep-a']);
        expect(await ids({ by: 'label', subject, label: 'v1' }, limit)).toEqual([]);
        const branched = { by: 'branch', branch: 'feature/a#b' } as const;
        expect(await ids({ ...branched, subject }, limit)).toEqual(['dep-c', 'dep-a']);
        expect(await ids({ ...branched, branch: 'main', subject }, limit)).toEqual([]);
      }
      const [, first] = (await stores().deployments.list(t, { by: 'label', subject, label }, { limit: 2 }))
        .items;
      expect(first).toEqual(failed);
    });

    test('is promoted once by each version of a rule', async () => {
      const t = tenant();
      const attempt = {
        write: 'attempt',
        deployment_id: 'dep-1',
        rule_id: 'rule-1',
        rule_version: 1,
        promotion_id: 'prom-1',
      } as const;
      expect(await stores().deployments.attempted(t, 'dep-1', 'rule-1', 1)).toBe(false);
      expect(await commit(t, attempt)).toEqual(COMMITTED);
      expect(await commit(t, { ...attempt, promotion_id: 'prom-2' })).toEqual(lost(0));
      expect(await commit(t, { ...attempt, rule_version: 2 })).toEqual(COMMITTED);
      expect(await stores().deployments.attempted(t, 'dep-1', 'rule-1', 1)).toBe(true);
      expect(await stores().deployments.attempted(t, 'dep-1', 'rule-1', 3)).toBe(false);
      expect(await stores().deployments.attempted(t, 'dep-2', 'rule-1', 1)).toBe(false);
    });
  });
}
