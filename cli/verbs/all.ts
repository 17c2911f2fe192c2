import type { Command } from 'commander';
import type { Bind } from '../verb.ts';

/** Makes the command of a verb. */
export type MakeVerb = (bind: Bind) => Command;

/** Every verb by its name, in the order of `--help`. A module is loaded when its verb is typed: their schemas together take longer than most verbs. */
export const VERBS: { readonly [name: string]: () => Promise<MakeVerb> } = {
  login: async () => (await import('./login.ts')).login,
  whoami: async () => (await import('./whoami.ts')).whoami,
  contexts: async () => (await import('./contexts.ts')).contexts,
  status: async () => (await import('./status.ts')).status,
  list: async () => (await import('./list.ts')).list,
  inbox: async () => (await import('./list.ts')).inbox,
  show: async () => (await import('./show.ts')).show,
  watch: async () => (await import('./watch.ts')).watch,
  summary: async () => (await import('./summary.ts')).summary,
  diff: async () => (await import('./diff.ts')).diff,
  promote: async () => (await import('./promote.ts')).promote,
  approve: async () => (await import('./decide.ts')).approve,
  reject: async () => (await import('./decide.ts')).reject,
  'request-changes': async () => (await import('./decide.ts')).requestChanges,
  resubmit: async () => (await import('./decide.ts')).resubmit,
  validate: async () => (await import('./validate.ts')).validate,
  execute: async () => (await import('./execute.ts')).execute,
  schedule: async () => (await import('./execute.ts')).schedule,
  cancel: async () => (await import('./execute.ts')).cancel,
  retry: async () => (await import('./execute.ts')).retry,
  rollback: async () => (await import('./rollback.ts')).rollback,
  config: async () => (await import('./config.ts')).config,
  flag: async () => (await import('./flag.ts')).flag,
  'flag-key': async () => (await import('./flag-key.ts')).flagKey,
  record: async () => (await import('./record.ts')).record,
  publish: async () => (await import('./publish.ts')).publish,
  versions,
  pins: async () => (await import('./publish.ts')).pins,
  evidence: async () => (await import('./evidence.ts')).evidence,
  gate: async () => (await import('./gate.ts')).gate,
  environments: async () => (await import('./nouns.ts')).NOUNS.environments,
  rules: async () => (await import('./nouns.ts')).NOUNS.rules,
  policies: async () => (await import('./nouns.ts')).NOUNS.policies,
  gateways: async () => (await import('./nouns.ts')).NOUNS.gateways,
  registries: async () => (await import('./nouns.ts')).NOUNS.registries,
  channels: async () => (await import('./nouns.ts')).NOUNS.channels,
  consumers: async () => (await import('./nouns.ts')).NOUNS.consumers,
  freeze: async () => (await import('./freeze.ts')).freeze,
  apply: async () => (await import('./apply.ts')).apply,
  lock: async () => (await import('./lock.ts')).lock,
  unlock: async () => (await import('./lock.ts')).unlock,
  audit: async () => (await import('./audit.ts')).audit,
  setup: async () => (await import('./setup.ts')).setup,
  doctor: async () => (await import('./doctor.ts')).doctor,
};

/** The same verbs as the artifact document has them: `platform list` lists versions. */
export const PLATFORM_VERBS: typeof VERBS = {
  ...VERBS,
  list: async () => {
    const make = await versions();
    return (bind) => make(bind).name('list');
  },
};

async function versions(): Promise<MakeVerb> {
  return (await import('./publish.ts')).versions;
}
