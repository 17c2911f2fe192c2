import { Duration } from 'aws-cdk-lib';
import type { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import {
  ComparisonOperator,
  type IMetric,
  MathExpression,
  Stats,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { Topic } from 'aws-cdk-lib/aws-sns';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { IStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { ImpactAlarm } from './impact-alarm.ts';
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

/** Every alarm of Sluice, each with what it means for people. They cost $0.10 a month each, so there are few. */
export class Alarms extends Construct {
  readonly topic: Topic;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.topic = new Topic(this, 'topic', { displayName: 'Sluice alarms', enforceSSL: true });
  }

  api(name: string, api: HttpApi): void {
    this.watch(`${name}-api-errors`, {
      metric: api.metricServerError(FIVE_MINUTES),
      threshold: 5,
      impact: `requests of ${name} fail although nothing is wrong with them. Look at the access log, then at the function of that route.`,
    });
  }

  workflow(machine: IStateMachine): void {
    this.watch('workflow-failed', {
      metric: machine.metricFailed(FIVE_MINUTES),
      threshold: 1,
      impact:
        'a promotion could not even be settled; it stands still, perhaps with its head claimed. The sweep tries again.',
    });
    this.watch('workflow-throttled', {
      metric: machine.metricThrottled(FIVE_MINUTES),
      threshold: 10,
      periods: 3,
      impact: 'promotions start late: the account is at its limit of state transitions or starts.',
    });
  }

  sweep(sweep: SluiceFunction): void {
    this.watch('sweep-silent', {
      metric: new MathExpression({
        expression: 'FILL(runs, 0) - FILL(errors, 0)',
        usingMetrics: {
          runs: sweep.metricInvocations(FIVE_MINUTES),
          errors: sweep.metricErrors(FIVE_MINUTES),
        },
        period: FIVE_MINUTES.period,
        label: 'sweeps that succeeded',
      }),
      threshold: 1,
      periods: 2,
      wrong: 'silence',
      impact:
        'nothing repairs lost work: scheduled, expiring or crashed promotions stand still until it runs again.',
    });
  }

  rules(fn: SluiceFunction): void {
    this.watch('rules-failing', {
      metric: fn.metricErrors(FIVE_MINUTES),
      threshold: 1,
      periods: 3,
      impact: 'automatic promotions whose time has come are not requested.',
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
      impact: 'commands answer 503 or take longer: one key or the whole table gets more than it can take.',
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
