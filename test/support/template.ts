import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { App } from 'aws-cdk-lib';
import { realAssembly } from './runtime.ts';

/** A template is JSON of any shape; tests reach for chosen facts in it. */
type Properties = ReturnType<typeof JSON.parse>;

export type Resource = {
  readonly id: string;
  readonly type: string;
  /** The name of the condition without which it is not made; empty: it is always made. */
  readonly condition: string;
  readonly properties: Properties;
};

/** The synthesized template, to be asked for chosen facts. */
export type SynthesizedTemplate = {
  readonly text: string;
  readonly environment: string;
  readonly resources: readonly Resource[];
  of(type: string): readonly Resource[];
  the(type: string): Resource;
};

/** The template of the app as it is, from the assembly that a run synthesizes once. */
export async function realTemplate(): Promise<SynthesizedTemplate> {
  const folder = await realAssembly();
  const json = async (file: string): Promise<Properties> =>
    JSON.parse(await readFile(join(folder, file), 'utf8'));
  const { artifacts } = await json('manifest.json');
  return templateOf(await json('Sluice.template.json'), artifacts.Sluice.environment);
}

/** Synthesizes the app with fixture bundles, cdk-nag included. `change` may spoil the app first, to see a check fail; `context` is that of `-c`. */
export async function synthesize(
  change: (app: App) => void = () => {},
  context: Readonly<Record<string, string>> = {},
): Promise<SynthesizedTemplate> {
  // Loaded where an app is synthesized: the CDK takes seconds.
  const { fixtureApp } = await import('./fixture-app.ts');
  const folder = await mkdtemp(join(tmpdir(), 'sluice-template-'));
  try {
    const app = await fixtureApp(folder, { context });
    change(app);
    const [stack] = app.synth().stacks;
    if (stack === undefined) throw new Error('the app has no stack');
    return templateOf(stack.template, stack.environment.name);
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 20 });
  }
}

/** A template as tests ask it. */
export function templateOf(template: Properties, environment: string): SynthesizedTemplate {
  const resources = Object.entries<Properties>(template.Resources).map(([id, resource]) => ({
    id,
    type: resource.Type,
    condition: String(resource.Condition ?? ''),
    properties: { Metadata: resource.Metadata, ...resource.Properties, ...policies(resource) },
  }));
  const of = (type: string) => resources.filter((resource) => resource.type === type);
  return {
    text: JSON.stringify(template),
    environment,
    resources,
    of,
    the(type) {
      const [one, ...more] = of(type);
      if (!one || more.length > 0)
        throw new Error(`${more.length + (one ? 1 : 0)} resources of type ${type}`);
      return one;
    },
  };
}

const policies = ({ DeletionPolicy, UpdateReplacePolicy, DependsOn }: Properties) => ({
  DeletionPolicy,
  UpdateReplacePolicy,
  DependsOn,
});
