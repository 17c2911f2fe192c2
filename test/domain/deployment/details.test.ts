import { describe, expect, it } from 'vitest';
import {
  branchOf,
  commitsOf,
  registriesOf,
  unplannedOf,
} from '../../../functions/domain/deployment/deployment.ts';

const place = { registry: 'reg-1', repository: 'acme/api' };
const commit = { sha: 'abc', committed_at: '2026-11-21T09:00:00.000Z' };

describe('what a deployment says of itself', () => {
  it('names the registries that it brought its artifact to', () => {
    expect(registriesOf({ details: { registries: [place, { ...place, digest: 'x' }] } })).toEqual([
      place,
      place,
    ]);
    expect(registriesOf({ details: {} })).toEqual([]);
    expect(registriesOf({ details: { registries: 'reg-1' } })).toEqual([]);
  });

  it.each([null, 'reg-1', 7, {}, { registry: 'reg-1' }, { repository: 'acme/api' }])(
    'names no registry by %j',
    (one) => {
      expect(registriesOf({ details: { registries: [one, place] } })).toEqual([place]);
    },
  );

  it.each([
    { registry: 1, repository: 'acme/api' },
    { registry: 'reg-1', repository: null },
  ])('names no registry by members that are no text: %j', (one) => {
    expect(registriesOf({ details: { registries: [one] } })).toEqual([]);
  });

  it('names its commits, or says nothing of them', () => {
    expect(commitsOf({ details: { commits: [{ ...commit, author: 'dev' }] } })).toEqual([commit]);
    expect(commitsOf({ details: { commits: [] } })).toEqual([]);
    expect(commitsOf({ details: {} })).toBeUndefined();
    expect(commitsOf({ details: { commits: 'abc' } })).toBeUndefined();
  });

  it.each([null, 'abc', 7, {}, { sha: 'abc' }, { committed_at: commit.committed_at }])(
    'names no commit by %j',
    (one) => {
      expect(commitsOf({ details: { commits: [one, commit] } })).toEqual([commit]);
    },
  );

  it.each([
    { ...commit, sha: 1 },
    { ...commit, committed_at: 1 },
  ])('names no commit by members that are no text: %j', (one) => {
    expect(commitsOf({ details: { commits: [one] } })).toEqual([]);
  });

  it('names its branch as a text', () => {
    expect(branchOf({ details: { gitBranch: 'main' } })).toBe('main');
    expect(branchOf({ details: { gitBranch: 1 } })).toBeUndefined();
    expect(branchOf({ details: {} })).toBeUndefined();
  });

  it('says that it was unplanned by true, that it was planned by false, else nothing', () => {
    expect(unplannedOf({ details: { unplanned: true } })).toBe(true);
    expect(unplannedOf({ details: { unplanned: false } })).toBe(false);
    expect(unplannedOf({ details: { unplanned: 'true' } })).toBeUndefined();
    expect(unplannedOf({ details: {} })).toBeUndefined();
  });
});
