import { createHash } from 'node:crypto';
import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import { root } from './releases.ts';

const ADAPTER = join(root, 'functions/adapters/dynamodb');
const DOMAIN = join(root, 'functions/domain');

/**
 * Digests of all that decides how an item reads, by name: each schema of `schemas/`, each that a noun declares as `stored`, and each module
 * that builds keys, with the dictionary of bodies.
 */
export async function storedShapes(): Promise<Readonly<Record<string, string>>> {
  const shapes: Record<string, string> = {};
  for (const file of globSync(`${ADAPTER}/schemas/*.ts`).sort()) {
    const exported: unknown = await import(pathToFileURL(file).href);
    for (const [name, schema] of schemasIn(basename(file, '.ts'), exported)) {
      shapes[name] = described(schema);
    }
  }
  for (const file of globSync(`${DOMAIN}/**/*.ts`).sort()) {
    const exported: unknown = await import(pathToFileURL(file).href);
    for (const [name, schema] of schemasIn('domain', exported).filter(([path]) => path.endsWith('.stored')))
      shapes[name] = described(schema);
  }
  for (const file of globSync(`${ADAPTER}/{keys*,key-parts,body-dictionary}.ts`).sort()) {
    shapes[basename(file)] = digestOf(
      readFileSync(file, 'utf8').replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*|^import[\s\S]*?;$|\s/gm, ''),
    );
  }
  return shapes;
}

/** The schemas among what a module exports, and in the tables of schemas that it exports. */
function schemasIn(path: string, exported: unknown, depth = 0): [string, z.core.$ZodType][] {
  if (exported instanceof z.core.$ZodType) return [[path, exported]];
  if (typeof exported !== 'object' || exported === null || depth === 2) return [];
  return Object.entries(exported).flatMap(([name, one]) => schemasIn(`${path}.${name}`, one, depth + 1));
}

const described = (schema: z.core.$ZodType): string =>
  digestOf(JSON.stringify(z.toJSONSchema(schema, { unrepresentable: 'any', io: 'input' })));

const digestOf = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 16);
