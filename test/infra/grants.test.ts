import { beforeAll, describe, expect, it } from 'vitest';
import { SECRET_PURPOSES } from '../../functions/domain/catalog/own-secret.ts';
import { digestOfBytes } from '../../functions/domain/digest.ts';
import {
  BEARER_KEYS,
  type FunctionDeclaration,
  type SecretPurpose,
  WORK_KEYS,
  WRITES,
} from '../../infra/declaration.ts';
import { FUNCTIONS } from '../../infra/functions.ts';
import { keys, secretKeys } from '../support/all-keys.ts';
import { grantedTo, isWork, needs } from '../support/grants.ts';
import { realTemplate, type SynthesizedTemplate } from '../support/template.ts';

type Statement = {
  readonly Effect: string;
  readonly Action: string | string[];
  readonly Resource: unknown;
  readonly Condition?: unknown;
};

let template: SynthesizedTemplate;
beforeAll(async () => {
  template = await realTemplate();
});

/** Every statement of every policy attached to a role. */
function statementsOf(role: string): Statement[] {
  return template
    .of('AWS::IAM::Policy')
    .filter(({ properties }) => properties.Roles.some(({ Ref }: { Ref: string }) => Ref === role))
    .flatMap(({ properties }) => properties.PolicyDocument.Statement);
}

function roleOf(name: string): string {
  const [fn] = template
    .of('AWS::Lambda::Function')
    .filter(({ properties }) => properties.Environment.Variables.POWERTOOLS_SERVICE_NAME === name);
  return fn?.properties.Role['Fn::GetAtt'][0];
}

const actionsOf = (statements: readonly Statement[]) => statements.flatMap(({ Action }) => Action);

const OWN_LOG_AND_TRACES = [
  'logs:CreateLogStream',
  'logs:PutLogEvents',
  'xray:PutTelemetryRecords',
  'xray:PutTraceSegments',
];

