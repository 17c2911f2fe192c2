import * as z from 'zod/mini';
import releases from '../../docs/releases.json' with { type: 'json' };
import { Failure } from '../failure.ts';
import type { Account } from './account.ts';
import type { SluiceStack } from './stack.ts';
import { named, textIn } from './xml.ts';

/** One thing that the first day needs: done, missing with what remains to be typed, or not known and why. */
export const Step = z.object({
  step: z.string(),
  state: z.enum(['done', 'missing', 'unknown', 'planned']),
  detail: z.string(),
  command: z.nullable(z.string()),
});
export type Step = z.infer<typeof Step>;

/** What is looked at: the account, the stack, and how the admins of a tenant were counted. */
export type FirstDay = {
  readonly account: Account;
  readonly stack: SluiceStack;
  /** What makes another admin, but for the address. */
  readonly again: string;
  /** Undefined where no tenant is named, or the installation does not say. */
  readonly admins: number | undefined;
};

/** Looks at what the first day needs; what the credentials may not see is unknown, and stops nothing. */
export async function lookAtFirstDay(day: FirstDay): Promise<readonly Step[]> {
  return await Promise.all(
    LOOKS.map(([step, look]) => look(day).then((found) => ({ step, ...found }), unknown(step))),
  );
}

type Found = Omit<Step, 'step'>;
const done = (detail: string): Found => ({ state: 'done', detail, command: null });
const missing = (detail: string, command: string): Found => ({ state: 'missing', detail, command });
const unknown =
  (step: string) =>
  (error: unknown): Step => {
    if (error instanceof Failure && error.code !== 'interrupted')
      return { step, state: 'unknown', detail: error.message, command: null };
    throw error;
  };

/** Words of a shell. */
export const quoted = (word: string): string =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
const deploy = ({ name }: SluiceStack, parameter: string): string =>
  `npx aws-cdk@${releases.aws_cdk} deploy ${name} --app sluice-aws --parameters ${parameter}`;

/** The address that nothing can come from: what `MailFrom` is until it is set. */
const UNSET = 'sluice@mail.invalid';
/** What an account has in time, and a fresh one has not. */
const USUAL_CONCURRENCY = 1000;
const ADMINS = 3;

const LOOKS: readonly (readonly [string, (day: FirstDay) => Promise<Found>])[] = [
  ['protection', protection],
  ['alarms', alarms],
  ['mail sender', mailSender],
  ['mail sandbox', sandbox],
  ['admins', admins],
  ['concurrency', concurrency],
  ['checkpoints elsewhere', checkpoints],
];

async function protection({ account, stack }: FirstDay): Promise<Found> {
  const { UserPoolId, TableName } = stack.outputs;
  const Pool = z.object({ UserPool: z.object({ DeletionProtection: z.optional(z.string()) }) });
  const Table = z.object({ Table: z.object({ DeletionProtectionEnabled: z.optional(z.boolean()) }) });
  const [{ UserPool }, { Table: table }] = await Promise.all([
    account.json(
      'cognito-idp',
      'AWSCognitoIdentityProviderService',
      'DescribeUserPool',
      { UserPoolId },
      Pool,
    ),
    account.json('dynamodb', 'DynamoDB_20120810', 'DescribeTable', { TableName }, Table),
  ]);
  const open = [
    ...(UserPool.DeletionProtection === 'ACTIVE' ? [] : ['the user pool']),
    ...(table.DeletionProtectionEnabled === true ? [] : ['the table']),
  ];
  return open.length === 0
    ? done('the table and the user pool refuse to be deleted')
    : missing(`${open.join(' and ')} can be deleted`, deploy(stack, 'DeletionProtection=on'));
}

