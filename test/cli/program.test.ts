import type { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { createProgram } from '../../cli/program.ts';
import { binder } from '../../cli/verb.ts';
import { PLATFORM_VERBS, VERBS } from '../../cli/verbs/all.ts';

const bind = binder(async () => {});
const below = async (...argv: string[]) => {
  const { commands } = await createProgram(bind, '0.0.0', argv);
  const platform = commands.find((command) => command.name() === 'platform');
  return {
    verbs: commands.filter((command) => command !== platform).map((command) => command.name()),
    platform: platform?.commands.map((command) => command.name()),
  };
};
const verbs = Object.keys(VERBS);

describe('the command line', () => {
  it('has each verb by its own name', async () => {
    const all = await below('--help');
    expect(all).toEqual({ verbs: [...verbs, 'complete'], platform: Object.keys(PLATFORM_VERBS) });
  });

  it('shows an example in the help of everything that can be typed', async () => {
    const without = (command: Command, path: string): readonly string[] => {
      let help = '';
      command.configureOutput({
        writeOut(text) {
          help += text;
        },
      });
      command.outputHelp();
      const shown = /\nExamples:\n {2}\$ /.test(help);
      const below = command.commands
        .filter((each) => each.name() !== 'help')
        .flatMap((each) => without(each, `${path} ${each.name()}`));
      return shown ? below : [path, ...below];
    };
    const program = await createProgram(bind, '0.0.0', ['--help']);
    expect(program.commands.flatMap((command) => without(command, command.name()))).toEqual([]);
  });

  it.each([
    [['status', '--env', 'production']],
    [['--output', 'json', '--context', 'list', 'status']],
    [['--output=json', '-q', '--no-input', 'status', '--help']],
  ])('loads the verb that is typed alone: %j', async (argv) => {
    expect(await below(...argv)).toEqual({ verbs: ['status'], platform: undefined });
  });

  it('loads one verb of the artifact document alone', async () => {
    expect(await below('-q', 'platform', '-o', 'json', 'list')).toEqual({ verbs: [], platform: ['list'] });
  });

  it.each([[[]], [['statu']], [['help', 'status']], [['constructor']], [['--context']]])(
    'loads every verb for help and suggestions: %j',
    async (argv) => {
      expect((await below(...argv)).verbs).toEqual([...verbs, 'complete']);
    },
  );

  it('loads every verb of the artifact document for suggestions', async () => {
    expect((await below('platform', 'promot')).platform).toEqual(Object.keys(PLATFORM_VERBS));
  });
});
