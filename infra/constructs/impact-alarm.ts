import { Alarm, type AlarmProps } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';

export type ImpactAlarmProps = Omit<AlarmProps, 'alarmDescription' | 'actionsEnabled'> & {
  /** What people suffer while it rings, and where to look first. */
  readonly impact: string;
  readonly topic: ITopic;
};

/** An alarm that says what it means for people; without that sentence there is no alarm. */
export class ImpactAlarm extends Alarm {
  constructor(scope: Construct, id: string, { impact, topic, ...props }: ImpactAlarmProps) {
    if (impact.trim().length < 20) throw new Error(`Alarm ${id} does not say its impact.`);
    super(scope, id, { ...props, alarmDescription: `Impact: ${impact}` });
    this.addAlarmAction(new SnsAction(topic));
    this.addOkAction(new SnsAction(topic));
  }
}
