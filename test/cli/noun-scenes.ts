import { type Cli, jsonOf } from './cli-world.ts';

type Who = Parameters<Cli['as']>[0];
/** Brings about what a verb needs, and answers who types what. */
export type Scene = (cli: Cli) => Promise<readonly [Who, ...string[]]>;

/** Members of a new one of each noun, and of a change. */
const NOUNS = {
  environments: [{ name: 'canary', rank: 25 }, { owned_keys: ['db.*'] }],
  rules: [{ name: 'r', source_environment: 'staging', target_environment: 'production' }, { name: 'other' }],
  policies: [{ name: 'p', environments: ['production'] }, { required_approvers: 2 }],
  gateways: [{ id: 'gw-9', environment: 'staging' }, { status: 'inactive' }],
  registries: [
    { id: 'main', role: 'primary', url: 'https://registry.example.com' },
    { repository_prefix: 'acme' },
  ],
  consumers: [
    { name: 'billing', environment: 'production', artifact: 'platform', constraint: '^1.2.0' },
    { constraint: '~1.2.0' },
  ],
  channels: [{ name: 'approvers', type: 'email', recipients: 'approvers' }, { status: 'disabled' }],
} as const;

const createdNoun = async (cli: Cli, noun: string, members: object): Promise<string> => {
  cli.input = JSON.stringify(members);
  const { item } = jsonOf(await cli.as('admin')(noun, 'create', '-f', '-', '-o', 'json'));
  return item.id ?? item.name;
};
const nounScenes = (noun: string, [members, change]: readonly [object, object]): [string, Scene][] => [
  [
    `${noun} list`,
    async (cli) => {
      await createdNoun(cli, noun, members);
      return ['admin', noun, 'list'];
    },
  ],
  [`${noun} get`, async (cli) => ['admin', noun, 'get', await createdNoun(cli, noun, members)]],
  [
    `${noun} create`,
    async (cli) => {
      cli.input = JSON.stringify(members);
      return ['admin', noun, 'create', '-f', '-'];
    },
  ],
  [
    `${noun} change`,
    async (cli) => {
      const id = await createdNoun(cli, noun, members);
      cli.input = JSON.stringify(change);
      return ['admin', noun, 'change', id, '-f', '-', '--reason', 'as agreed'];
    },
  ],
  [
    `${noun} delete`,
    async (cli) => ['admin', noun, 'delete', await createdNoun(cli, noun, members), '--reason', 'unused'],
  ],
];

/** The five verbs of each noun of the catalog. */
export const NOUN_SCENES: { readonly [verb: string]: Scene } = Object.fromEntries(
  Object.entries(NOUNS).flatMap(([noun, members]) => nounScenes(noun, members)),
);
