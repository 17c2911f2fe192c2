import { readFileSync } from 'node:fs';
import { ArnFormat, Stack, Validations } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { DefinitionBody, LogLevel, StateMachine, StateMachineType } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import type { Grants } from '../declaration.ts';
import { KEPT } from './keeping.ts';
import type { SluiceFunction } from './sluice-function.ts';

const DEFINITION = new URL('../../statemachines/promotion.asl.json', import.meta.url);

/** The promotion state machine, from the very file that the local runtime and the tests interpret. */
export class PromotionWorkflow extends StateMachine {
  constructor(scope: Construct, id: string, steps: readonly SluiceFunction[]) {
    const logGroup = new LogGroup(scope, `${id}-logs`, {
      retention: RetentionDays.THREE_MONTHS,
      removalPolicy: KEPT,
    });
    super(scope, id, {
      stateMachineName: `${Stack.of(scope).stackName}-${id}`,
      stateMachineType: StateMachineType.STANDARD,
      definitionBody: DefinitionBody.fromString(readFileSync(DEFINITION, 'utf8')),
      definitionSubstitutions: Object.fromEntries(
        steps.flatMap(({ declaration: { trigger }, functionArn }) =>
          trigger.type === 'state' ? [[trigger.substitution, functionArn]] : [],
        ),
      ),
      tracingEnabled: true,
      logs: { destination: logGroup, level: LogLevel.ERROR, includeExecutionData: false },
    });
    this.addToRolePolicy(
      new PolicyStatement({
        actions: ['lambda:InvokeFunction'],
        resources: steps.map(({ functionArn }) => functionArn),
      }),
    );
    Validations.of(this).acknowledge(
      {
        id: 'AwsSolutions-SF1',
        reason:
          'Errors only: every step is recorded in the table already, and full logging would cost more than the workflow.',
      },
      {
        id: 'AwsSolutions-IAM5[Resource::*]',
        reason: 'X-Ray and the delivery of logs have no resources to name.',
      },
    );
  }

  /** Lets it start executions, telling its code of which machine, and answer their task tokens, as far as declared. */
  drivenBy(fn: SluiceFunction, { starts, wakes }: Pick<Grants, 'starts' | 'wakes'>): void {
    if (!starts && !wakes) return;
    // By name: a reference would make the steps wait for the machine, which waits for them.
    const arn = Stack.of(this).formatArn({
      service: 'states',
      resource: 'stateMachine',
      resourceName: this.physicalName,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
    if (starts) fn.addEnvironment('PROMOTION_STATE_MACHINE_ARN', arn);
    const actions = [
      ...(starts ? ['states:StartExecution'] : []),
      ...(wakes ? ['states:SendTaskSuccess'] : []),
    ];
    fn.addToRolePolicy(new PolicyStatement({ actions, resources: [arn] }));
  }
}
