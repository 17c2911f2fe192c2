import {
  PutItemCommand,
  TransactionCanceledException,
  type TransactWriteItem,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import { Fault } from '../../domain/faults.ts';
import {
  type Accepted,
  linkedBy,
  type SlackLink,
  type SlackMember,
  type SlackPeople,
} from '../../ports/slack-people.ts';
import { decodeBody } from './body.ts';
import { asFault, call } from './call.ts';
import { item } from './item.ts';
import { slackInvitationKey, slackLinkKey, slackMemberKey, slackMemberPartition } from './keys-slack.ts';
import { queryAll, readBody } from './read.ts';
import { slackInvitation, slackLink } from './schemas/slack.ts';
import type { Table } from './table.ts';
import { ABSENT, type Condition, itemOf, put, remove } from './write.ts';
import { epochSeconds } from './write-slot.ts';

/** The two items of a link name each other's half, so that neither can be taken by a second one. */
export function dynamoSlackPeople(table: Table): SlackPeople {
  const linkOf: SlackPeople['linkOf'] = async (tenant, { team, user }) =>
    readBody(table, slackLinkKey(tenant, team, user), slackLink);
  return {
    linkOf,

    async linksOf(tenant, subject) {
      const found = await queryAll(table, { partition: slackMemberPartition(tenant, subject) });
      return found.map((each) => decodeBody(each, slackLink));
    },

    async invite(token, invitation) {
      const Item = itemOf({
        key: slackInvitationKey(token),
        body: invitation,
        attributes: { expires_at: epochSeconds(invitation.expires_at) },
      });
      await call(() => table.client.send(new PutItemCommand({ TableName: table.name, Item })));
    },

    async invitation(token, now) {
      const found = await readBody(table, slackInvitationKey(token), slackInvitation);
      // TTL takes expired items hours later.
      return found === undefined || found.expires_at <= now ? undefined : found;
    },

    async accept(token, given) {
      const before = await linkOf(given.tenant, given);
      const link = linkedBy(before, given);
      const there = { expression: 'attribute_exists(PK)' };
      const lost = await transact(table, [
        remove(table.name, slackInvitationKey(token), there),
        ...halves(link).map(({ key, holder }) =>
          put(
            table.name,
            { key, body: link, attributes: { holder, ver: link.version } },
            unchanged(before, holder),
          ),
        ),
      ]);
      if (lost === undefined) return 'linked';
      return lost === 0 ? 'used' : takenBy(table, link);
    },

    async unlink(link) {
      const lost = await transact(
        table,
        halves(link).map(({ key, holder }) => remove(table.name, key, heldBy(holder))),
      );
      return lost === undefined;
    },
  };
}

/** Both items of a link: the Slack user's, held by the member, and the member's, held by the Slack user. */
const halves = ({ tenant, team, user, subject }: SlackMember) => [
  { key: slackLinkKey(tenant, team, user), holder: subject },
  { key: slackMemberKey(tenant, subject, team), holder: user },
];

const values = (holder: string) => item({ ':holder': holder });
const heldBy = (holder: string): Condition => ({ expression: 'holder = :holder', values: values(holder) });

/** Nothing is there, or what was read is. Version 0 was written before links had one. */
function unchanged(before: SlackLink | undefined, holder: string): Condition {
  if (before === undefined) return ABSENT;
  const { version } = before;
  if (version === 0) return heldBy(holder);
  return {
    expression: 'holder = :holder AND ver = :ver',
    values: item({ ':holder': holder, ':ver': version }),
  };
}

/** Who has the Slack user or the member already. Throws `Unavailable` when neither is taken: another accept won the race. */
async function takenBy(table: Table, link: SlackLink): Promise<Accepted> {
  const { tenant, team, user, subject } = link;
  const held = await readBody(table, slackLinkKey(tenant, team, user), slackLink);
  if (held !== undefined && held.subject !== subject) return 'user_taken';
  const holds = await readBody(table, slackMemberKey(tenant, subject, team), slackLink);
  if (holds !== undefined && holds.user !== user) return 'member_taken';
  throw new Fault('Unavailable', 'others write the same link now');
}

/** Writes all or nothing: `undefined` when all, else which one first lost its condition. */
async function transact(table: Table, TransactItems: TransactWriteItem[]): Promise<number | undefined> {
  try {
    await table.client.send(new TransactWriteItemsCommand({ TransactItems }));
    return undefined;
  } catch (error) {
    if (!(error instanceof TransactionCanceledException)) throw asFault(error);
    const reasons = error.CancellationReasons ?? [];
    const lost = reasons.findIndex(({ Code }) => Code === 'ConditionalCheckFailed');
    if (lost < 0) throw new Fault('Unavailable', 'others write the same link now', { cause: error });
    return lost;
  }
}
