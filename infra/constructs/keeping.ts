import { CfnCondition, CfnParameter, CfnResource, Fn, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Construct } from 'constructs';

/**
 * What must outlive the stack: kept when it is removed or replaced, but not when its very creation fails, so that a first deployment that
 * was rolled back can be tried again.
 */
export const KEPT = RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE;

/**
 * Deletion protection, by a parameter of the stack: off for the first deployment, since CloudFormation cannot roll back what is protected,
 * and on from then.
 */
export class DeletionProtection extends Construct {
  readonly #on: CfnCondition;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    const parameter = new CfnParameter(this, 'parameter', {
      type: 'String',
      allowedValues: ['on', 'off'],
      default: 'off',
      description:
        'Whether table and user pool refuse to be deleted: off for the first deployment, on from then.',
    });
    parameter.overrideLogicalId('DeletionProtection');
    this.#on = new CfnCondition(this, 'on', {
      expression: Fn.conditionEquals(parameter.valueAsString, 'on'),
    });
  }

  /** Makes a property of a resource follow the parameter. */
  guard(resource: Construct, property: string, on: boolean | string, off: boolean | string): void {
    const { defaultChild } = resource.node;
    if (!CfnResource.isCfnResource(defaultChild)) throw new Error(`${resource.node.path} is no resource.`);
    const value = Stack.of(this).resolve(Fn.conditionIf(this.#on.logicalId, on, off));
    defaultChild.addPropertyOverride(property, value);
  }
}
