import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MalformedKey, SHARDS } from '../../../functions/adapters/dynamodb/key-parts.ts';
import * as keys from '../../../functions/adapters/dynamodb/keys.ts';
import * as notificationKeys from '../../../functions/adapters/dynamodb/keys-notification.ts';
import * as secretKeys from '../../../functions/adapters/dynamodb/keys-secret.ts';
import * as slackKeys from '../../../functions/adapters/dynamodb/keys-slack.ts';
import { KINDS, type Slot } from '../../../functions/domain/promotion/subject.ts';
import { AT, sha } from '../../ports/samples.ts';

/** Often one of few short words, so that two keys meet whenever they can. */
const word = fc.oneof(fc.stringMatching(/^[a.]{1,2}$/), fc.stringMatching(/^[A-Za-z0-9._-]{1,12}$/));
const name = fc.oneof(fc.stringMatching(/^[a/]{1,2}$/), fc.stringMatching(/^[!-"$-~]{1,12}$/));
const digest = fc.string().map(sha);
const subject = fc.record({ kind: fc.constantFrom(...KINDS), name });
const slot: fc.Arbitrary<Slot> = fc.record(
  { subject, environment: word, gateway: word },
  { requiredKeys: ['subject', 'environment'] },
);
const number = fc.nat(999_999_999_999);
const instant = fc
  .date({ min: new Date(0), max: new Date('9999-12-31'), noInvalidDate: true })
  .map((date) => date.toISOString());

const catalogType = fc.constantFrom('environment', 'rule', 'policy', 'gateway', 'freeze', 'channel');

const deliveryRef = ([tenant, channel_id, promotion_id]: readonly [string, string, string]) => ({
  tenant,
  channel_id,
  promotion_id,
});

/** Every builder of a primary key, with what it is given. */
const primary = fc.oneof(
  fc.tuple(word, word).map((parts) => ({ of: 'promotion', parts, key: keys.promotionKey(...parts) })),
  fc.tuple(word, word, number).map((parts) => ({ of: 'events', parts, key: keys.eventsKey(...parts) })),
  fc.tuple(word, word).map((parts) => ({ of: 'token', parts, key: keys.tokenKey(...parts) })),
  fc.tuple(word, subject, digest, word).map((parts) => ({ of: 'open', parts, key: keys.openKey(...parts) })),
  fc.tuple(word, subject, word).map((parts) => ({ of: 'hold', parts, key: keys.holdKey(...parts) })),
  fc.tuple(word, slot).map((parts) => ({ of: 'head', parts, key: keys.headKey(...parts) })),
  fc.tuple(word, slot, number).map((parts) => ({ of: 'revision', parts, key: keys.revisionKey(...parts) })),
  fc.tuple(word, word).map((parts) => ({ of: 'deployment', parts, key: keys.deploymentKey(...parts) })),
  fc
    .tuple(word, word, word, number)
    .map((parts) => ({ of: 'attempt', parts, key: keys.attemptKey(...parts) })),
  fc.tuple(word, digest).map((parts) => ({ of: 'answer', parts, key: keys.answerKey(...parts) })),
  fc
    .tuple(word, catalogType, word)
    .map((parts) => ({ of: 'catalog', parts, key: keys.catalogKey(...parts) })),
  fc.tuple(word, name).map((parts) => ({ of: 'membership', parts, key: keys.membershipKey(...parts) })),
  fc.tuple(word, word).map((parts) => ({ of: 'machine', parts, key: keys.machineKey(...parts) })),
  fc.tuple(name, name, name).map((parts) => ({ of: 'identity', parts, key: keys.identityKey(...parts) })),
  fc.tuple(word, word, word).map((parts) => ({
    of: 'delivery cursor',
    parts,
    key: notificationKeys.deliveryCursorKey(deliveryRef(parts)),
  })),
  fc.tuple(word, word, word, number).map(([tenant, channel, promotion, seq]) => ({
    of: 'told',
    parts: [tenant, channel, promotion, seq],
    key: notificationKeys.toldKey(deliveryRef([tenant, channel, promotion]), seq),
  })),
  fc.tuple(word, word, word, number, instant).map(([tenant, channel, promotion, seq, event_at]) => ({
    of: 'delivery',
    parts: [tenant, channel, promotion, seq, event_at],
    key: notificationKeys.deliveryKey(deliveryRef([tenant, channel, promotion]), { seq, event_at }),
  })),
  fc.tuple(word).map((parts) => ({ of: 'tenant', parts, key: keys.tenantKey(...parts) })),
  fc
    .tuple(word, word, word)
    .map((parts) => ({ of: 'Slack link', parts, key: slackKeys.slackLinkKey(...parts) })),
  fc
    .tuple(word, name, word)
    .map((parts) => ({ of: 'Slack member', parts, key: slackKeys.slackMemberKey(...parts) })),
  fc.tuple(digest).map((parts) => ({ of: 'invitation', parts, key: slackKeys.slackInvitationKey(...parts) })),
  fc
    .tuple(word, word, word)
    .map((parts) => ({ of: 'Slack message', parts, key: slackKeys.slackMessageKey(...parts) })),
  fc.tuple(digest).map((parts) => ({ of: 'link', parts, key: secretKeys.linkKey(...parts) })),
  fc.tuple(digest).map((parts) => ({ of: 'session', parts, key: secretKeys.sessionKey(...parts) })),
);

describe('keys', () => {
  test('of two different things are never the same', () => {
    fc.assert(
      fc.property(fc.array(primary, { minLength: 2, maxLength: 40 }), (made) => {
        const things = new Set(made.map(({ of, parts }) => JSON.stringify([of, parts])));
        const places = new Set(made.map(({ key }) => JSON.stringify(key)));
        expect(places.size).toBe(things.size);
      }),
      { numRuns: 300 },
    );
  });

  test('of a tenant begin with it, but for those that are read before the tenant is known', () => {
    const outside = ['membership', 'identity', 'tenant', 'link', 'session'];
    const known = new Set([...outside, 'Slack link', 'Slack member', 'invitation']);
    fc.assert(
      fc.property(primary, ({ of, parts, key }) => {
        expect(key.PK.startsWith(`T#${parts[0]}#`)).toBe(!known.has(of));
      }),
    );
  });

  test('sort as what they are about: numbers as numbers, instants as time', () => {
    const order = <T>(a: T, b: T) => (a < b ? -1 : a > b ? 1 : 0);
    fc.assert(
      fc.property(number, number, (a, b) => {
        expect(order(keys.eventsKey('t', 'p', a).SK, keys.eventsKey('t', 'p', b).SK)).toBe(order(a, b));
      }),
    );
    fc.assert(
      fc.property(instant, instant, word, word, (a, b, one, other) => {
        if (a === b) return;
        const [first, second] = [keys.dueIndex('t', one, a), keys.dueIndex('t', other, b)];
        expect(order(Object.values(first)[1], Object.values(second)[1])).toBe(order(a, b));
      }),
    );
  });

  test('of due times lie within their bound exactly when they are due', () => {
    fc.assert(
      fc.property(instant, instant, word, word, (due, now, tenant, id) => {
        const index = keys.dueIndex(tenant, id, due);
        const sort = 'GSI3SK' in index ? index.GSI3SK : '';
        expect(sort <= keys.dueUntil(now)).toBe(due <= now);
        expect(keys.dueOf(sort)).toBe(due);
      }),
    );
  });

  test('say which promotion they are of', () => {
    fc.assert(
      fc.property(word, word, (tenant, id) => {
        expect(keys.promotionOf(keys.promotionKey(tenant, id).PK)).toEqual({ tenant, id });
        expect(keys.promotionOf(keys.deploymentKey(tenant, id).PK)).toBeUndefined();
      }),
    );
  });

  test('spread work over all shards', () => {
    const partitions = Array.from({ length: 400 }, (_, index) => {
      const key = keys.workIndex('acme', `prom-${index}`, AT);
      return 'GSI2PK' in key ? key.GSI2PK : '';
    });
    const counts = Array.from({ length: SHARDS }, (_, shard) => {
      return partitions.filter((partition) => partition === keys.workPartition(shard)).length;
    });
    expect(counts.reduce((sum, count) => sum + count)).toBe(400);
    for (const count of counts) expect(count).toBeGreaterThan(50);
  });

  test.each(['2026-11-21T09:00:00Z', '2026-11-21T09:00:00.000+01:00', '2026-11-21', '', 'now'])(
    'never take %j for an instant: only one form sorts as time does',
    (text) => {
      expect(() => keys.promotionIndex('t', 'p', text)).toThrow(MalformedKey);
      expect(() => keys.dueIndex('t', 'p', text)).toThrow(MalformedKey);
    },
  );

  test.each([-1, 1.5, Number.NaN, 1e12])('never take %d for a number of an event', (seq) => {
    expect(() => keys.eventsKey('t', 'p', seq)).toThrow(MalformedKey);
  });
});

describe('the strings of keys', () => {
  test('stay as they are stored', () => {
    const agent = { kind: 'agent', name: 'agent-123' } as const;
    const staging = { subject: agent, environment: 'staging', gateway: 'gateway-1' };
    expect([
      keys.promotionKey('acme', 'prom-1'),
      keys.promotionIndex('acme', 'prom-1', AT),
      keys.eventsKey('acme', 'prom-1', 3),
      keys.tokenKey('acme', 'prom-1'),
      keys.workIndex('acme', 'prom-1', AT),
      keys.dueIndex('acme', 'prom-1', AT),
      keys.openKey('acme', agent, sha('x'), 'staging'),
      keys.holdKey('acme', agent, 'staging'),
      keys.headKey('acme', staging),
      keys.headIndex('acme', staging),
      keys.revisionKey('acme', staging, 2),
      keys.deploymentKey('acme', 'dep-1'),
      keys.deploymentIndex('acme', 'dep-1', 'staging', AT),
      keys.agentIndex('acme', 'dep-1', 'agent-123', AT),
      keys.attemptKey('acme', 'dep-1', 'rule-1', 2),
      keys.answerKey('acme', sha('x')),
      keys.catalogKey('acme', 'rule', 'rule-1'),
      keys.membershipKey('acme', 'sub-1'),
      keys.memberIndex('acme', 'sub-1'),
      keys.machineKey('acme', 'mach-1'),
      keys.identityKey('123456789012', 'ci', 'AROA1'),
      keys.tenantKey('acme'),
      keys.denialKey('acme', AT, sha('x')),
    ]).toMatchInlineSnapshot(`
      [
        {
          "PK": "T#acme#PROMO#prom-1",
          "SK": "STATE",
        },
        {
          "GSI1PK": "T#acme#PROMOS",
          "GSI1SK": "2026-11-21T09:00:00.000Z#prom-1",
        },
        {
          "PK": "T#acme#PROMO#prom-1",
          "SK": "EVENT#000000000003",
        },
        {
          "PK": "T#acme#PROMO#prom-1",
          "SK": "TOKEN",
        },
        {
          "GSI2PK": "SYS#WORK#2",
          "GSI2SK": "2026-11-21T09:00:00.000Z#a6350c361501",
        },
        {
          "GSI3PK": "SYS#DUE#2",
          "GSI3SK": "2026-11-21T09:00:00.000Z#a6350c361501",
        },
        {
          "PK": "T#acme#OPEN#agent#agent-123",
          "SK": "staging#2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881",
        },
        {
          "PK": "T#acme#HOLD#agent#agent-123",
          "SK": "staging",
        },
        {
          "PK": "T#acme#HEAD#agent#agent-123",
          "SK": "staging#gateway-1",
        },
        {
          "GSI1PK": "T#acme#ENV#staging",
          "GSI1SK": "agent#agent-123#gateway-1",
        },
        {
          "PK": "T#acme#REV#agent#agent-123#staging#gateway-1",
          "SK": "000000000002",
        },
        {
          "PK": "T#acme#DEP#dep-1",
          "SK": "STATE",
        },
        {
          "GSI1PK": "T#acme#DEPS#staging",
          "GSI1SK": "2026-11-21T09:00:00.000Z#dep-1",
        },
        {
          "GSI2PK": "T#acme#BY#agent#agent-123",
          "GSI2SK": "2026-11-21T09:00:00.000Z#dep-1",
        },
        {
          "PK": "T#acme#ATTEMPT#dep-1",
          "SK": "rule-1#000000000002",
        },
        {
          "PK": "T#acme#IDEM#2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881",
          "SK": "ANSWER",
        },
        {
          "PK": "T#acme#CATALOG#rule",
          "SK": "rule-1",
        },
        {
          "PK": "MEMBER#sub-1",
          "SK": "T#acme",
        },
        {
          "GSI1PK": "T#acme#MEMBERS",
          "GSI1SK": "sub-1",
        },
        {
          "PK": "T#acme#MACHINES",
          "SK": "mach-1",
        },
        {
          "PK": "PRINCIPAL#123456789012#ci#AROA1",
          "SK": "MACHINE",
        },
        {
          "PK": "SYS#TENANTS",
          "SK": "acme",
        },
        {
          "PK": "T#acme#DENIALS",
          "SK": "2026-11-21T09:00#2d711642b726b04401627ca9fbac32f5",
        },
      ]
    `);
  });
});
