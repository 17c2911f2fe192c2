import { describe, expect, it } from 'vitest';
import {
  behindOf,
  drifts,
  lags,
  type Running,
  runningIn,
  tornVersions,
  upstreamOf,
} from '../../../functions/domain/deployment/drift.ts';
import type { Recorded } from '../../../functions/domain/deployment/observation.ts';
import { SYSTEM } from '../../../functions/domain/identity/principal.ts';
import type { Head, Revision } from '../../../functions/domain/subject.ts';

const subject = { kind: 'config', name: 'config' } as const;
const NOON = '2026-11-21T12:00:00.000Z';
const hash = (letter: string) => `sha256:${letter.repeat(64)}` as const;
const head = (environment: string, letter: string, more: Partial<Head> = {}): Head => ({
  slot: { subject, environment },
  version: 4,
  revision: 4,
  digest: hash(letter),
  chain: null,
  updated_at: '2026-11-21T09:00:00.000Z',
  ...more,
});
const staging = { head: head('staging', 'a') };
const production = (more: Partial<Head> = {}, version?: string): Running => ({
  environment: 'production',
  recorded: { head: head('production', 'b', more), ...(version === undefined ? {} : { version }) },
  standing: 'unobserved',
});
const running = (received?: Head['received']): Running =>
  production(received === undefined ? {} : { received });

describe('configuration with other content', () => {
  it.each([
    ['all that the environment before has', { environment: 'staging', revision: 4 }, false],
    ['an earlier revision of it', { environment: 'staging', revision: 3 }, true],
    ['a revision of another environment', { environment: 'development', revision: 4 }, true],
    ['nothing in whole', undefined, true],
  ] as const)('that received %s: whether it lags behind', (_, received, behind) => {
    expect(lags(running(received), staging)).toBe(behind);
  });
});

describe('a slot does not lag behind', () => {
  it('where it has the same content', () => {
    expect(lags(production({ digest: hash('a') }), staging)).toBe(false);
  });

  it('where nothing was ever active', () => {
    expect(lags(production({ digest: null }), staging)).toBe(false);
    expect(lags({ environment: 'production', standing: 'unobserved' }, staging)).toBe(false);
  });
});

describe('what a slot is measured by', () => {
  const at = (gateway: string, updated_at: string, digest: Head['digest'] = hash('a')): Running => ({
    environment: 'staging',
    gateway,
    recorded: { head: head('staging', 'a', { updated_at, digest }), version: gateway },
    standing: 'unobserved',
  });
  const eight = at('gw-8', '2026-11-21T08:00:00.000Z');
  const nine = at('gw-9', '2026-11-21T09:00:00.000Z');

  it('is the gateway of the environment before that moved last, in whatever order they come', () => {
    expect(upstreamOf([eight, nine])?.version).toBe('gw-9');
    expect(upstreamOf([nine, eight])?.version).toBe('gw-9');
  });

  it('is one where something is active, else nothing', () => {
    expect(upstreamOf([eight, at('gw-10', NOON, null)])?.version).toBe('gw-8');
    expect(upstreamOf([at('gw-10', NOON, null), { environment: 'staging', standing: 'unobserved' }])).toBe(
      undefined,
    );
  });
});

describe('how far a slot is behind', () => {
  const revision = (number: number, letter: string, at: string): Revision => ({
    slot: { subject, environment: 'staging' },
    number,
    digest: hash(letter),
    previous: null,
    cause: { by: 'edit' },
    actor: SYSTEM,
    at,
    prev: null,
  });
  const revisions = [
    revision(4, 'a', '2026-11-21T09:00:00.000Z'),
    revision(3, 'c', '2026-11-19T12:00:00.000Z'),
    revision(2, 'b', '2026-11-01T09:00:00.000Z'),
  ];

  it('is told by the revisions after the one that is active there, and by the age of the first of them', () => {
    expect(behindOf(production(), staging, revisions, NOON)).toEqual({ versions: 2, days: 2 });
    expect(behindOf(production(), staging, revisions, '2026-11-21T11:59:59.999Z')).toMatchObject({ days: 1 });
  });

  it('is told by the revision that it received in whole from there', () => {
    const received = { environment: 'staging', revision: 3 };
    expect(behindOf(production({ received }), staging, revisions, NOON)).toEqual({ versions: 1, days: 0 });
  });

  it('is told by its content where it received from elsewhere', () => {
    const received = { environment: 'development', revision: 3 };
    expect(behindOf(production({ received }), staging, revisions, NOON)).toMatchObject({ versions: 2 });
  });

  it('is not known where its content is not among them', () => {
    const nowhere = { versions: null, days: null };
    expect(behindOf(production({ digest: hash('f') }), staging, revisions, NOON)).toEqual(nowhere);
    expect(behindOf({ environment: 'production', standing: 'unobserved' }, staging, revisions, NOON)).toEqual(
      nowhere,
    );
  });
});

describe('what runs in a slot', () => {
  it('says the standing of what was seen, and leaves out what is not there', () => {
    expect(runningIn({ environment: 'production' }, undefined, undefined, NOON)).toEqual({
      environment: 'production',
      standing: 'unobserved',
    });
    const recorded: Recorded = { head: head('production', 'b') };
    const observation = {
      slot: { subject, environment: 'production', gateway: 'gw-1' },
      content: { as: 'root', value: hash('c') },
      observed_at: NOON,
      changed_at: NOON,
      received_at: NOON,
      observed_by: 'watcher',
      version: 1,
    } as const;
    expect(runningIn({ environment: 'production', gateway: 'gw-1' }, recorded, observation, NOON)).toEqual({
      environment: 'production',
      gateway: 'gw-1',
      recorded,
      observation,
      standing: 'out_of_band',
    });
  });
});

describe('a version that means two things', () => {
  const named = (environment: string, version: string, letter: string): Running => ({
    environment,
    recorded: { head: head(environment, letter), version },
    standing: 'unobserved',
  });

  it('is named with each place that runs it', () => {
    const everywhere = [
      named('development', 'v2', 'c'),
      named('staging', 'v1', 'a'),
      named('production', 'v1', 'b'),
    ];
    expect(tornVersions(everywhere)).toEqual([
      {
        version: 'v1',
        places: [
          { environment: 'staging', digest: hash('a') },
          { environment: 'production', digest: hash('b') },
        ],
      },
    ]);
  });

  it('is none where the content is the same, has no version, or is not there', () => {
    expect(tornVersions([named('staging', 'v1', 'a'), named('production', 'v1', 'a')])).toEqual([]);
    expect(tornVersions([named('staging', 'v1', 'a'), production()])).toEqual([]);
    expect(tornVersions([named('staging', 'v1', 'a'), production({ digest: null }, 'v1')])).toEqual([]);
    expect(
      tornVersions([named('staging', 'v1', 'a'), { environment: 'production', standing: 'unobserved' }]),
    ).toEqual([]);
  });
});

describe('there is something to look at', () => {
  const level = production();

  it.each<[string, Running, boolean]>([
    ['where a slot lags behind', { ...level, behind: { versions: null, days: null } }, true],
    ['where something changed past Sluice', { ...level, standing: 'out_of_band' }, true],
    ['not where all is level and as recorded', { ...level, standing: 'as_recorded' }, false],
    ['not where what was seen is stale', { ...level, standing: 'stale' }, false],
  ])('%s', (_, one, answer) => {
    expect(drifts({ subject, running: [level, one], torn: [] })).toBe(answer);
  });

  it('where a version means two things', () => {
    expect(drifts({ subject, running: [level], torn: [{ version: 'v1', places: [] }] })).toBe(true);
  });
});
