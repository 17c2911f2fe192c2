import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';

const jsonObject = z.record(z.string(), z.unknown());

const templateSchema = z.object({
  Parameters: z.record(z.string(), z.looseObject({ Default: z.unknown().optional() })).default({}),
  Mappings: z.record(z.string(), z.record(z.string(), jsonObject)).default({}),
  Conditions: jsonObject.default({}),
  Resources: z.record(
    z.string(),
    z.object({
      Type: z.string(),
      Condition: z.string().optional(),
      Metadata: jsonObject.default({}),
      Properties: jsonObject.default({}),
    }),
  ),
  Outputs: z
    .record(
      z.string(),
      z.looseObject({ Value: z.unknown(), Export: z.object({ Name: z.unknown() }).optional() }),
    )
    .default({}),
});

const manifestSchema = z.object({
  artifacts: z.record(
    z.string(),
    z.looseObject({
      type: z.string(),
      properties: z.looseObject({ templateFile: z.string().optional() }).optional(),
    }),
  ),
});

const assetsSchema = z.object({
  files: z
    .record(
      z.string(),
      z.object({
        source: z.looseObject({ path: z.string().optional() }),
        destinations: z.record(z.string(), z.looseObject({ objectKey: z.string() })),
      }),
    )
    .default({}),
});

/** One synthesized template, unresolved. */
export type Template = z.infer<typeof templateSchema>;

/** A cloud assembly: its templates by stack name, and where the file behind an S3 object key lies. */
export interface Assembly {
  readonly templates: ReadonlyMap<string, Template>;
  /** Absolute path of the directory or file that would be uploaded under this key. Throws for an unknown key. */
  assetPath(objectKey: string): string;
}

/** Reads the cloud assembly that CDK wrote to `directory`. Throws when it is not one. */
export async function readAssembly(directory: string): Promise<Assembly> {
  const manifest = manifestSchema.parse(await readJson(join(directory, 'manifest.json')));
  const templates = new Map<string, Template>();
  const assets = new Map<string, string>();
  for (const [name, artifact] of Object.entries(manifest.artifacts)) {
    if (artifact.type === 'aws:cloudformation:stack') {
      const file = artifact.properties?.templateFile ?? `${name}.template.json`;
      templates.set(name, templateSchema.parse(await readJson(join(directory, file))));
    }
    if (artifact.type === 'cdk:asset-manifest') {
      await readAssets(directory, `${name}.json`, assets);
    }
  }
  return {
    templates,
    assetPath(objectKey) {
      const path = assets.get(objectKey);
      if (path === undefined) throw new Error(`The cloud assembly has no asset for the key ${objectKey}.`);
      return path;
    },
  };
}

async function readAssets(directory: string, file: string, assets: Map<string, string>): Promise<void> {
  const { files } = assetsSchema.parse(await readJson(join(directory, file)));
  for (const { source, destinations } of Object.values(files)) {
    if (source.path === undefined) continue;
    for (const { objectKey } of Object.values(destinations)) {
      assets.set(objectKey, join(directory, source.path));
    }
  }
}

async function readJson(path: string): Promise<unknown> {
  return JSON.parse(await readFile(path, 'utf8'));
}
