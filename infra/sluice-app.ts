import { App, type AppProps, Tags, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { installationOf } from './constructs/installation.ts';
import { SluiceStack } from './stacks/sluice-stack.ts';

/** Feature flags stand here and not in cdk.json, so that a plain run and a run of the CLI synthesize the same template. */
const CONTEXT = { '@aws-cdk/aws-iam:minimizePolicies': true } as const;

/**
 * The whole app, checked by cdk-nag while it is synthesized: a finding without an acknowledged reason makes `synth` throw.
 *
 * `-c stage=…` names an installation beside others in the same account and region.
 *
 * @param bundles folder that holds one folder per function with its `index.mjs`
 */
export function sluiceApp(bundles: string, props: AppProps = {}): App {
  const app = new App({ analyticsReporting: false, ...props, postCliContext: CONTEXT });
  const { stackName, prefix } = installationOf(app);
  const stack = new SluiceStack(app, stackName, { bundles, prefix, terminationProtection: true });
  Tags.of(stack).add('application', 'sluice');
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  return app;
}
