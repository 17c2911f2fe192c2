import { describe, expect, it } from 'vitest';
import { createProgram } from '../../cli/program.ts';
import { binder } from '../../cli/verb.ts';
import { memberHelp } from '../../cli/verbs/member-help.ts';
import { approvalPolicies } from '../../functions/contract/approval-policies.ts';
import { consumers } from '../../functions/contract/consumers.ts';
import { environments } from '../../functions/contract/environments.ts';
import { gateways } from '../../functions/contract/gateways.ts';
import { channels } from '../../functions/contract/notification-channels.ts';
import { registries } from '../../functions/contract/registries.ts';
import { rules } from '../../functions/contract/rules.ts';
import { membersOf, wordsOfMembers } from '../../functions/contract/shape.ts';

/** The help of a command, as it is printed. */
async function helpOf(...path: readonly string[]): Promise<string> {
  const program = await createProgram(
    binder(async () => {}),
    '0.0.0',
    [...path, '--help'],
  );
  let command = program;
  for (const name of path) command = command.commands.find((one) => one.name() === name) ?? program;
  let help = '';
  command.configureOutput({
    writeOut(text) {
      help += text;
    },
  });
  command.outputHelp();
  return help;
}

const NOUNS = { environments, rules, policies: approvalPolicies, gateways, registries, channels, consumers };

describe.each(Object.entries(NOUNS))('the help of %s', (noun, { said }) => {
  it.each(['create', 'change'])('names and describes every member that %s takes', async (verb) => {
    const words = wordsOfMembers(said);
    expect(words.map(({ name }) => name)).toEqual(membersOf(said));
    const text = (await helpOf(noun, verb)).replaceAll(/\s+/g, ' ');
    for (const { name, description } of words) {
      expect(description).not.toBe('');
      expect(text).toContain(` ${name} ${description}`);
    }
    expect(
      Math.max(
        ...memberHelp(said)
          .split('\n')
          .map(({ length }) => length),
      ),
    ).toBeLessThanOrEqual(100);
  });
});

it('says what is required, and the default of what is not', () => {
  expect(memberHelp(gateways.said).replaceAll(/\s+/g, ' ')).toMatch(
    /name both\. Required\. .* Default: "record"\./,
  );
});
