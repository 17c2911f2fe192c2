import type { Construct } from 'constructs';

/** A name that fits into every resource's: Cognito's prefix allows lower case, digits and hyphens. */
const STAGE = /^[a-z][a-z0-9]{0,15}$/;

/**
 * The names by which two installations in one account and region are told apart: that of the stack, and the prefix of every name that
 * the template does not leave to CloudFormation. Without a stage they are those of the only one.
 */
export type Installation = { readonly stackName: string; readonly prefix: string };

/** Reads `-c stage=…`. Throws when it is no name. */
export function installationOf(scope: Construct): Installation {
  const stage: unknown = scope.node.tryGetContext('stage');
  if (stage === undefined) return { stackName: 'Sluice', prefix: 'sluice' };
  if (typeof stage !== 'string' || !STAGE.test(stage)) {
    throw new Error('stage is not a name: use a lower-case letter and up to 15 letters and digits after it');
  }
  return { stackName: `Sluice-${stage}`, prefix: `sluice-${stage}` };
}
