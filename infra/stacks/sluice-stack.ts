import { CfnOutput, Lazy, Stack, type StackProps } from 'aws-cdk-lib';
import { HttpIamAuthorizer, HttpUserPoolAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { CfnFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { AlarmClock } from '../constructs/alarm-clock.ts';
import { Alarms } from '../constructs/alarms.ts';
import { AuditKey } from '../constructs/audit-key.ts';
import { SluiceDashboard } from '../constructs/dashboard.ts';
import { Events } from '../constructs/events.ts';
import { FlagStreams } from '../constructs/flag-streams.ts';
import { isForPages, SluiceHttpApi } from '../constructs/http-api.ts';
import { DeletionProtection } from '../constructs/keeping.ts';
import { LogWitnesses } from '../constructs/log-witnesses.ts';
import { MailSender } from '../constructs/mail-sender.ts';
import { People } from '../constructs/people.ts';
import { PromotionWorkflow } from '../constructs/promotion-workflow.ts';
import { PublicDomain } from '../constructs/public-domain.ts';
import { Queues } from '../constructs/queues.ts';
import { type Bundles, SluiceFunction } from '../constructs/sluice-function.ts';
import { SluiceTable } from '../constructs/table.ts';
import { TableFormat } from '../constructs/table-format.ts';
import { TraceReceiver } from '../constructs/trace-receiver.ts';
import { TransparencyLog } from '../constructs/transparency-log.ts';
import type { FunctionDeclaration } from '../declaration.ts';
import { FUNCTIONS, type FunctionName } from '../functions.ts';

export type SluiceStackProps = StackProps & {
  readonly bundles: Bundles;
  /** Begins the names that must be unique in an account and region. */
  readonly prefix: string;
};

/** All of Sluice. Everything is derived from the function declarations; the template names no account and no region. */
export class SluiceStack extends Stack {
  constructor(scope: Construct, id: string, { bundles, prefix, ...props }: SluiceStackProps) {
    super(scope, id, { description: 'Sluice: environment promotion.', ...props });
    const functions = new Map<string, SluiceFunction>();
    for (const declaration of FUNCTIONS) {
      functions.set(
        declaration.name,
        new SluiceFunction(this, declaration.name, { declaration, bundles, prefix }),
      );
    }
    const all = [...functions.values()];
    const named = (name: FunctionName): SluiceFunction => {
      const fn = functions.get(name);
      if (!fn) throw new Error(`No function ${name}.`);
      return fn;
    };

    const protection = new DeletionProtection(this, 'deletion-protection');
    const table = new SluiceTable(this, 'table', protection);
    const auditKey = new AuditKey(this, 'audit-key');
    const log = new TransparencyLog(this, 'log');
    const events = new Events(this, 'events', prefix);
    const workflow = new PromotionWorkflow(
      this,
      'promotion',
      all.filter(({ declaration }) => declaration.trigger.type === 'state'),
    );
    const mail = new MailSender(this, 'mail');
    const witnesses = new LogWitnesses(this, 'log-witnesses');
    const traces = new TraceReceiver(this, 'traces');
    const streams = new FlagStreams(this, 'flag-streams', named('flag-stream'));
    const queues = new Queues(this, 'queues', all);
    const alarmClock = new AlarmClock(this, 'alarm-clock', named('fire'), prefix);
    for (const fn of all) {
      const { grants }: FunctionDeclaration = fn.declaration;
      if (grants.table) fn.useTable(table, grants.table);
      if (grants.publishes) fn.publishTo(events.bus);
      workflow.drivenBy(fn, grants);
      if (grants.schedules) alarmClock.usedBy(fn);
      if (grants.secrets) fn.readSecrets(prefix, grants.secrets);
      if (grants.mails) mail.usedBy(fn);
      if (grants.signs) fn.signWith(auditKey, grants.shows_key === true);
      if (grants.log) fn.logTo(log, grants.log);
      if (commits(grants)) fn.wake(named('feed-log'));
      if (fn.declaration.judges) fn.callItself();
      if (grants.traces) traces.usedBy(fn);
      if (grants.streams) streams.knownTo(fn);
      events.onEvents(fn);
      events.onSchedule(fn);
      mark(
        fn,
        fn.declaration.trigger.type === 'seed' ? 'sluice:seed' : fn.declaration.judges && 'sluice:judges',
      );
    }
    new TableFormat(this, 'format', all);

    witnesses.askedBy(named('feed-log'));

    const domain = new PublicDomain(this, 'public-domain');
    // The API's authorizer names the pool and the pool's client names the API: neither resource needs the other to be made.
    const pages = Lazy.string({ produce: () => domain.urlOf(peopleApi.api) });
    const people = new People(this, 'people', {
      prefix,
      protection,
      tokenClaims: named('token-claims'),
      pages,
    });
    const peopleApi: SluiceHttpApi = new SluiceHttpApi(this, 'people-api', {
      description: 'Sluice for people: a token of the user pool.',
      authorizer: new HttpUserPoolAuthorizer('people', people.pool, { userPoolClients: [people.client] }),
      functions: all,
      pages: true,
    });
    domain.leadTo(peopleApi.api);
    const machinesApi = new SluiceHttpApi(this, 'machines-api', {
      description: 'Sluice for machines: requests signed by an IAM role.',
      authorizer: new HttpIamAuthorizer(),
      functions: all,
      pages: false,
    });
    for (const fn of all) {
      const { grants }: FunctionDeclaration = fn.declaration;
      if (grants.links || servesPages(fn)) fn.linkTo(pages);
      if (grants.identifies) fn.identifyBy(people);
    }

    const alarms = new Alarms(this, 'alarms', prefix);
    alarms.api('people', peopleApi.api);
    alarms.api('machines', machinesApi.api);
    alarms.workflow(workflow);
    alarms.sweep(named('sweep'));
    alarms.log(named('feed-log'));
    alarms.rules(named('evaluate-rules'));
    alarms.keeper(named('garbage'));
    alarms.signIn(named('token-claims'));
    alarms.deadLetters(
      'events-undelivered',
      events.undelivered,
      'automatic promotions were not considered for some deployments; the messages name them.',
    );
    for (const { name, dead, impact } of queues.all) alarms.deadLetters(`${name}-dead`, dead, impact);
    alarms.deadLetters(
      'schedules-missed',
      alarmClock.missed,
      'scheduled promotions were executed by the sweep, up to a minute late; the messages name them.',
    );
    alarms.table(table);
    alarms.stuck();
    alarms.record();
    new SluiceDashboard(this, 'dashboard', {
      prefix,
      apis: [peopleApi.api, machinesApi.api],
      workflow,
      table,
      dead: queues.all.map(({ dead }) => dead),
    });

    for (const [output, value] of Object.entries({
      PeopleApiUrl: peopleApi.api.apiEndpoint,
      MachinesApiUrl: machinesApi.api.apiEndpoint,
      UserPoolId: people.pool.userPoolId,
      UserPoolClientId: people.client.userPoolClientId,
      TableName: table.tableName,
      AlarmTopicArn: alarms.topic.topicArn,
      SeedFunctionName: named('seed').functionName,
      LogBucketName: log.bucket.bucketName,
    })) {
      new CfnOutput(this, output, { value });
    }
  }
}

/** Whether the function commits what is recorded: every such commit is conditioned on what it read. */
const commits = ({ table }: FunctionDeclaration['grants']): boolean =>
  table?.actions.includes('ConditionCheckItem') === true;

/** Whether pages ask the function, which holds what they send against the address of the site. */
const servesPages = ({ declaration: { trigger } }: SluiceFunction): boolean =>
  trigger.type === 'http' && trigger.paths.some(({ path, open }) => open === false && isForPages(path));

/** The mark by which the local runtime finds the function that creates a tenant, and the one that judges the table. */
function mark(fn: SluiceFunction, name: string | undefined): void {
  const resource = fn.node.defaultChild;
  if (name !== undefined && resource instanceof CfnFunction) resource.addMetadata(name, true);
}
