import { existsSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import type { Deployed } from './stack.ts';

/** A Lambda function as the template describes it. */
export interface FunctionDefinition {
  readonly name: string;
  readonly arn: string;
  /** Absolute path of the module and the name of the export in it. */
  readonly file: string;
  readonly exportName: string;
  readonly timeoutMs: number;
  readonly memoryMb: number;
  /** Invocations at once, where the template reserves them. */
  readonly reserved?: number;
  readonly environment: Readonly<Record<string, string>>;
  /** Whether the module has source maps beside it. */
  readonly hasMaps?: true;
  /** True when it wants to be invoked once on an empty data directory. */
  readonly isSeed: boolean;
  /** Whether each start asks it first if the table may be served. */
  readonly isJudge?: true;
}

const schema = z.looseObject({
  Handler: z.string(),
  Code: z.looseObject({ S3Key: z.string() }),
  Timeout: z.number().default(3),
  MemorySize: z.number().default(128),
  ReservedConcurrentExecutions: z.coerce.number().optional(),
  Environment: z
    .object({
      Variables: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]).transform(String)),
    })
    .optional(),
  Tags: z.array(z.object({ Key: z.string(), Value: z.string() })).default([]),
});

/** The Node functions of the template; other runtimes (helpers of the deployment tool) are left out. */
export function readFunctions(deployed: Deployed): readonly FunctionDefinition[] {
  return deployed
    .resources('AWS::Lambda::Function')
    .filter((resource) => String(resource.properties['Runtime']).startsWith('nodejs'))
    .map((resource) => {
      const properties = schema.parse(resource.properties);
      const dot = properties.Handler.lastIndexOf('.');
      const directory = deployed.assetPath(properties.Code.S3Key);
      const tagged = properties.Tags.some(({ Key, Value }) => Key === 'sluice:seed' && Value === 'true');
      return {
        name: resource.physical.ref,
        arn: resource.physical.attribute('Arn'),
        file: moduleFile(directory, properties.Handler.slice(0, dot)),
        exportName: properties.Handler.slice(dot + 1),
        timeoutMs: properties.Timeout * 1000,
        memoryMb: properties.MemorySize,
        ...(properties.ReservedConcurrentExecutions === undefined
          ? {}
          : { reserved: properties.ReservedConcurrentExecutions }),
        environment: properties.Environment?.Variables ?? {},
        ...(String(resource.metadata['sluice:judges'] ?? false) === 'true' ? { isJudge: true } : {}),
        isSeed: tagged || String(resource.metadata['sluice:seed'] ?? false) === 'true',
      };
    });
}

/** The order in which the Node runtime of Lambda looks for a handler's module. */
function moduleFile(directory: string, base: string): string {
  for (const extension of ['.js', '.mjs', '.cjs']) {
    const file = join(directory, `${base}${extension}`);
    if (existsSync(file)) return file;
  }
  throw new Error(`No handler module ${base}.(js|mjs|cjs) in ${directory}.`);
}
