import { describe, expect, test } from 'vitest';
import * as general from '../../../functions/adapters/dynamodb/keys.ts';
import * as aliasKeys from '../../../functions/adapters/dynamodb/keys-alias.ts';
import * as deploymentKeys from '../../../functions/adapters/dynamodb/keys-deployment.ts';
import * as promotionKeys from '../../../functions/adapters/dynamodb/keys-promotion.ts';
import { AT, promotion, sha } from '../../ports/samples.ts';

const keys = { ...general, ...deploymentKeys, ...promotionKeys, ...aliasKeys };

describe('the strings of keys', () => {
  test('stay as they are stored', () => {
    const agent = { kind: 'agent', name: 'agent-123' } as const;
    const staging = { subject: agent, environment: 'staging', gateway: 'gateway-1' };
    const timeline = { subject: agent, environment: 'staging' };
    expect([
      keys.promotionKey('acme', 'prom-1'),
      keys.promotionIndex(promotion('acme', 'prom-1', 1)),
      keys.statusPartition('acme', 'open'),
      keys.namedPartition('acme', 'agent-123'),
      keys.partPartition('acme', 'by', 'sub-1'),
      keys.partKey('acme', 'prom-1', 3, 0),
      keys.aliasKey('acme', 'Dev@acme.com', 'sub-1'),
      keys.eventsKey('acme', 'prom-1', 3),
      keys.tokenKey('acme', 'prom-1'),
      keys.workIndex('acme', 'prom-1', AT),
      keys.dueIndex('acme', 'prom-1', AT),
      keys.openKey('acme', agent, sha('x'), 'staging', 'promotion'),
      keys.holdKey('acme', agent, 'staging'),
      keys.headKey('acme', staging),
      keys.headIndex('acme', staging),
      keys.revisionKey('acme', staging, 2),
      keys.deploymentKey('acme', 'dep-1'),
      keys.deploymentIndex('acme', 'dep-1', 'staging', AT),
      keys.deployedIndex('acme', 'dep-1', agent, AT),
      keys.labelIndex('acme', { kind: 'artifact', name: 'platform' }, 'v1'),
      keys.branchKey('acme', 'dep-1', { kind: 'artifact', name: 'platform' }, 'main', AT),
      keys.momentKey('acme', timeline, 'live', { at: AT, id: 'dep-1' }),
      keys.momentKey('acme', timeline, 'failed', { at: AT, id: 'dep-1' }),
      keys.timelineKey('acme', timeline),
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
          "GSI1PK": "T#acme#LIST",
          "GSI1SK": "2026-11-21T09:00:00.000Z#prom-1#1PDph16R",
        },
        "T#acme#LIST#open",
        "T#acme#LIST#of#DpqMG6RQ1m6i",
        "T#acme#LIST#by#CoBifUk260OV",
        {
          "PK": "T#acme#PROMO#prom-1",
          "SK": "PART#000000000003#000000000000",
        },
        {
          "PK": "T#acme#NAMED#4444cb7c211c9b0894caa6c63b710b6c",
          "SK": "sub-1",
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
          "GSI2PK": "SYS#WORK#6",
          "GSI2SK": "2026-11-21T09:00:00.000Z#pjUMNhUB",
        },
        {
          "GSI3PK": "SYS#DUE#6",
          "GSI3SK": "2026-11-21T09:00:00.000Z#pjUMNhUB",
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
          "PK": "T#acme#ENV#staging",
          "SK": "agent#agent-123#gateway-1",
        },
        {
          "GSI1PK": "T#acme#HEAD#agent#agent-123",
          "GSI1SK": "staging#gateway-1",
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
          "GSI4PK": "T#acme#LABEL#artifact#platform#3bfc269594ef649228e9a74bab00f042",
        },
        {
          "PK": "T#acme#BRANCH#artifact#platform#0d6e4079e36703ebd37c00722f5891d2",
          "SK": "2026-11-21T09:00:00.000Z#dep-1",
        },
        {
          "PK": "T#acme#SERVED#staging#agent#agent-123",
          "SK": "LIVE#2026-11-21T09:00:00.000Z#dep-1",
        },
        {
          "PK": "T#acme#SERVED#staging#agent#agent-123",
          "SK": "STOP#2026-11-21T09:00:00.000Z#dep-1",
        },
        {
          "PK": "T#acme#SERVED#staging#agent#agent-123",
          "SK": "VERSION",
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
          "PK": "T#acme#CATALOG#governing",
          "SK": "rule#rule-1",
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

  test('tell what is in an environment that was made again from what is in the one before', () => {
    const slot = { subject: { kind: 'agent', name: 'a' }, environment: 'qa', gateway: 'gw' } as const;
    const again = { ...slot, incarnation: 17 };
    const of = { environment: 'qa', incarnation: 17 };
    // Its heads are where those of the first one were.
    expect(keys.headKey('acme', again)).toEqual(keys.headKey('acme', slot));
    expect(keys.headIndex('acme', again)).toEqual(keys.headIndex('acme', slot));
    expect(keys.revisionKey('acme', again, 1).PK).toBe('T#acme#REV#agent#a#qa~17#gw');
    expect(keys.movedKey('acme', again)).toEqual({ PK: 'T#acme#REV#agent#a#qa#gw', SK: 'MOVED' });
    expect(keys.formerHeadKey('acme', slot)).toEqual({
      PK: 'T#acme#FORMER#qa',
      SK: 'agent#a#gw#000000000000',
    });
    expect(keys.formerHeadKey('acme', again).SK).toBe('agent#a#gw#000000000017');
    expect(keys.rollUpKey('acme', of, '2026-11-21').PK).toBe('T#acme#DAYS#qa~17');
    expect(keys.timelineKey('acme', { ...of, subject: slot.subject }).PK).toBe('T#acme#SERVED#qa~17#agent#a');
    expect(keys.observationKey('acme', again).PK).toBe('T#acme#OBSERVED#qa~17');
  });
});
