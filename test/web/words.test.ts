import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { SubjectDriftView } from '../../functions/contract/drift.ts';
import { behindInWords, driftInWords, standingOf } from '../../web/words/drift.ts';
import { gateReason } from '../../web/words/gate.ts';
import { ruleInWords } from '../../web/words/governing.ts';
import { inCell, nextStep, type Told } from '../../web/words/promotion.ts';
import { joined, type Replayed, whatIfInWords } from '../../web/words/what-if.ts';

const observed = {
  digest: null,
  imageTag: 'v9',
  root: null,
  observedAt: '2026-11-22T09:00:00.000Z',
  changedAt: '2026-11-22T08:00:00.000Z',
  observedBy: 'watcher',
};

type Running = SubjectDriftView['environments'][number];
const running = (over: Partial<Running> = {}): Running => ({
  environment: 'staging',
  gatewayId: null,
  version: 'v1',
  digest: `sha256:${'a'.repeat(64)}`,
  since: '2026-11-21T09:00:00.000Z',
  behind: null,
  standing: 'unobserved',
  observed: null,
  ...over,
});
const subject = (...environments: Running[]): SubjectDriftView => ({
  kind: 'artifact',
  name: 'platform',
  environments,
  sameVersionOtherDigest: [],
});

describe('drift in words', () => {
  it('names what runs unrecorded, who saw it and since when', () => {
    const { says, tone } = standingOf(running({ standing: 'out_of_band', observed }));
    expect(says).toMatch(/^Runs v9, which nobody recorded, seen by watcher since .*2026.*08:00/);
    expect(tone).toBe('stop');
  });

  it('shortens what has only a digest, and says what cannot be said', () => {
    const seen = { ...observed, imageTag: null, digest: `sha256:${'b'.repeat(64)}` };
    expect(standingOf(running({ standing: 'out_of_band', observed: seen })).says).toContain('Runs bbbbbbb,');
    expect(standingOf(running()).says).toBe('No machine reports what runs');
    expect(standingOf(running({ standing: 'stale', observed })).says).toBe(
      'Not looked at since it last changed, or for a day; last seen by watcher',
    );
  });

  it('says how far behind, and that it cannot be told', () => {
    expect(behindInWords(null)).toBe('Level');
    expect(behindInWords({ versions: 1, days: 0 })).toBe('1 version behind');
    expect(behindInWords({ versions: 3, days: 2 })).toBe('3 versions behind, for 2 days');
    expect(behindInWords({ versions: null, days: null })).toBe('Behind; how far cannot be told');
  });

  it('counts a page in a sentence', () => {
    expect(driftInWords([subject(running())])).toMatch(/^Everything shown here is level/);
    const late = running({ behind: { versions: 1, days: 1 } });
    const torn = { version: 'v1', digests: [] };
    expect(
      driftInWords([
        { ...subject(running({ standing: 'out_of_band', observed }), late), sameVersionOtherDigest: [torn] },
        subject(late),
      ]),
    ).toBe('1 place runs what nobody recorded; 2 places are behind; 1 version stands for different content.');
  });
});

describe('a replay in words', () => {
  const item = (outcome: 'refused' | 'undecided'): Replayed['items'][number] => ({
    promotion_id: 'prom-1',
    kind: 'agent',
    name: 'agent-1',
    source_environment: 'staging',
    target_environment: 'production',
    executed_at: '2026-11-22T09:00:00.000Z',
    outcome,
    reason_codes: ['missing_approvals'],
  });
  const found = (...items: Replayed['items']): Replayed => ({ replayed: 34, already_refused: 0, items });

  it('does not call nothing replayed nothing refused', () => {
    expect(whatIfInWords({ replayed: 0, already_refused: 0, items: [] })).toContain('not known');
  });

  it('counts what is refused, what cannot be told and what is refused already, apart', () => {
    expect(whatIfInWords(found())).toBe(
      'Of 34 promotions of the last 90 days, none would have been refused by this change.',
    );
    expect(whatIfInWords(found(item('refused'), item('refused')))).toBe(
      'Of 34 promotions of the last 90 days, 2 would have been refused.',
    );
    const all = whatIfInWords({ ...found(item('refused'), item('undecided')), already_refused: 4 });
    expect(all).toContain('1 would have been refused. Of 1 more it cannot be told');
    expect(all).toContain('What governs now refuses 4 of them already');
  });

  it('joins pages without losing or doubling anything', () => {
    const sum = joined(found(item('refused')), { ...found(item('undecided')), already_refused: 2 });
    expect(sum).toMatchObject({ replayed: 68, already_refused: 2 });
    expect(sum.items.map(({ outcome }) => outcome)).toEqual(['refused', 'undecided']);
  });
});

