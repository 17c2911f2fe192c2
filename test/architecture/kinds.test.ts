import { globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { KINDS } from '../../functions/domain/subject.ts';

/** Where the noun of one kind is kept, its own API and its own documents: they are about that kind, and ask for no other. */
const OF_ONE_KIND: readonly (readonly [path: string, why: string])[] = [
  ['functions/use-cases/kinds/', 'what kinds do differently'],
  ['functions/domain/config-tree/', 'entries are configs and flags: another kind of kind'],
  ['functions/handlers/http/config-', 'the API of configuration'],
  ['functions/use-cases/config/', 'configuration itself'],
  ['functions/use-cases/artifacts/', 'artifacts themselves'],
  ['functions/use-cases/catalog/registries.ts', 'registries hold artifacts'],
  ['functions/use-cases/auto-promotion/judge.ts', 'rules promote agents'],
  ['functions/handlers/http/deployment-views.ts', 'documented fields that only agents have'],
  ['functions/domain/configuration/document.ts', 'the document names gates of artifacts'],
  [
    'functions/adapters/dynamodb/write-slot.ts',
    'only versions of artifacts are found by their label, and rules are asked about agents',
  ],
];

const names = KINDS.join('|');
const ASKED = new RegExp(`kind\\s*[!=]==?\\s*'(${names})'|'(${names})'\\s*[!=]==?|case '(${names})':`);

/** The lines that ask which kind something is, each with its file. */
function askedIn(files: readonly string[]): readonly string[] {
  return files.flatMap((file) =>
    readFileSync(file, 'utf8')
      .split('\n')
      .flatMap((line, at) => (ASKED.test(line) ? [`${file}:${at + 1}: ${line.trim()}`] : [])),
  );
}

const asked = askedIn(globSync('functions/**/*.ts'));

describe('what differs between kinds', () => {
  it('is asked nowhere but where the kind is at home: elsewhere a new kind would fall into the other branch', () => {
    expect(asked.filter((line) => !OF_ONE_KIND.some(([path]) => line.startsWith(path)))).toEqual([]);
  });

  it.each(OF_ONE_KIND)('is asked in %s: %s', (path) => {
    expect(asked.some((line) => line.startsWith(path))).toBe(true);
  });
});
