import { Duration, Validations } from 'aws-cdk-lib';
import { EventBus, Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { SqsDestination } from 'aws-cdk-lib/aws-lambda-destinations';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { SluiceFunction } from './sluice-function.ts';

/** The bus, and what happens because of its events or of time. Events are hints: what is lost here, the sweep finds. */
export class Events extends Construct {
  readonly bus: EventBus;
  /** Events that no retry could deliver. */
  readonly undelivered: Queue;

  constructor(scope: Construct, id: string, busName: string) {
    super(scope, id);
    this.bus = new EventBus(this, 'bus', { eventBusName: busName });
    this.undelivered = new Queue(this, 'undelivered', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    });
    Validations.of(this.undelivered).acknowledge({
      id: 'AwsSolutions-SQS3',
      reason: 'This is the dead-letter queue.',
    });
  }

  /** Calls the function for events of the declared types; both a failed delivery and a failed run end in the queue. */
  onEvents(fn: SluiceFunction): void {
    const { name, trigger } = fn.declaration;
    if (trigger.type !== 'bus') return;
    fn.configureAsyncInvoke({
      retryAttempts: 2,
      maxEventAge: Duration.hours(6),
      onFailure: new SqsDestination(this.undelivered),
    });
    new Rule(this, name, {
      description: fn.declaration.description,
      eventBus: this.bus,
      eventPattern: {
        source: ['sluice'],
        detail: {
          type: trigger.detailTypePrefixes.map((prefix) => ({ prefix })),
          ...(trigger.last ? { data: { customData: { followed: [{ exists: false }] } } } : {}),
        },
      },
      targets: [
        new LambdaFunction(fn, {
          deadLetterQueue: this.undelivered,
          retryAttempts: 10,
          maxEventAge: Duration.hours(6),
        }),
      ],
    });
  }

  /** Calls the function at its rate. A failed run is not repeated, unless the next one is a day away: that one does its work. */
  onSchedule(fn: SluiceFunction): void {
    const { name, trigger } = fn.declaration;
    if (trigger.type !== 'rate') return;
    const rate = Duration.minutes(trigger.minutes);
    // An event is kept for six hours at most, however seldom the next one comes.
    const maxEventAge = Duration.minutes(Math.min(trigger.minutes, 360));
    fn.configureAsyncInvoke({ retryAttempts: trigger.minutes < 1440 ? 0 : 2, maxEventAge });
    new Rule(this, name, {
      description: fn.declaration.description,
      schedule: Schedule.rate(rate),
      targets: [new LambdaFunction(fn, { retryAttempts: 0, maxEventAge })],
    });
  }
}
