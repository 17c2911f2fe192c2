import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judgeRetention, type Naming } from '../../../functions/domain/artifact/retention.ts';
import type { Retention } from '../../../functions/domain/artifact/settings.ts';
import { artifactVersion } from '../../ports/artifacts.contract.ts';

const NOW = '2026-12-31T00:00:00.000Z';
const OLD = '2026-01-01T00:00:00.000Z';
const NOTHING: Naming = { active: new Set(), claimed: new Set(), history: new Set(), pinned: new Set() };
const rule: Retention = { keep_versions: 2, keep_days: 30, protected: [] };
const versions = ['1.0.0', '1.1.0', '1.2.0', '1.10.0'].map((version) =>
  artifactVersion(version, { published_at: OLD }),
);
const kept = (change: Partial<Retention> = {}, named: Partial<Naming> = {}, all = versions) =>
  Object.fromEntries(
    judgeRetention(all, { ...rule, ...change }, { ...NOTHING, ...named }, NOW).map(({ version, because }) => [
      version.version,
      because,
    ]),
  );
const digestOf = (version: string) => versions.find((one) => one.version === version)?.digest ?? '';

describe('retention', () => {
  it('keeps the newest by precedence, whenever they were published', () => {
    expect(kept()).toEqual({ '1.10.0': ['newest'], '1.2.0': ['newest'], '1.1.0': [], '1.0.0': [] });
  });

  it('keeps what is younger than its days, to the moment', () => {
    const young = artifactVersion('0.9.0', { published_at: '2026-12-01T00:00:00.000Z' });
    const old = artifactVersion('0.8.0', { published_at: '2026-11-30T23:59:59.999Z' });
    expect(kept({}, {}, [...versions, young, old])).toMatchObject({ '0.9.0': ['young'], '0.8.0': [] });
  });

  it('keeps what a glob names, with or without v', () => {
    expect(kept({ protected: ['v1.0.*'] })).toMatchObject({ '1.0.0': ['protected'], '1.1.0': [] });
    expect(kept({ protected: ['1.1.?'] })).toMatchObject({ '1.0.0': [], '1.1.0': ['protected'] });
  });

  it.each(['active', 'claimed', 'history'] as const)('keeps what is %s', (reason) => {
    expect(kept({}, { [reason]: new Set([digestOf('1.0.0')]) })).toMatchObject({
      '1.0.0': [reason],
      '1.1.0': [],
    });
  });

  it('keeps what a consumer takes', () => {
    expect(kept({}, { pinned: new Set(['1.1.0']) })).toMatchObject({ '1.0.0': [], '1.1.0': ['pinned'] });
  });

  it('judges a version the same in any order, and never lets a named one go', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray(versions), fc.nat(3), (some, keep_versions) => {
        const active = new Set([digestOf('1.0.0')]);
        const judged = judgeRetention(some, { ...rule, keep_versions }, { ...NOTHING, active }, NOW);
        const again = judgeRetention(
          some.toReversed(),
          { ...rule, keep_versions },
          { ...NOTHING, active },
          NOW,
        );
        expect(again).toEqual(judged);
        expect(judged.filter(({ because }) => because.includes('newest'))).toHaveLength(
          Math.min(keep_versions, some.length),
        );
        const first = judged.find(({ version }) => version.version === '1.0.0');
        if (first !== undefined) expect(first.because).toContain('active');
      }),
    );
  });
});