describe('each function may do what it declares', () => {
  it.each(FUNCTIONS.map((declaration) => [declaration.name, declaration] as const))(
    '%s, and nothing else',
    (name, declaration: FunctionDeclaration) => {
      const granted = new Set(actionsOf(statementsOf(roleOf(name))));
      const actions = grantedTo(name)
        .map((grant) => grant.split(' ')[0])
        .filter((action) => action !== 'dynamodb');
      const wanted = new Set([...OWN_LOG_AND_TRACES, ...actions]);
      // The dead-letter queue of the asynchronous one.
      if (declaration.trigger.type === 'bus' || declaration.trigger.type === 'alarm') {
        for (const action of ['sqs:SendMessage', 'sqs:GetQueueAttributes', 'sqs:GetQueueUrl'])
          wanted.add(action);
      }
      // What Lambda does in its name with the queue that calls it.
      if (declaration.trigger.type === 'queue') {
        for (const action of ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'])
          wanted.add(action);
      }
      expect([...granted].sort()).toEqual([...wanted].sort());
    },
  );
});

describe('no function', () => {
  it('is granted a wildcard action, or every resource but for traces', () => {
    for (const { name } of FUNCTIONS) {
      for (const { Effect, Action, Resource } of statementsOf(roleOf(name))) {
        expect(Effect).toBe('Allow');
        expect([Action].flat().join(' ')).not.toContain('*');
        if (Resource === '*')
          expect(
            [Action].flat().every((action) => action.startsWith('xray:')),
            name,
          ).toBe(true);
      }
    }
  });

  it('changes or deletes the table, and none but the one that judges it scans it', () => {
    expect(/dynamodb:(DeleteTable|UpdateTable|\*)/.exec(template.text)).toBeNull();
    const scanning = FUNCTIONS.filter(({ name }) =>
      actionsOf(statementsOf(roleOf(name)))
        .flat()
        .includes('dynamodb:Scan'),
    );
    expect(scanning.map(({ name }) => name)).toEqual(['garbage']);
  });

  it('reads secrets but for the purposes that its code has', () => {
    const reading = FUNCTIONS.flatMap(({ name }) => {
      const secrets = statementsOf(roleOf(name)).filter(({ Action }) =>
        [Action].flat().includes('secretsmanager:GetSecretValue'),
      );
      const arns = secrets.flatMap(({ Resource }) => [Resource].flat().map((each) => JSON.stringify(each)));
      const named = arns.map((arn) => /:secret:sluice\/\*\/([a-z]+)\/\*"/.exec(arn)?.[1] ?? arn);
      return secrets.length === 0 ? [] : [[name, named.sort()]];
    });
    expect(Object.fromEntries(reading)).toEqual({
      artifacts: ['registry'],
      assess: ['gate', 'registry'],
      evidence: ['registry'],
      execute: ['gateway', 'registry'],
      'execute-and-wait': ['gateway', 'registry'],
      settle: ['gateway', 'registry'],
      sweep: ['gateway', 'registry'],
      'notification-channels': ['slack', 'webhook'],
      deliver: ['registry', 'slack', 'webhook'],
      slack: ['slack'],
      'slack-act': ['slack'],
    });
    const words: readonly SecretPurpose[] = SECRET_PURPOSES;
    expect(
      reading.flatMap(([, named]) => named).filter((each) => !words.some((word) => word === each)),
    ).toEqual([]);
  });

  it('but those that administer writes who may do what', () => {
    const free = FUNCTIONS.filter(({ name }) =>
      statementsOf(roleOf(name)).some(
        ({ Action, Condition }) =>
          [Action].flat().some((action) => WRITES.some((each) => action === `dynamodb:${each}`)) &&
          !Condition,
      ),
    );
    expect(free.map(({ name }) => name)).toEqual(['catalog', 'garbage', 'seed']);
    const [written] = statementsOf(roleOf('execute')).filter(({ Condition }) => Condition);
    expect(written?.Condition).toEqual({
      'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': WORK_KEYS },
      Null: { 'dynamodb:LeadingKeys': 'false' },
    });
  });

  it('but those of the pages writes what a secret opens, each its own kind', () => {
    const opening = FUNCTIONS.flatMap(({ name }) => {
      const conditions = JSON.stringify(statementsOf(roleOf(name)).map(({ Condition }) => Condition));
      const keys = BEARER_KEYS.filter((key) => conditions.includes(key));
      return keys.length === 0 ? [] : [[name, keys]];
    });
    expect(opening).toEqual([
      ['approvals', ['LINK#*']],
      ['sign-in', ['SESSION#*']],
      ['deliver', ['LINK#*']],
      ['slack-links', ['SLACK#*', 'SLACKMEMBER#*', 'SLACKINVITE#*']],
      ['slack-act', ['SLACKINVITE#*']],
    ]);
  });

  it('finds a way around that by what things are called', () => {
    const subject = { kind: 'agent', name: 'MACHINES' } as const;
    const digest = digestOfBytes('x');
    const told = { tenant: 'acme', channel_id: 'MACHINES', promotion_id: 'p1' };
    const identities = {
      slackInvitationKey: keys.slackInvitationKey(digest),
      slackLinkKey: keys.slackLinkKey('acme', 'T1', 'U1'),
      slackMemberKey: keys.slackMemberKey('acme', 'alice', 'T1'),
      membershipKey: keys.membershipKey('acme', 'sub'),
      approverKey: keys.approverKey('acme', 'sub'),
      identityKey: keys.identityKey('123456789012', 'role', 'AROA'),
      machineKey: keys.machineKey('acme', 'ci'),
      tenantKey: keys.tenantKey('acme'),
      formatKey: keys.formatKey,
    };
    const work = {
      slackMessageKey: keys.slackMessageKey('acme', 'chan-1', 'p1'),
      promotionKey: keys.promotionKey('acme', 'p1'),
      eventsKey: keys.eventsKey('acme', 'p1', 1),
      partKey: keys.partKey('acme', 'p1', 1, 0),
      aliasKey: keys.aliasKey('acme', 'a@acme.com', 'MACHINES'),
      providerAnswerKey: keys.providerAnswerKey('acme', 'p1', 'MACHINES', 1),
      tokenKey: keys.tokenKey('acme', 'p1'),
      openKey: keys.openKey('acme', subject, digest, 'staging', 'rollback'),
      holdKey: keys.holdKey('acme', subject, 'staging'),
      headKey: keys.headKey('acme', { subject, environment: 'staging' }),
      formerHeadKey: keys.formerHeadKey('acme', { subject, environment: 'staging' }),
      movedKey: keys.movedKey('acme', { subject, environment: 'staging' }),
      revisionKey: keys.revisionKey('acme', { subject, environment: 'staging' }, 1),
      revisionsKey: { PK: keys.revisionsKey('acme', { subject, environment: 'staging' }) },
      branchKey: keys.branchKey('acme', 'd1', subject, 'main', '2026-11-21T09:00:00.000Z'),
      deploymentKey: keys.deploymentKey('acme', 'MACHINES'),
      artifactVersionKey: keys.artifactVersionKey('acme', 'MACHINES', '1.0.0'),
      uploadKey: keys.uploadKey({ tenant: 'acme', repository: 'registry.acme.com/platform', blob: digest }),
      listKey: keys.listKey({ tenant: 'acme', repository: 'registry.acme.com/platform', subject: digest }),
      flagKeyUseKey: keys.flagKeyUseKey('acme', 'key-1'),
      rollUpKey: keys.rollUpKey('acme', { environment: 'staging' }, '2026-11-21'),
      momentKey: keys.momentKey('acme', { environment: 'staging', subject }, 'live', {
        at: '2026-11-21T09:00:00.000Z',
        id: 'MACHINES',
      }),
      timelineKey: keys.timelineKey('acme', { environment: 'staging', subject }),
      aboutKey: { PK: keys.aboutKey('acme', digest) },
      watchListKey: keys.watchListKey('acme', digest),
      evidenceKey: keys.evidenceKey('acme', digest, {
        gate: 'tests',
        received_at: '2026-11-21T09:00:00.000Z',
        digest,
      }),
      retiredKey: keys.retiredKey('acme', digest, digest),
      documentKey: keys.documentKey('acme', digest),
      observationKey: keys.observationKey('acme', {
        subject: { kind: 'artifact', name: 'platform' },
        environment: 'staging',
      }),
      attemptKey: keys.attemptKey('acme', 'dep-456', 'rule', 1),
      answerKey: keys.answerKey('acme', digest),
      catalogKey: keys.catalogKey('acme', 'rule', 'r1'),
      nodeKey: keys.nodeKey('acme', digest),
      saltKey: keys.saltKey('acme'),
      cursorKey: keys.cursorKey('rules'),
      stoppedKey: keys.stoppedKey('acme', 'staging', 'p1'),
      unblockKey: keys.unblockKey('acme', '*'),
      changeKey: keys.changeKey('acme', 1),
      waitsKey: keys.waitsKey('acme', 'streams'),
      newsKey: keys.newsKey('acme', { chain: 'changes', seq: 1 }),
      logHeadKey: keys.logHeadKey('MACHINES'),
      logPlaceKey: keys.logPlaceKey('acme', 'promotion/p1'),
      weakenedKey: keys.weakenedKey('acme', 'staging', '2026-11-21T09:00:00.000Z', 1),
      deliveryCursorKey: keys.deliveryCursorKey(told),
      backoffKey: keys.backoffKey(told),
      deliveryKey: keys.deliveryKey(told, { event_at: '2026-11-21T09:00:00.000Z', seq: 1 }),
      toldKey: keys.toldKey(told, 1),
      denialKey: keys.denialKey('acme', '2026-11-21T09:00:00.000Z', digest),
    };
    const bearers = { linkKey: secretKeys.linkKey(digest), sessionKey: secretKeys.sessionKey(digest) };
    expect(Object.keys(bearers)).toEqual(Object.keys(secretKeys));
    for (const [name, { PK }] of Object.entries(bearers)) expect(isWork(PK), name).toBe(false);
    // A new kind of item is put on one of the two sides before any function can write it.
    const builders = Object.keys(keys).filter((name) => /^[a-z].*Key$/.test(name));
    expect(Object.keys({ ...identities, ...work }).sort()).toEqual(builders.sort());
    for (const [name, { PK }] of Object.entries(identities)) expect(isWork(PK), name).toBe(false);
    for (const [name, { PK }] of Object.entries(work)) expect(isWork(PK), name).toBe(true);
  });

  it('queries an index that it does not declare', () => {
    for (const { name, grants } of FUNCTIONS satisfies readonly FunctionDeclaration[]) {
      const indexes = [...JSON.stringify(statementsOf(roleOf(name))).matchAll(/\/index\/(GSI\d)/g)].map(
        ([, it]) => it,
      );
      expect(indexes.sort(), name).toEqual(
        [...('indexes' in grants.table ? grants.table.indexes : [])].sort(),
      );
    }
  });
});

describe('each grant', () => {
  it('comes with the variable by which the code finds the resource', () => {
    for (const { properties } of template.of('AWS::Lambda::Function')) {
      const variables = properties.Environment.Variables;
      const declaration: FunctionDeclaration | undefined = FUNCTIONS.find(
        ({ name }) => name === variables.POWERTOOLS_SERVICE_NAME,
      );
      expect('TABLE_NAME' in variables).toBe(declaration?.grants.table !== undefined);
      expect('LOG_BUCKET' in variables).toBe(declaration?.grants.log !== undefined);
      expect('LOG_KEY_ID' in variables).toBe(declaration?.grants.log === 'writes');
      expect('BUS_NAME' in variables).toBe(declaration?.grants.publishes === true);
      expect('MAIL_FROM' in variables).toBe(declaration?.grants.mails === true);
      expect('PROMOTION_STATE_MACHINE_ARN' in variables).toBe(declaration?.grants.starts === true);
    }
  });
});

describe('what a recorded call needs', () => {
  const put = (PK: string) => ({ Put: { Item: { PK: { S: PK } } } });
  const table = 'DynamoDB_20120810';

  it('is what its parts need', () => {
    const TransactItems = [
      put('T#acme#DEP#d'),
      put('MEMBER#sub'),
      { ConditionCheck: { Key: { PK: { S: 'x' } } } },
    ];
    expect(needs({ target: `${table}.TransactWriteItems`, body: { TransactItems } })).toEqual([
      'dynamodb:PutItem',
      'dynamodb:PutItem',
      'dynamodb:PutItem any key',
      'dynamodb:ConditionCheckItem',
    ]);
    expect(needs({ target: `${table}.Query`, body: { IndexName: 'GSI1' } })).toEqual(['dynamodb:Query GSI1']);
    expect(needs({ target: `${table}.GetItem`, body: { Key: { PK: { S: 'MEMBER#sub' } } } })).toEqual([
      'dynamodb:GetItem',
    ]);
    const reads = (SecretId: string) =>
      needs({ target: 'secretsmanager.GetSecretValue', body: { SecretId } });
    expect(reads('sluice/acme/slack/bot')).toEqual(['secretsmanager:GetSecretValue slack']);
    for (const other of ['other', 'sluice/acme/bot', 'x/sluice/acme/slack/bot'])
      expect(reads(other)).toEqual(['secretsmanager:GetSecretValue outside sluice/']);
  });
});
