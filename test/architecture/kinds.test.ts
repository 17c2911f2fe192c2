import { globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { KINDS } from '../../functions/domain/subject.ts';

/** Where the kind of a config or flag is asked, or what one kind alone has, in the command line and in the dashboard. */
const OUTSIDE: readonly (readonly [path: string, why: string])[] = [
  ['cli/verbs/config-edit.ts', 'entries are configs and flags'],
  ['cli/verbs/status.ts', 'the table names revisions of configuration, versions of the others'],
  ['cli/promotions/', 'changes of configuration are read page by page, and it is called by its kind alone'],
  ['web/config/', 'entries are configs and flags'],
  ['web/app.tsx', 'a page is called like a kind'],
  ['web/settings/artifacts.tsx', 'settings of artifacts'],
  ['web/matrix/promote-subject.tsx', 'each kind is asked for by a body of its own'],
  ['web/pages/', 'the page of a subject has its keys, its drift or its gateways'],
  ['web/promotion/', 'values of configuration are shown entry by entry'],
  ['web/drift/', 'the drift of configuration is of all its keys'],
];

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
  ['functions/domain/promotion/by-kind.ts', 'the one place that chooses by the kind of a request'],
  ['functions/handlers/http/promotion-routes.ts', 'one operation takes the bodies of two kinds'],
  [
    'functions/adapters/dynamodb/write-slot.ts',
    'only versions of artifacts are found by their label, and rules are asked about agents',
  ],
];

const names = KINDS.join('|');
const ASKED = new RegExp(`kind\\s*[!=]==?\\s*'(${names})'|'(${names})'\\s*[!=]==?|case '(${names})':`);

/** The lines that ask which kind something is, each with its file. */
function askedIn(files: readonly string[], how = ASKED): readonly string[] {
  return files.flatMap((file) =>
    readFileSync(file, 'utf8')
      .split('\n')
      .flatMap((line, at) => (how.test(line) ? [`${file}:${at + 1}: ${line.trim()}`] : [])),
  );
}

/** Asked by what a request happens to have: a member that another kind gets later changes the answer. */
const BY_SHAPE = /'(agent_id|source_deployment_id|artifact|version|sync_registries|selects)' in /;

const asked = askedIn(globSync('functions/**/*.ts'));
const outside = askedIn(globSync('{cli,web}/**/*.{ts,tsx}'));

describe('what differs between kinds', () => {
  it('is asked nowhere but where the kind is at home: elsewhere a new kind would fall into the other branch', () => {
    expect(asked.filter((line) => !OF_ONE_KIND.some(([path]) => line.startsWith(path)))).toEqual([]);
  });

  it('is asked by the kind, never by a member that a body or a request happens to have', () => {
    const files = globSync([
      'functions/{domain,use-cases,handlers,contract}/**/*.ts',
      '{cli,web}/**/*.{ts,tsx}',
    ]);
    expect(askedIn(files, BY_SHAPE).map((line) => line.split(':')[0])).toEqual([
      'functions/contract/promotions.ts',
    ]);
  });

  it('is asked in ten places of the command line and the dashboard at most', () => {
    expect(outside.filter((line) => !OUTSIDE.some(([path]) => line.startsWith(path)))).toEqual([]);
    expect(OUTSIDE.length).toBeLessThanOrEqual(10);
  });

  it.each(OUTSIDE)('is asked in %s: %s', (path) => {
    expect(outside.some((line) => line.startsWith(path))).toBe(true);
  });

  it.each(OF_ONE_KIND)('is asked in %s: %s', (path) => {
    expect(asked.some((line) => line.startsWith(path))).toBe(true);
  });
});
