import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { cruise, type IConfiguration, type ICruiseResult } from 'dependency-cruiser';
import { afterEach, describe, expect, it } from 'vitest';

const config: IConfiguration = createRequire(import.meta.url)('../../.dependency-cruiser.cjs');
const planted: string[] = [];

afterEach(() => {
  for (const folder of planted.splice(0)) rmSync(folder, { recursive: true });
});

/** Runs the project's own rules over a tree of one-line modules and answers the names of the rules broken. */
async function broken(tree: Record<string, string>): Promise<{ modules: number; rules: string[] }> {
  const baseDir = mkdtempSync(join(tmpdir(), 'layers-'));
  planted.push(baseDir);
  for (const [path, source] of Object.entries(tree)) {
    mkdirSync(dirname(join(baseDir, path)), { recursive: true });
    writeFileSync(join(baseDir, path), source);
  }
  const { tsConfig: _, ...options } = config.options ?? {};
  const roots = [...new Set(Object.keys(tree).map((path) => path.split('/')[0] ?? path))];
  const result = await cruise(roots, {
    ...options,
    baseDir,
    validate: true,
    ruleSet: { forbidden: config.forbidden ?? [] },
  });
  const output: ICruiseResult | string = result.output;
  if (typeof output === 'string') throw new Error('the cruise answered text');
  return {
    modules: output.summary.totalCruised,
    rules: output.summary.violations.map((one) => one.rule.name),
  };
}

const target = 'export const target = 1;\n';
const importing = (path: string) => `import { target } from '${path}';\nexport const user = target;\n`;

describe('the dependency rules are awake', () => {
  it.each([
    ['domain-is-pure', 'functions/domain/a.ts', '../adapters/b.ts', 'functions/adapters/b.ts'],
    ['domain-is-pure', 'functions/domain/promotion/a.ts', '../../ports/b.ts', 'functions/ports/b.ts'],
    ['declarations-are-forms', 'functions/domain/noun.ts', '../contract/b.ts', 'functions/contract/b.ts'],
    ['digest-hashes-only', 'functions/domain/digest.ts', '../ports/b.ts', 'functions/ports/b.ts'],
    ['ports-speak-domain', 'functions/ports/a.ts', '../adapters/b.ts', 'functions/adapters/b.ts'],
    ['use-cases-know-ports', 'functions/use-cases/a.ts', '../adapters/b.ts', 'functions/adapters/b.ts'],
    ['contract-knows-domain', 'functions/contract/a.ts', '../ports/b.ts', 'functions/ports/b.ts'],
    ['migrations-are-pure', 'functions/migrations/a.ts', '../ports/b.ts', 'functions/ports/b.ts'],
    ['adapters-know-no-handlers', 'functions/adapters/a.ts', '../use-cases/b.ts', 'functions/use-cases/b.ts'],
    ['functions-stand-alone', 'functions/handlers/a.ts', '../../local/b.ts', 'local/b.ts'],
    ['local-knows-no-promotions', 'local/a.ts', '../functions/domain/b.ts', 'functions/domain/b.ts'],
    [
      'clients-know-contract-and-domain',
      'cli/a.ts',
      '../functions/use-cases/b.ts',
      'functions/use-cases/b.ts',
    ],
    ['clients-know-contract-and-domain', 'web/a.tsx', '../functions/ports/b.ts', 'functions/ports/b.ts'],
    [
      'only-publishing-speaks-to-registries',
      'cli/a.ts',
      '../functions/adapters/oci/b.ts',
      'functions/adapters/oci/b.ts',
    ],
    [
      'worlds-are-replayed',
      'test/handlers/a.ts',
      '../support/memory/store.ts',
      'test/support/memory/store.ts',
    ],
    ['command-line-stands-alone', 'cli/a.ts', '../local/b.ts', 'local/b.ts'],
    ['no-test-imports', 'infra/a.ts', '../test/b.ts', 'test/b.ts'],
  ])('%s is broken by %s importing %s', async (rule, importer, path, imported) => {
    const found = await broken({ [importer]: importing(path), [imported]: target });
    expect(found.modules).toBe(2);
    expect(found.rules).toContain(rule);
  });

  it('knows a built-in module from a pure one', async () => {
    const found = await broken({ 'functions/domain/a.ts': importing('node:fs') });
    expect(found.rules).toContain('domain-is-pure');
  });

  it('lets every allowed arrow through', async () => {
    const found = await broken({
      'functions/handlers/a.ts': importing('../use-cases/b.ts'),
      'functions/use-cases/b.ts': `${importing('../ports/c.ts')}export { target } from '../ports/c.ts';\n`,
      'functions/ports/c.ts': `${importing('../domain/d.ts')}export { target } from '../domain/d.ts';\n`,
      'functions/domain/d.ts': target,
    });
    expect(found).toEqual({ modules: 4, rules: [] });
  });
});
