import { Aws, CfnCondition, CfnOutput, CfnParameter, Fn } from 'aws-cdk-lib';
import { CfnFunction, CfnPermission, CfnUrl } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { SluiceFunction } from './sluice-function.ts';

/**
 * The URL at which clients of flags hear of changes, where the operator allows so many streams at once. A stream holds one concurrent
 * execution of the account for minutes: the number is reserved for them, so that they never take what other functions need.
 */
export class FlagStreams extends Construct {
  readonly #url: CfnUrl;
  readonly #allowed: CfnCondition;

  constructor(scope: Construct, id: string, fn: SluiceFunction) {
    super(scope, id);
    const most = new CfnParameter(this, 'most', {
      type: 'String',
      default: '0',
      allowedPattern: '0|[1-9][0-9]{0,3}',
      description:
        'Streams of changes of flags at once; each is a concurrent execution reserved for them. 0: clients poll.',
    });
    most.overrideLogicalId('MostFlagStreams');
    this.#allowed = new CfnCondition(this, 'allowed', {
      expression: Fn.conditionNot(Fn.conditionEquals(most.valueAsString, '0')),
    });
    const resource = fn.node.defaultChild;
    if (!(resource instanceof CfnFunction)) throw new Error(`${fn.node.path} has no function.`);
    resource.addPropertyOverride(
      'ReservedConcurrentExecutions',
      this.whenAllowed(most.valueAsString, Aws.NO_VALUE),
    );
    // Each tenant has a share of them alone.
    fn.addEnvironment('MOST_FLAG_STREAMS', most.valueAsString);
    this.#url = new CfnUrl(this, 'url', {
      targetFunctionArn: fn.functionArn,
      authType: 'NONE',
      invokeMode: 'RESPONSE_STREAM',
    });
    const anyone = { principal: '*', functionName: fn.functionArn } as const;
    const permissions = [
      new CfnPermission(this, 'ask', {
        ...anyone,
        action: 'lambda:InvokeFunctionUrl',
        functionUrlAuthType: 'NONE',
      }),
      // Since October 2025 a URL takes both.
      new CfnPermission(this, 'invoke', {
        ...anyone,
        action: 'lambda:InvokeFunction',
        invokedViaFunctionUrl: true,
      }),
    ];
    for (const each of [this.#url, ...permissions]) each.cfnOptions.condition = this.#allowed;
    const output = new CfnOutput(this, 'address', { value: this.#url.attrFunctionUrl });
    output.overrideLogicalId('FlagStreamUrl');
    output.condition = this.#allowed;
  }

  /** Tells a function where streams are; nowhere is the empty text. */
  knownTo(fn: SluiceFunction): void {
    fn.addEnvironment('FLAG_STREAM_URL', this.whenAllowed(this.#url.attrFunctionUrl, ''));
  }

  private whenAllowed(value: string, otherwise: string): string {
    return Fn.conditionIf(this.#allowed.logicalId, value, otherwise).toString();
  }
}
