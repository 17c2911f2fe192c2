import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Command, Option } from 'commander';
import * as z from 'zod/mini';
import { FORMATS } from '../../functions/domain/evidence/report.ts';
import { EXIT } from '../exit.ts';
import { Failure } from '../failure.ts';
import { runInGroup } from '../gates/run-in-group.ts';
import { textOfFile } from '../input-file.ts';
import { Timeout } from '../promotions/waiting-options.ts';
import type { Terminal } from '../terminal.ts';
import type { Bind } from '../verb.ts';
import { ABOUT, aboutOptions, Report, reported, submitted } from './evidence.ts';

/** `sluice gate …`. */
export const gate = (bind: Bind): Command =>
  new Command('gate').description('run the command behind a gate').addCommand(run(bind));

const GateAnswer = z.object({ report: Report, exit_code: z.nullable(z.number()), timed_out: z.boolean() });

const run = (bind: Bind): Command =>
  bind(
    aboutOptions(
      new Command('run')
        .description('run a command, and attach what it reports; exits 8 where it fails')
        .argument('<name>', 'the gate')
        .argument('<command...>', 'after --: the command and its arguments')
        .option('--report <file>', 'the report that it writes (default: whether it exits 0)')
        .addOption(new Option('--format <format>', 'what wrote the report').choices(FORMATS).default('json'))
        .option('--timeout <time>', 'after which the command and all that it started are killed', '10m'),
    ),
    {
      given: z.object({
        ...ABOUT,
        name: z.string(),
        command: z.array(z.string()),
        report: z.optional(z.string()),
        format: z.enum(FORMATS),
        timeout: Timeout,
      }),
      answer: GateAnswer,
      examples: ['sluice gate run tests --promotion prom-01 --report junit.xml --format junit -- npm test'],
      async run({ name, command, report: file, format, timeout, ...about }, session) {
        const { terminal } = session;
        const client = await session.client();
        const begun = terminal.now();
        const before = await writtenAt(terminal, file);
        const { code, timedOut } = await runInGroup(terminal, command, timeout);
        const passed = code === 0;
        const facts = {
          passed,
          exit_code: code ?? -1,
          timed_out: timedOut,
          seconds: Math.round((terminal.now() - begun) / 1000),
        };
        // The report of an earlier run says nothing of this one.
        const isNew = file !== undefined && (await writtenAt(terminal, file)) !== before;
        if (file !== undefined && !isNew && passed) {
          throw new Failure('no_report', EXIT.gate_failed, `${command[0]} did not write ${file}`);
        }
        const kept = isNew ? await textOfFile(terminal, file) : undefined;
        const given =
          kept === undefined
            ? { gate: name, format: 'json' as const, document: JSON.stringify(facts) }
            : { gate: name, format, document: kept };
        const report = await submitted(client, about, given);
        const data = { report, exit_code: code, timed_out: timedOut };
        const shown = { ...reported(report), data };
        if (passed && report.result['passed'] !== false) return shown;
        const why = timedOut
          ? 'ran out of time and was killed'
          : passed
            ? 'reports a failure'
            : `exited ${code ?? 'by a signal'}`;
        return {
          ...shown,
          failed: new Failure('gate_failed', EXIT.gate_failed, `${command[0]} ${why}`, { beside: data }),
        };
      },
    },
  );

/** When a file was written; `undefined` where there is none. */
async function writtenAt({ cwd }: Terminal, file: string | undefined): Promise<number | undefined> {
  if (file === undefined) return undefined;
  return stat(resolve(cwd, file)).then(
    ({ mtimeMs }) => mtimeMs,
    () => undefined,
  );
}
