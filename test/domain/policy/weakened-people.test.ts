import { expect, it } from 'vitest';
import { type Decider, weakenedPeople } from '../../../functions/domain/policy/weakening/who.ts';
import { environmentNamed } from '../../support/promotion-facts.ts';

const environments = [environmentNamed('staging'), environmentNamed('production')];
const whats = (before: Decider | undefined, after: Decider) =>
  weakenedPeople(before, after, { environments, rules: [], policies: [] }).map(
    ({ environment, what }) => `${environment} ${what}`,
  );
const member: Decider = { email: 'bob@acme.com', grants: [{ role: 'viewer' }], groups: [], active: true };

it('a machine that acts in one environment beside looking at others is bound where it acts', () => {
  const grants = [{ role: 'viewer' }, { role: 'developer', environment: 'staging' }] as const;
  const machine = { owner: 'dev', identity: '1/ci/AROA' };
  expect(whats(undefined, { ...member, grants, machine })).toEqual(['staging machine']);
  expect(whats(undefined, { ...member, machine })).toEqual([]);
});

it('another address counts of whoever decides, whatever else they may do', () => {
  const decider: Decider = { ...member, grants: [{ role: 'viewer' }, { role: 'approver' }] };
  const moved = { email: 'eve@acme.com' };
  expect(whats(decider, { ...decider, ...moved })).toEqual(['staging email', 'production email']);
  expect(whats(member, { ...member, ...moved })).toEqual([]);
});
