import { App, type AppProps, Tags } from 'aws-cdk-lib';
import { installationOf } from './constructs/installation.ts';
import type { Bundles } from './constructs/sluice-function.ts';
import { SluiceStack } from './stacks/sluice-stack.ts';

/** Feature flags stand here and not in cdk.json, so that a plain run and a run of the CLI synthesize the same template. */
const CONTEXT = { '@aws-cdk/aws-iam:minimizePolicies': true } as const;

/** The whole app. `-c stage=…` names an installation beside others in the same account and region. */
export function sluiceApp(bundles: Bundles, props: AppProps = {}): App {
  const app = new App({ analyticsReporting: false, ...props, postCliContext: CONTEXT });
  const { stackName, prefix } = installationOf(app);
  const stack = new SluiceStack(app, stackName, { bundles, prefix, terminationProtection: true });
  Tags.of(stack).add('application', 'sluice');
  return app;
}
