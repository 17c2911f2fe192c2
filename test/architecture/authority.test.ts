import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ROOT, saidOf } from './compile.ts';

/** A module of tables, changed, as it would stand beside the others. */
function changed(module: string, line: RegExp, becomes: string): string {
  const text = readFileSync(join(ROOT, 'functions/domain/authority', `${module}.ts`), 'utf8');
  expect(text).toMatch(line);
  const here = (path: string) => `from '${join(ROOT, 'functions/domain/authority', path)}'`;
  return text.replace(line, becomes).replaceAll(/from '(\..*?)'/g, (_, path: string) => here(path));
}

it.each([
  ['gateway', 'places', /^ {4}endpoint: /m, 'endpoint', 'endpiont'],
  ['environment', 'environment', /^ {4}rank: /m, 'rank', 'rnak'],
  ['channel', 'readers', /^ {4}signing_secret_ref: /m, 'signing_secret_ref', 'signing_secret_rfe'],
])(
  'a member of %s without a class does not compile, nor one that is unknown',
  async (_, module, line, member, unknown) => {
    const wrong = await saidOf(changed(module, line, `    ${unknown}: `));
    expect(wrong).toContain(`'${unknown}' does not exist in type`);
    const lacks = await saidOf(changed(module, line, `    ...{ ${unknown}: 'neutral' as const }, // `));
    expect(lacks).toContain(`Property '${member}' is missing in type`);
  },
);
