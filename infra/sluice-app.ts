import { App, type AppProps, Tags, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { SluiceStack } from './stacks/sluice-stack.ts';

/** What the CLI would read from cdk.json, set here so that a plain run and a CLI run synthesize the same template. */
const CONTEXT = {
  '@aws-cdk/aws-iam:minimizePolicies': true,
  '@aws-cdk/core:enablePartitionLiterals': true,
  '@aws-cdk/aws-lambda:recognizeLayerVersion': true,
  '@aws-cdk/core:checkSecretUsage': true,
} as const;

/**
 * The whole app, checked by cdk-nag while it is synthesized: a finding without an acknowledged reason makes `synth` throw.
 *
 * @param bundles folder that holds one folder per function with its `index.mjs`
 */
export function sluiceApp(bundles: string, props: AppProps = {}): App {
  const app = new App({ analyticsReporting: false, ...props, postCliContext: CONTEXT });
  const stack = new SluiceStack(app, 'Sluice', { bundles, terminationProtection: true });
  Tags.of(stack).add('application', 'sluice');
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  return app;
}