describe('what a promotion waits for in words', () => {
  const approved: Told = {
    ...{ type: 'promotion', subject: { kind: 'agent', name: 'agent-123' }, status: 'approved' },
    ...{ execution: 'automatic', source: 'staging', target: 'production', waitingFor: 'execution' },
    ...{ blockedBy: [], granted: 1, required: 1, scheduledAt: null, expiresAt: '2026-11-28T09:00:00.000Z' },
    ...{ lacking: [], reasonCode: null, rejectionReason: null, changesRequested: null, failure: null },
  };

  it('names the groups whose approvals are missing, also where there are enough approvals', () => {
    const waiting: Told = {
      ...{ ...approved, status: 'pending', waitingFor: 'approval' },
      ...{ granted: 2, required: 2, lacking: ['security', 'legal'] },
    };
    expect(nextStep(waiting)).toMatch(/^It waits for one more approval, of security and legal\./);
    expect(inCell(waiting).text).toBe('waits for approval by security and legal');
    expect(inCell({ ...waiting, granted: 1 }).text).toBe('waits for approval, 1 of 2');
  });

  it('says of what is held that somebody else has to execute it', () => {
    expect(nextStep(approved)).toBe('Everything is there. It executes now.');
    expect(nextStep({ ...approved, reasonCode: 'governor' })).toBe(
      'It is held, since what governs production was weakened. Somebody who did not weaken it has to execute it.',
    );
  });
});

describe('why a gate says what it says', () => {
  it('has a sentence for each reason that gates and their providers give', async () => {
    const root = join(import.meta.dirname, '../../functions');
    const files = [
      ...['domain/gates/judge-gate.ts', 'domain/gates/provider.ts', 'domain/gates/soak.ts'],
      ...['adapters/gate-provider/http-providers.ts', 'use-cases/evidence/ask-registry.ts'],
    ];
    const texts = await Promise.all(files.map((file) => readFile(join(root, file), 'utf8')));
    const reason = /'((?:evidence|provider|soak|policy|signature|max_age|thresholds|not|no)_[a-z_]+)'/g;
    const known = texts.flatMap((text) => [...text.matchAll(reason)].map(([, code = '']) => code));
    const reasons = known.filter((code) => !['policy_compliance', 'provider_answer'].includes(code));
    expect(reasons.length).toBeGreaterThan(20);
    for (const code of reasons) {
      expect(gateReason('tests', code).toLowerCase(), code).not.toBe(code.replaceAll('_', ' '));
    }
  });

  it('says of gates without reports what they look at, and of an unknown reason its name', () => {
    expect(gateReason('policy_compliance', 'ok')).toBe('The policy of the environment holds');
    expect(gateReason('tests', 'ok')).toBe('The latest report that counts passes');
    expect(gateReason('tests', 'brand_new')).toBe('Brand new');
  });
});

describe('a promotion rule in words', () => {
  const rule = {
    source_environment: 'development',
    target_environment: 'staging',
    status: 'active',
    auto_promote: false,
    conditions: null,
    requires_approval: false,
    required_approvers: 1,
  } as const;

  it.each([
    [{}, 'From development to staging, a person asks.'],
    [{ auto_promote: true }, 'From development to staging, what runs there is promoted by itself.'],
    [
      { auto_promote: true, conditions: { field: 'a' } },
      'From development to staging, what runs there is promoted by itself once its conditions hold.',
    ],
    [
      { requires_approval: true, required_approvers: 2 },
      'From development to staging, a person asks, and 2 approvals are needed.',
    ],
    [
      { requires_approval: true, required_approvers: 1 },
      'From development to staging, a person asks, and 1 approval is needed.',
    ],
    [{ status: 'inactive' }, 'From development to staging, a person asks. The rule is inactive.'],
  ] as const)('with %j is said so', (changes, words) => {
    expect(ruleInWords({ ...rule, ...changes })).toBe(words);
  });
});
