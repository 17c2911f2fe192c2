import type { ChangeTarget } from '../../functions/domain/audit/change-words.ts';
import type { Held } from '../../functions/domain/authority/class.ts';
import { environmentAuthority } from '../../functions/domain/authority/environment.ts';
import { freezeAuthority } from '../../functions/domain/authority/freeze.ts';
import { policyAuthority, ruleAuthority } from '../../functions/domain/authority/hops.ts';
import { machineAuthority, memberAuthority } from '../../functions/domain/authority/people.ts';
import {
  artifactSettingsAuthority,
  consumerAuthority,
  gatewayAuthority,
  lifecycleMembers,
  registryAuthority,
} from '../../functions/domain/authority/places.ts';
import { channelAuthority, flagKeyAuthority } from '../../functions/domain/authority/readers.ts';
import { CLASSES, DEMANDS } from '../../functions/domain/policy/weakening/classes.ts';

type Table = { readonly [member: string]: Held<never> };
type Compared = { readonly is: (typeof CLASSES)[number]; readonly compares: string };
type Shown = { readonly members: Table; readonly merged?: Compared };

/** The table of each noun that changes name: one that is left out does not compile. */
const TABLES: { readonly [T in Exclude<ChangeTarget, 'tenant' | 'pending_change'>]: Shown } = {
  environment: environmentAuthority,
  freeze: freezeAuthority,
  rule: ruleAuthority,
  policy: policyAuthority,
  gateway: gatewayAuthority,
  registry: registryAuthority,
  consumer: consumerAuthority,
  artifact_settings: artifactSettingsAuthority,
  artifact_version: { members: lifecycleMembers },
  flag_key: flagKeyAuthority,
  channel: channelAuthority,
  member: memberAuthority,
  machine: machineAuthority,
};

const HEAD = `# What a change of what governs demands

Every member of everything that an admin keeps has a class: what a change of it does to what governs promotions. This page is generated from the tables that Sluice judges by
(\`functions/domain/authority\`); \`npx vitest run test/docs/governance.test.ts -u\` writes it anew.

A change of a class takes a reason. Where an environment that it concerns is protected, a second admin confirms it (\`202\`, \`sluice pending-changes\`): [approvals.md](approvals.md) says who may.
A change of several members demands what each of them demands. \`neutral\` members demand nothing.`;

const REST = `An environment has no class of its own for being made or deleted: there is no hop before, or none after. Locks are set by anybody who may lock; lifting one, like ending a freeze early, weakens, and one
admin alone may do it. A document of \`PUT /api/v1/configuration\` changes its nouns member by member, by the same tables. A tenant's name is neutral; the operator makes tenants.`;

/** The page of all classes and members. */
export function governancePage(): string {
  const classes = CLASSES.map((name) => {
    const { means, bars } = DEMANDS[name];
    return `| ${name} | ${means} | ${bars ? 'decide nothing on it' : 'are not barred'} |`;
  });
  const nouns = Object.entries(TABLES).map(([noun, { members, merged }]) => {
    const compared =
      merged === undefined ? [] : [`\`merged\` compares ${merged.compares}; what it finds ${merged.is}.`, ''];
    return [
      `## ${noun}`,
      '',
      ...compared,
      '| member | class | when |',
      '|---|---|---|',
      ...rowsOf(members),
    ].join('\n');
  });
  const heading = ['| class | means | its author and who confirmed it |', '|---|---|---|', ...classes].join(
    '\n',
  );
  return `${[HEAD, heading, REST, ...nouns].join('\n\n')}\n`;
}

function rowsOf(table: Table, before = ''): readonly string[] {
  return Object.entries(table).flatMap(([member, held]) => {
    const name = `${before}${member}`;
    if (typeof held === 'string') return [`| \`${name}\` | ${held} | ${MEANS[held]} |`];
    if ('within' in held) return rowsOf(held.within, `${name}.`);
    return held.map((one) =>
      one === 'merged'
        ? `| \`${name}\` | merged | ${MEANS.merged} |`
        : `| \`${name}\` | ${one.is} | ${one.when} |`,
    );
  });
}

const MEANS = {
  neutral: '',
  fixed: 'it never changes',
  merged: 'the comparison finds a difference',
  verb: 'a verb of its own changes it',
};
