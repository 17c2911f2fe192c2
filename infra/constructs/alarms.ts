import { ArnFormat, CfnCondition, CfnParameter, Duration, Fn, Stack } from 'aws-cdk-lib';
import type { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import {
  ComparisonOperator,
  type IMetric,
  MathExpression,
  Stats,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnSubscription, Topic } from 'aws-cdk-lib/aws-sns';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { IStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { ImpactAlarm } from './impact-alarm.ts';
import { ownMetric } from './own-metric.ts';
import type { SluiceFunction } from './sluice-function.ts';

const FIVE_MINUTES = { period: Duration.minutes(5), statistic: Stats.SUM } as const;

type Sign = {
  readonly metric: IMetric;
  readonly threshold: number;
  readonly impact: string;
  readonly periods?: number;
  /** `silence`: too little, or no data at all, is what is wrong. */
  readonly wrong?: 'excess' | 'silence';
};

/** Runs without an error; a function that nobody calls has none. */
const succeeded = (fn: SluiceFunction, label: string): IMetric =>
  new MathExpression({
    expression: 'FILL(runs, 0) - FILL(errors, 0)',
    usingMetrics: { runs: fn.metricInvocations(FIVE_MINUTES), errors: fn.metricErrors(FIVE_MINUTES) },
    period: FIVE_MINUTES.period,
    label,
  });

/** Every alarm of Sluice, each with what it means for people. They cost $0.10 a month each, so there are few. */
export class Alarms extends Construct {
  readonly topic: Topic;

  readonly #prefix: string;

  constructor(scope: Construct, id: string, prefix: string) {
    super(scope, id);
    this.#prefix = prefix;
    this.topic = new Topic(this, 'topic', { displayName: 'Sluice alarms', enforceSSL: true });
    this.letAlarmsPublish();
    this.subscribe();
  }

  /** A topic with a policy of its own has no default one: without this no alarm could publish. */
  private letAlarmsPublish(): void {
    const { account } = Stack.of(this);
    const alarms = Stack.of(this).formatArn({
      service: 'cloudwatch',
      resource: 'alarm',
      resourceName: '*',
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
    this.topic.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
        actions: ['sns:Publish'],
        resources: [this.topic.topicArn],
        conditions: {
          StringEquals: { 'aws:SourceAccount': account },
          ArnLike: { 'aws:SourceArn': alarms },
        },
      }),
    );
  }

  /** One mail address, by a parameter; SNS asks it to confirm. Further subscriptions are the operator's. */
  private subscribe(): void {
    const email = new CfnParameter(this, 'email', {
      type: 'String',
      default: '',
      allowedPattern: '|[^@\\s<>,"]+@[A-Za-z0-9.-]+',
      description: 'Who hears of alarms by mail; empty: nobody is subscribed.',
    });
    email.overrideLogicalId('AlarmEmail');
    const given = new CfnCondition(this, 'subscribed', {
      expression: Fn.conditionNot(Fn.conditionEquals(email.valueAsString, '')),
    });
    const subscription = new CfnSubscription(this, 'subscription', {
      topicArn: this.topic.topicArn,
      protocol: 'email',
      endpoint: email.valueAsString,
    });
    subscription.cfnOptions.condition = given;
  }

  api(name: string, api: HttpApi): void {
    this.watch(`${name}-api-errors`, {
      metric: api.metricServerError(FIVE_MINUTES),
      threshold: 5,
      impact: `requests of ${name} fail with server errors. Look at the access log, then at the function of that route.`,
    });
  }

  workflow(machine: IStateMachine): void {
    this.watch('workflow-failed', {
      metric: machine.metricFailed(FIVE_MINUTES),
      threshold: 1,
      impact:
        'a promotion could not even be settled; it is stuck, possibly with its head claimed. The sweep tries again.',
    });
    this.watch('workflow-throttled', {
      metric: machine.metricThrottled(FIVE_MINUTES),
      threshold: 10,
      periods: 3,
      impact: 'promotions start late: the account is at its limit of state transitions or starts.',
    });
  }

  /** Events stay out of the log: nobody feeds it, or it fails; a run that is a quarter of an hour behind fails too. */
  log(feeder: SluiceFunction): void {
    this.watch('log-not-fed', {
      metric: succeeded(feeder, 'runs that fed all logs'),
      threshold: 1,
      periods: 2,
      wrong: 'silence',
      impact:
        'what happens is not in the transparency log of a tenant, and cannot be proven. Look for log_not_fed and log_late in the log of feed-log; they say why.',
    });
  }

  sweep(sweep: SluiceFunction): void {
    this.watch('sweep-silent', {
      metric: succeeded(sweep, 'sweeps that succeeded'),
      threshold: 1,
      periods: 2,
      wrong: 'silence',
      impact:
        'nothing repairs lost work: scheduled, expiring or crashed promotions stand still until it runs again.',
    });
  }

  /** The two by which something stands still although every function answers. */
  stuck(): void {
    this.watch('sweep-faults', {
      metric: ownMetric(this.#prefix, 'sweep_faults', Stats.SUM),
      threshold: 5,
      periods: 3,
      impact:
        'the sweep cannot repair some promotions: they are stuck, possibly with their head claimed. Look for not_swept in the log of sweep; it names them and why.',
    });
    this.watch('overdue', {
      metric: ownMetric(this.#prefix, 'overdue_seconds', Stats.MAXIMUM),
      threshold: 900,
      periods: 2,
      impact:
        'something due a quarter of an hour ago is not done: schedules, expiries and reports are late. Look at the errors and the duration of sweep.',
    });
  }

  /** Requests that were answered with `corrupt`. */
  record(): void {
    this.watch('record-corrupt', {
      metric: ownMetric(this.#prefix, 'corrupt_answers', Stats.SUM),
      threshold: 1,
      impact:
        'what is stored contradicts itself, and requests that need it answer 503. Look for corrupt in the logs of the functions; it names the item. Restore that item from the backup.',
    });
  }

  rules(fn: SluiceFunction): void {
    this.watch('rules-failing', {
      metric: fn.metricErrors(FIVE_MINUTES),
      threshold: 1,
      periods: 3,
      impact: 'automatic promotions that are due are not requested.',
    });
  }

  /** A migration stands still, or garbage is not collected. */
  keeper(fn: SluiceFunction): void {
    this.watch('table-not-kept', {
      metric: fn.metricErrors(FIVE_MINUTES),
      threshold: 1,
      impact:
        'a migration of the table stands still, or configuration that nothing refers to is not removed. Requests go on, unless they answer that the installation is read-only. Look for the error in the log of garbage; it names the item.',
    });
  }

  signIn(fn: SluiceFunction): void {
    this.watch('sign-in-failing', {
      metric: fn.metricErrors(FIVE_MINUTES),
      threshold: 1,
      impact: 'people cannot sign in or renew their tokens; nobody can approve.',
    });
  }

  /** Something lies in a queue of dead letters. */
  deadLetters(id: string, queue: IQueue, impact: string): void {
    this.watch(id, {
      metric: queue.metricApproximateNumberOfMessagesVisible({
        period: Duration.minutes(5),
        statistic: Stats.MAXIMUM,
      }),
      threshold: 1,
      impact,
    });
  }

  table(table: TableV2): void {
    this.watch('table-throttled', {
      // ThrottledRequests exists per operation only; these two count the table's keys, whoever asks.
      metric: new MathExpression({
        expression: 'FILL(reads, 0) + FILL(writes, 0)',
        usingMetrics: {
          reads: table.metric('ReadThrottleEvents', FIVE_MINUTES),
          writes: table.metric('WriteThrottleEvents', FIVE_MINUTES),
        },
        period: FIVE_MINUTES.period,
        label: 'throttled reads and writes',
      }),
      threshold: 10,
      impact: 'commands answer 503 or take longer: one key or the whole table exceeds its capacity.',
    });
  }

  private watch(id: string, { metric, threshold, impact, periods = 1, wrong = 'excess' }: Sign): void {
    new ImpactAlarm(this, id, {
      topic: this.topic,
      metric,
      threshold,
      impact,
      evaluationPeriods: periods,
      comparisonOperator:
        wrong === 'silence'
          ? ComparisonOperator.LESS_THAN_THRESHOLD
          : ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: wrong === 'silence' ? TreatMissingData.BREACHING : TreatMissingData.NOT_BREACHING,
    });
  }
}
