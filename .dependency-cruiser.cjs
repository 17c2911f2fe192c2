/** The arrows of the architecture (docs/adr/0001-layers.md). `test/architecture` plants a forbidden import to prove this file is awake. */
const only = (name, from, to, comment) => ({
  name,
  comment,
  severity: 'error',
  from: { path: from },
  to: { pathNot: to },
});

const DECLARATIONS =
  'noun|fields|artifact/(consumer|settings)|catalog/(approval-policy|gateway|registry|rule)|conditions/condition-form|flags/flag-key|freeze/freeze|identity/(machine|member)|notification/channel';

module.exports = {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    only(
      'domain-is-pure',
      `^functions/domain/(?!digest\\.ts$|hash\\.ts$|(${DECLARATIONS})\\.ts$)`,
      '^functions/domain/|^node_modules/(semver|canonicalize|sax)/',
      'The domain imports only itself and an allow-list of pure libraries.',
    ),
    only(
      'declarations-are-forms',
      `^functions/domain/(${DECLARATIONS})\\.ts$`,
      '^functions/domain/|^node_modules/zod/',
      'What declares a noun, and its machinery, may name schemas: nothing else of the domain knows them.',
    ),
    only(
      'digest-hashes-only',
      '^functions/domain/(digest|hash)\\.ts$',
      '^functions/domain/|^(node:)?crypto$',
      'Hashing lives in one module.',
    ),
    only(
      'ports-speak-domain',
      '^functions/ports/',
      '^functions/(ports|domain)/',
      'Ports know the domain only.',
    ),
    only(
      'use-cases-know-ports',
      '^functions/use-cases/',
      '^functions/(use-cases|ports|domain|migrations)/',
      'Use cases know ports, the domain and the migrations.',
    ),
    only(
      'migrations-are-pure',
      '^functions/migrations/',
      '^functions/(migrations|domain)/',
      'A migration is a pure function of items, with the keys of its own time.',
    ),
    only(
      'contract-knows-domain',
      '^functions/contract/',
      '^functions/(contract|domain)/|^node_modules/zod/',
      'The contract knows domain types and zod.',
    ),
    {
      name: 'adapters-know-no-handlers',
      severity: 'error',
      from: { path: '^functions/adapters/' },
      to: { path: '^functions/(handlers|use-cases|contract)/' },
    },
    {
      name: 'functions-stand-alone',
      comment: 'local, infra and cli know functions; functions know none of them.',
      severity: 'error',
      from: { path: '^functions/' },
      to: { path: '^(infra|local|cli|web|packaging|test)/' },
    },
    {
      name: 'local-knows-no-promotions',
      comment: 'The local runtime knows CloudFormation and AWS protocols, not promotions.',
      severity: 'error',
      from: { path: '^(local|infra)/' },
      to: { path: '^functions/' },
    },
    {
      name: 'clients-know-contract-and-domain',
      severity: 'error',
      from: { path: '^(cli|web)/' },
      to: { path: '^functions/(?!contract/|domain/|adapters/oci/|ports/registry\\.ts$)' },
    },
    {
      name: 'only-publishing-speaks-to-registries',
      comment:
        'The client of registries is one for all: `sluice publish` pushes with it, and nothing else of a client does.',
      severity: 'error',
      from: { path: '^(cli|web)/', pathNot: '^cli/artifact/' },
      to: { path: '^functions/(adapters/|ports/)' },
    },
    {
      name: 'command-line-stands-alone',
      comment: 'The command line is one file that runs without a checkout.',
      severity: 'error',
      from: { path: '^cli/' },
      to: { path: '^(infra|local|web|packaging|statemachines)/' },
    },
    {
      name: 'no-test-imports',
      severity: 'error',
      from: { path: '^(functions|infra|local|cli|web|packaging)/' },
      to: { path: '^test/' },
    },
    {
      name: 'worlds-are-replayed',
      comment:
        'Tests of whole use cases open stores through test/support/replayed-stores.ts, so that every decision is made again.',
      severity: 'error',
      from: { path: '^test/(use-cases|handlers|statemachines)/' },
      to: { path: '^(test/support/memory/store|functions/adapters/dynamodb/stores)\\.ts$' },
    },
    {
      name: 'runs-without-dev-dependencies',
      comment: '`npm ci --omit=dev && npm start` works: only the synthesis that is deployed asks cdk-nag.',
      severity: 'error',
      from: { path: '^(functions|infra|local|cli|web)/', pathNot: '^infra/checked-app\\.ts$' },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
    { name: 'not-to-unresolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};
