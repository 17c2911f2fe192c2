import { ArnFormat, Duration, Stack, Validations } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { SqsDestination } from 'aws-cdk-lib/aws-lambda-destinations';
import { CfnScheduleGroup } from 'aws-cdk-lib/aws-scheduler';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { ownName, type SluiceFunction } from './sluice-function.ts';

/** The actions by which functions set, move and take back alarms. */
const SET = ['scheduler:CreateSchedule', 'scheduler:UpdateSchedule', 'scheduler:DeleteSchedule'];

/** One-time schedules that call one function, under a role that may do nothing else. */
export class AlarmClock extends Construct {
  /** Calls that nobody took, and runs that failed for good. The sweep has done their work by then. */
  readonly missed: Queue;
  readonly #role: Role;
  readonly #called: string;
  /** The name of the group, of which every alarm is a schedule. */
  readonly #group: string;

  /** `called` has a name of its own: by reference it would wait for itself, since it sets alarms too. */
  constructor(scope: Construct, id: string, called: SluiceFunction, group: string) {
    super(scope, id);
    this.#group = group;
    const stack = Stack.of(this);
    this.#called = stack.formatArn({
      service: 'lambda',
      resource: 'function',
      resourceName: ownName(this, called.declaration),
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
    this.missed = new Queue(this, 'missed', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    });
    Validations.of(this.missed).acknowledge({
      id: 'AwsSolutions-SQS3',
      reason: 'This is the dead-letter queue.',
    });
    new CfnScheduleGroup(this, 'group', { name: group });
    const groupArn = stack.formatArn({
      service: 'scheduler',
      resource: 'schedule-group',
      resourceName: group,
    });
    this.#role = new Role(this, 'role', {
      // Schedules of this account and group alone: the service must not be talked into it by anybody else's.
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': stack.account, 'aws:SourceArn': groupArn } },
      }),
      description: 'Sluice: alarms call the function that executes what is due.',
    });
    this.#role.addToPolicy(
      new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [this.#called] }),
    );
    this.#role.addToPolicy(
      new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [this.missed.queueArn] }),
    );
    called.configureAsyncInvoke({
      retryAttempts: 2,
      maxEventAge: Duration.hours(1),
      onFailure: new SqsDestination(this.missed),
    });
  }

  /** Lets a function set, move and take back alarms, and tells its code how. */
  usedBy(fn: SluiceFunction): void {
    fn.addEnvironment('SCHEDULE_GROUP', this.#group);
    fn.addEnvironment('SCHEDULE_FUNCTION_ARN', this.#called);
    fn.addEnvironment('SCHEDULE_ROLE_ARN', this.#role.roleArn);
    fn.addEnvironment('SCHEDULE_DEAD_LETTER_ARN', this.missed.queueArn);
    const alarms = Stack.of(this).formatArn({
      service: 'scheduler',
      resource: 'schedule',
      resourceName: `${this.#group}/*`,
    });
    fn.addToRolePolicy(new PolicyStatement({ actions: SET, resources: [alarms] }));
    fn.addToRolePolicy(
      new PolicyStatement({
        actions: ['iam:PassRole'],
        resources: [this.#role.roleArn],
        conditions: { StringEquals: { 'iam:PassedToService': 'scheduler.amazonaws.com' } },
      }),
    );
    Validations.of(fn.role ?? fn).acknowledge({
      id: `AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:scheduler:<AWS::Region>:<AWS::AccountId>:schedule/${this.#group}/*]`,
      reason: 'An alarm is named after its promotion; the group holds nothing but alarms.',
    });
  }
}
