import fc from 'fast-check';
import * as general from '../../../functions/adapters/dynamodb/keys.ts';
import * as aliasKeys from '../../../functions/adapters/dynamodb/keys-alias.ts';
import * as artifactKeys from '../../../functions/adapters/dynamodb/keys-artifact.ts';
import * as deploymentKeys from '../../../functions/adapters/dynamodb/keys-deployment.ts';
import * as notificationKeys from '../../../functions/adapters/dynamodb/keys-notification.ts';
import * as promotionKeys from '../../../functions/adapters/dynamodb/keys-promotion.ts';
import * as secretKeys from '../../../functions/adapters/dynamodb/keys-secret.ts';
import * as slackKeys from '../../../functions/adapters/dynamodb/keys-slack.ts';
import { KINDS, type Slot } from '../../../functions/domain/subject.ts';
import { sha } from '../../ports/samples.ts';

const keys = { ...general, ...deploymentKeys, ...promotionKeys, ...aliasKeys };

/** Often one of few short words, so that two keys meet whenever they can. */
export const word = fc.oneof(fc.stringMatching(/^[a.]{1,2}$/), fc.stringMatching(/^[A-Za-z0-9._-]{1,12}$/));
const name = fc.oneof(fc.stringMatching(/^[a/]{1,2}$/), fc.stringMatching(/^[!-"$-~]{1,12}$/));
const digest = fc.string().map(sha);
const subject = fc.record({ kind: fc.constantFrom(...KINDS), name });
export const slot: fc.Arbitrary<Slot> = fc.record(
  { subject, environment: word, gateway: word },
  { requiredKeys: ['subject', 'environment'] },
);
export const number = fc.nat(999_999_999_999);
export const instant = fc
  .date({ min: new Date(0), max: new Date('9999-12-31'), noInvalidDate: true })
  .map((date) => date.toISOString());

const catalogType = fc.constantFrom('environment', 'rule', 'policy', 'gateway', 'freeze', 'channel');

const deliveryRef = ([tenant, channel_id, promotion_id]: readonly [string, string, string]) => ({
  tenant,
  channel_id,
  promotion_id,
});

/** Every builder of a primary key, with what it is given. */
export const primary = fc.oneof(
  fc.tuple(word, word).map((parts) => ({ of: 'promotion', parts, key: keys.promotionKey(...parts) })),
  fc.tuple(word, word, number).map((parts) => ({ of: 'events', parts, key: keys.eventsKey(...parts) })),
  fc.tuple(word, word, number, number).map((parts) => ({ of: 'part', parts, key: keys.partKey(...parts) })),
  fc.tuple(word, word, name).map((parts) => ({
    of: 'alias',
    parts: [parts[0], parts[1].toLowerCase(), parts[2]],
    key: keys.aliasKey(...parts),
  })),
  fc.tuple(word, word).map((parts) => ({ of: 'token', parts, key: keys.tokenKey(...parts) })),
  fc
    .tuple(word, subject, digest, word, fc.constantFrom('promotion', 'rollback'))
    .map((parts) => ({ of: 'open', parts, key: keys.openKey(...parts) })),
  fc.tuple(word, subject, word).map((parts) => ({ of: 'hold', parts, key: keys.holdKey(...parts) })),
  fc.tuple(word, slot).map((parts) => ({ of: 'head', parts, key: keys.headKey(...parts) })),
  fc.tuple(word, slot).map((parts) => ({ of: 'observation', parts, key: keys.observationKey(...parts) })),
  fc.tuple(word, slot, number).map((parts) => ({ of: 'revision', parts, key: keys.revisionKey(...parts) })),
  fc.tuple(word, word).map((parts) => ({ of: 'deployment', parts, key: keys.deploymentKey(...parts) })),
  fc
    .tuple(word, word, word, number)
    .map((parts) => ({ of: 'attempt', parts, key: keys.attemptKey(...parts) })),
  fc.tuple(word, word, subject, fc.constantFrom('live', 'failed'), instant, word).map((parts) => {
    const [tenant, environment, of, what, at, id] = parts;
    return {
      of: 'moment',
      parts,
      key: keys.momentKey(tenant, { environment, subject: of }, what, { at, id }),
    };
  }),
  fc.tuple(word, word, subject).map((parts) => {
    const [tenant, environment, of] = parts;
    return { of: 'timeline', parts, key: keys.timelineKey(tenant, { environment, subject: of }) };
  }),
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
  fc.tuple(word, word, number, number).map(([tenant, artifact, minor, patch]) => ({
    of: 'artifact version',
    parts: [tenant, artifact, minor, patch],
    key: artifactKeys.artifactVersionKey(tenant, artifact, `1.${minor}.${patch}`),
  })),
  fc.tuple(word, name, digest).map(([tenant, repository, blob]) => ({
    of: 'upload',
    parts: [tenant, repository, blob],
    key: artifactKeys.uploadKey({ tenant, repository, blob }),
  })),
  fc.tuple(word, name, digest).map(([tenant, repository, subject]) => ({
    of: 'list of referrers',
    parts: [tenant, repository, subject],
    key: artifactKeys.listKey({ tenant, repository, subject }),
  })),
  fc.tuple(digest).map((parts) => ({ of: 'link', parts, key: secretKeys.linkKey(...parts) })),
  fc.tuple(digest).map((parts) => ({ of: 'session', parts, key: secretKeys.sessionKey(...parts) })),
);