async function alarms({ account, stack }: FirstDay): Promise<Found> {
  const { AlarmTopicArn: TopicArn } = stack.outputs;
  const found = await account.query('sns', '2010-03-31', { Action: 'ListSubscriptionsByTopic', TopicArn });
  const all = named(named(found, 'Subscriptions')[0], 'member');
  const confirmed = all.filter((each) => (textIn(each, 'SubscriptionArn') ?? '').startsWith('arn:'));
  if (confirmed.length > 0) return done(`${confirmed.length} confirmed`);
  const [pending] = all.map((each) => textIn(each, 'Endpoint') ?? '');
  const command = `aws sns subscribe --region ${account.region} --topic-arn ${TopicArn} --protocol email --notification-endpoint ${quoted(pending || 'oncall@your.domain')}`;
  return missing(
    pending === undefined ? 'no subscription' : `${pending} has not confirmed: the link is in its mail`,
    command,
  );
}

async function mailSender({ account, stack }: FirstDay): Promise<Found> {
  const from = stack.parameters['MailFrom'] ?? UNSET;
  if (from === UNSET) return missing('none is set', deploy(stack, 'MailFrom=sluice@your.domain'));
  const domain = from.slice(from.indexOf('@') + 1);
  const verified = await Promise.all([from, domain].map((identity) => isVerified(account, identity)));
  return verified.includes(true)
    ? done(`${from} is verified`)
    : missing(
        `SES has verified neither ${from} nor ${domain}`,
        `aws sesv2 create-email-identity --region ${account.region} --email-identity ${quoted(domain)}`,
      );
}

async function isVerified(account: Account, identity: string): Promise<boolean> {
  const path = `/v2/email/identities/${encodeURIComponent(identity)}`;
  const Identity = z.object({ VerifiedForSendingStatus: z.optional(z.boolean()) });
  return await account.rest('ses', 'GetEmailIdentity', { method: 'GET', path }, Identity).then(
    ({ VerifiedForSendingStatus }) => VerifiedForSendingStatus === true,
    (error: unknown) => {
      if (error instanceof Failure && /NotFoundException/.test(error.message)) return false;
      throw error;
    },
  );
}

async function sandbox({ account }: FirstDay): Promise<Found> {
  const Sending = z.object({ ProductionAccessEnabled: z.optional(z.boolean()) });
  const { ProductionAccessEnabled } = await account.rest(
    'ses',
    'GetAccount',
    { method: 'GET', path: '/v2/email/account' },
    Sending,
  );
  return ProductionAccessEnabled === true
    ? done('SES sends to anyone')
    : missing(
        'SES sends to verified addresses only',
        `aws sesv2 put-account-details --region ${account.region} --production-access-enabled --mail-type TRANSACTIONAL --website-url https://your.domain`,
      );
}

async function admins({ admins: count, again }: FirstDay): Promise<Found> {
  if (count === undefined)
    return {
      state: 'unknown',
      detail: 'name a tenant with --tenant; installations before 0.2.0 do not say',
      command: null,
    };
  return count >= ADMINS
    ? done(`${count}`)
    : missing(`${count} of ${ADMINS}`, `${again} --email another@your.domain --yes`);
}

async function concurrency({ account }: FirstDay): Promise<Found> {
  const Settings = z.object({ AccountLimit: z.object({ ConcurrentExecutions: z.number() }) });
  const asked = { method: 'GET', path: '/2016-08-19/account-settings/' } as const;
  const { AccountLimit } = await account.rest('lambda', 'GetAccountSettings', asked, Settings);
  const { ConcurrentExecutions: most } = AccountLimit;
  return most >= USUAL_CONCURRENCY
    ? done(`${most} executions at once`)
    : missing(
        `${most} executions at once in all of the account`,
        `aws service-quotas request-service-quota-increase --region ${account.region} --service-code lambda --quota-code L-B99A9384 --desired-value ${USUAL_CONCURRENCY}`,
      );
}

/** Whether a copy lies somewhere cannot be seen from here; that witnesses cosign them can. */
async function checkpoints({ stack }: FirstDay): Promise<Found> {
  return (stack.parameters['LogWitnesses'] ?? '') !== ''
    ? done('witnesses cosign them')
    : missing('no witness is named', deploy(stack, "LogWitnesses='<verifier key> <address>'"));
}
