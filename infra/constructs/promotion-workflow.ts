import { readFileSync } from 'node:fs';
import { RemovalPolicy, Validations } from 'aws-cdk-lib';
import { Policy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { DefinitionBody, LogLevel, StateMachine, StateMachineType } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import type { SluiceFunction } from './sluice-function.ts';

const DEFINITION = new URL('../../statemachines/promotion.asl.json', import.meta.url);

/** The promotion state machine, from the very file that the local runtime and the tests interpret. */
export class PromotionWorkflow extends StateMachine {
  private readonly starters: Policy;
  private readonly wakers: Policy;

  constructor(scope: Construct, id: string, steps: readonly SluiceFunction[]) {
    const logGroup = new LogGroup(scope, `${id}-logs`, {
      retention: RetentionDays.THREE_MONTHS,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    super(scope, id, {
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
    // Policies of their own: in the role's default policy they would make function and machine wait for each other.
    this.starters = this.policy('start', 'states:StartExecution');
    this.wakers = this.policy('wake', 'states:SendTaskSuccess');
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

  /** Lets it start executions and tells the code the machine. */
  startedBy(fn: SluiceFunction): void {
    fn.addEnvironment('PROMOTION_STATE_MACHINE_ARN', this.stateMachineArn);
    if (fn.role) this.starters.attachToRole(fn.role);
  }

  /** Lets it answer task tokens; a token names its execution, so the code needs no variable. */
  wokenBy(fn: SluiceFunction): void {
    if (fn.role) this.wakers.attachToRole(fn.role);
  }

  private policy(id: string, action: string): Policy {
    return new Policy(this, id, {
      statements: [new PolicyStatement({ actions: [action], resources: [this.stateMachineArn] })],
    });
  }
}
