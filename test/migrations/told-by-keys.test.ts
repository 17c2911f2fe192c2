import { describe, expect, it } from 'vitest';
import { type ItemKeys, NOTHING } from '../../functions/domain/format/judge.ts';
import { toldBy } from '../../functions/migrations/told-by-keys.ts';

const at = (PK: string, GSI1PK?: string): ItemKeys => ({
  PK,
  SK: 'STATE',
  ...(GSI1PK === undefined ? {} : { GSI1PK }),
});
const told = (...page: ItemKeys[]) => toldBy(NOTHING, page);

describe('who wrote a table, by its keys', () => {
  it.each([
    ['a head of an environment', at('T#acme#ENV#production', 'T#acme#HEAD#config#configuration')],
    ['a rule, a policy, a freeze', at('T#acme#CATALOG#governing')],
    ['a promotion', at('T#acme#PROMO#prom-1', 'T#acme#LIST')],
    ['an approver', at('T#acme#APPROVERS')],
    ['news of a chain', at('SYS#NEWS#3')],
  ])('only format 1: %s', (_, item) => {
    expect(told(item)).toEqual({ items: 1, first: 1, before: 0 });
  });

  it.each([
    ['a head of a subject', at('T#acme#HEAD#config#configuration', 'T#acme#ENV#production')],
    ['a rule', at('T#acme#CATALOG#rule')],
    ['a policy', at('T#acme#CATALOG#policy')],
    ['a freeze', at('T#acme#CATALOG#freeze')],
    ['a promotion', at('T#acme#PROMO#prom-1', 'T#acme#PROMOS')],
  ])('only the code before: %s', (_, item) => {
    expect(told(item)).toEqual({ items: 1, first: 0, before: 1 });
  });

  it.each([
    ['a tenant', at('SYS#TENANTS')],
    ['an environment', at('T#acme#CATALOG#environment')],
    ['events', at('T#acme#PROMO#prom-1')],
    ['a membership', at('MEMBER#sub-1', 'T#acme#MEMBERS')],
    ['a session', at('SESSION#00ff')],
    ['a denial', at('T#acme#DENIALS')],
  ])('either: %s', (_, item) => {
    expect(told(item)).toEqual({ items: 1, first: 0, before: 0 });
  });

  it.each([
    'users',
    'T#acme',
    'T#acme#',
    'T#acme#USERS#1',
    'T##ENV#production',
    'SYS#OTHER',
    'MEMBER',
    'T#acme#ENVIRONMENTS',
  ])('nobody known: %s', (PK) => {
    expect(told(at(PK))).toEqual({ items: 1, first: 0, before: 0, foreign: `${PK} / STATE` });
  });

  it('adds pages up, and keeps the first strange key, cut', () => {
    const page = toldBy(told(at('SYS#TENANTS')), [at('x'.repeat(2_000)), at('y'), at('T#acme#APPROVERS')]);
    expect(page).toEqual({ items: 4, first: 1, before: 0, foreign: 'x'.repeat(200) });
  });
});
