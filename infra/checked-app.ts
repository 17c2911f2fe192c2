import { type App, type AppProps, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import type { Bundles } from './constructs/sluice-function.ts';
import { sluiceApp } from './sluice-app.ts';

/** The whole app, checked by cdk-nag while it is synthesized: a finding without an acknowledged reason makes `synth` throw. */
export function checkedApp(bundles: Bundles, props: AppProps = {}): App {
  const app = sluiceApp(bundles, props);
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  return app;
}
