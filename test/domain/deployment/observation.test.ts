import { describe, expect, it } from 'vitest';
import {
  type Content,
  type Observation,
  observed,
  type Recorded,
  recordedAs,
  standingOf,
} from '../../../functions/domain/deployment/observation.ts';
import type { Head, Slot } from '../../../functions/domain/subject.ts';
import { contentOf } from '../../support/promotion-facts.ts';

const NOON = '2026-11-21T12:00:00.000Z';
const [NEW, OLD] = [contentOf('new'), contentOf('old')];
const slot: Slot = {
  subject: { kind: 'agent', name: 'agent-123' },
  environment: 'production',
  gateway: 'gw-1',
};
const digest = (value: string): Content => ({ as: 'digest', value });

/** What is recorded since nine o'clock. */
const recorded = (changes: Partial<Head> = {}, version?: string): Recorded => ({
  head: {
    slot,
    version: 3,
    revision: 2,
    digest: NEW,
    chain: null,
    updated_at: '2026-11-21T09:00:00.000Z',
    ...changes,
  },
  ...(version === undefined ? {} : { version }),
});
const looked = (value: string, observed_at: string) => ({ content: digest(value), observed_at });

describe('an observation stands to the record', () => {
  it('as recorded where it saw what is active, out of band where it saw something else', () => {
    expect(standingOf(looked(NEW, NOON), recorded(), NOON)).toBe('as_recorded');
    expect(standingOf(looked(OLD, NOON), recorded(), NOON)).toBe('out_of_band');
  });

  it('out of band where nothing is recorded', () => {
    expect(standingOf(looked(NEW, NOON), undefined, NOON)).toBe('out_of_band');
    expect(standingOf(looked(NEW, NOON), recorded({ digest: null }), NOON)).toBe('out_of_band');
  });

  it('not at all where nobody looked', () => {
    expect(standingOf(undefined, recorded(), NOON)).toBe('unobserved');
  });

  it('for a day, and is stale from then on', () => {
    const yesterday = '2026-11-20T12:00:00.000Z';
    const before = recorded({ updated_at: '2026-11-19T09:00:00.000Z' });
    expect(standingOf(looked(NEW, yesterday), before, NOON)).toBe('as_recorded');
    expect(standingOf(looked(NEW, '2026-11-20T11:59:59.999Z'), before, NOON)).toBe('stale');
  });

  it('only until the slot changes: what was seen before that says nothing', () => {
    expect(standingOf(looked(OLD, '2026-11-21T08:59:59.999Z'), recorded(), NOON)).toBe('stale');
    expect(standingOf(looked(OLD, '2026-11-21T09:00:00.000Z'), recorded(), NOON)).toBe('out_of_band');
  });

  it('not while a promotion executes there', () => {
    const claim = { promotion: 'prom-1', fence: 4, at: NOON };
    expect(standingOf(looked(OLD, NOON), recorded({ claim }), NOON)).toBe('stale');
  });
});

describe('what is recorded, in the terms of an observation,', () => {
  it('is the version for an image tag, the digest for everything else', () => {
    const one = recorded({}, 'v1.2.0');
    expect(recordedAs({ as: 'image_tag', value: 'v9' }, one)).toBe('v1.2.0');
    expect(recordedAs({ as: 'digest', value: OLD }, one)).toBe(NEW);
    expect(recordedAs({ as: 'root', value: OLD }, one)).toBe(NEW);
  });

  it('is nothing where nothing is active, or it has no such name', () => {
    expect(recordedAs({ as: 'image_tag', value: 'v9' }, recorded())).toBeNull();
    expect(recordedAs({ as: 'digest', value: OLD }, recorded({ digest: null }))).toBeNull();
    expect(recordedAs({ as: 'digest', value: OLD }, undefined)).toBeNull();
  });
});

describe('a report on a slot', () => {
  const seen = (content: Content, observed_at: string) => ({
    slot,
    content,
    observed_at,
    received_at: observed_at,
    observed_by: 'watcher',
  });
  const idOf = (version: number) => `drift-${version}`;
  const report = (
    before: Observation | undefined,
    value: string,
    observed_at: string,
    record: Recorded | undefined = recorded(),
  ) => observed(before, seen(digest(value), observed_at), record, idOf);
  const kept = (observation: Observation | undefined): Observation => {
    if (observation === undefined) throw new Error('the report was not kept');
    return observation;
  };

  it('is kept when it is the first', () => {
    expect(report(undefined, NEW, NOON)).toEqual({
      ...seen(digest(NEW), NOON),
      changed_at: NOON,
      version: 1,
    });
  });

  it('says nothing when it is older than the one kept', () => {
    const before = kept(report(undefined, NEW, NOON));
    expect(report(before, OLD, '2026-11-21T11:59:59.999Z')).toBeUndefined();
    expect(report(before, OLD, NOON)).toMatchObject({ version: 2 });
  });

  it('is written again after ten minutes, though it saw the same, and keeps since when', () => {
    const before = kept(report(undefined, NEW, NOON));
    expect(report(before, NEW, '2026-11-21T12:09:59.999Z')).toBeUndefined();
    expect(report(before, NEW, '2026-11-21T12:10:00.000Z')).toMatchObject({
      observed_at: '2026-11-21T12:10:00.000Z',
      changed_at: NOON,
      version: 2,
    });
  });

  it('of something else is kept at once, and says since when', () => {
    const before = kept(report(undefined, NEW, NOON));
    const at = '2026-11-21T12:01:00.000Z';
    expect(report(before, OLD, at)).toMatchObject({ content: digest(OLD), changed_at: at, version: 2 });
  });

  it('of the same text under another name is something else', () => {
    const before = kept(report(undefined, NEW, NOON));
    const at = '2026-11-21T12:01:00.000Z';
    expect(observed(before, seen({ as: 'root', value: NEW }, at), recorded(), idOf)).toMatchObject({
      changed_at: at,
    });
  });

  it('of what nobody recorded is a change that went past Sluice, not told yet', () => {
    expect(kept(report(undefined, OLD, NOON)).out_of_band).toEqual({
      id: 'drift-1',
      recorded: NEW,
      since: NOON,
      told: false,
    });
  });

  it('seen again is the same change, told once', () => {
    const first = kept(report(undefined, OLD, NOON));
    if (first.out_of_band === undefined) throw new Error('nothing went past');
    const told = { ...first, out_of_band: { ...first.out_of_band, told: true } };
    expect(report(told, OLD, '2026-11-21T12:01:00.000Z')).toBeUndefined();
    expect(kept(report(told, OLD, '2026-11-21T12:10:00.000Z')).out_of_band).toEqual(told.out_of_band);
  });

  it('is another change where something else is recorded meanwhile, and kept at once', () => {
    const first = kept(report(undefined, OLD, NOON));
    const at = '2026-11-21T12:01:00.000Z';
    const other = recorded({ digest: contentOf('third'), updated_at: at });
    expect(kept(report(first, OLD, at, other)).out_of_band).toMatchObject({
      id: 'drift-2',
      recorded: contentOf('third'),
      since: at,
    });
  });

  it('is no change any more once what runs is recorded', () => {
    const first = kept(report(undefined, OLD, NOON));
    const at = '2026-11-21T12:01:00.000Z';
    const second = kept(report(first, OLD, at, recorded({ digest: OLD, updated_at: at })));
    expect(second).not.toHaveProperty('out_of_band');
    expect(second.changed_at).toBe(NOON);
  });

  it('that is too old to judge by takes back nothing that was seen', () => {
    const first = kept(report(undefined, OLD, NOON));
    const claimed = recorded({ claim: { promotion: 'prom-1', fence: 4, at: NOON } });
    expect(kept(report(first, OLD, '2026-11-21T12:10:00.000Z', claimed)).out_of_band).toEqual(
      first.out_of_band,
    );
  });

  it('of other content begins anew, whatever was known of the content before', () => {
    const first = kept(report(undefined, OLD, NOON));
    const at = '2026-11-21T12:01:00.000Z';
    expect(kept(report(first, contentOf('third'), at)).out_of_band).toMatchObject({
      id: 'drift-2',
      since: at,
    });
    const claimed = recorded({ claim: { promotion: 'prom-1', fence: 4, at: NOON } });
    expect(report(first, contentOf('third'), at, claimed)).not.toHaveProperty('out_of_band');
  });
});
