/** `npm start` and `sluice-local`: run Sluice on this machine until it is told to stop. */
import { open } from 'node:inspector';
import { machineCredentialsFile } from './identity/machine-credentials.ts';
import { TableRefused } from './judge.ts';
import { setClock } from './lambda/clock.mjs';
import { openBrowser } from './open-browser.ts';
import { programOf } from './program.ts';
import { PortInUse, type Runtime, startRuntime } from './runtime.ts';
import { OPTIONS_HELP, readSettings, type Settings } from './settings.ts';
import { DataDirInUse } from './store.ts';

const startedAt = performance.now();
/** Node's own port for debuggers. */
const INSPECTOR = 9229;
const say = (line: string) => process.stdout.write(`${line}\n`);
const program = programOf(process.env);

if (process.argv.includes('--help')) {
  say(`${program.start} runs Sluice on this machine until Ctrl-C.\n\n${OPTIONS_HELP}`);
  process.exit(0);
}

try {
  const settings = readSettings(process.env, process.argv.slice(2));
  if (settings.inspect) open(INSPECTOR, '127.0.0.1');
  if (settings.clockAhead !== undefined) setClock(settings.clockAhead);
  const runtime = await startRuntime(settings, say);
  stopOnSignals(runtime);
  void runtime.engineEnded.then((output) =>
    fail(`The table engine ended. Nothing is lost; start again.\n${output}`),
  );
  greet(runtime, settings);
  if (settings.open) openBrowser(`${runtime.url}/`);
} catch (error) {
  fail(explain(error));
}

function greet({ url, people, door }: Runtime, settings: Settings): void {
  const [first] = people;
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  say(`Sluice is ready at ${url} after ${seconds} s (data in ${settings.dataDir}).`);
  if (door !== undefined) {
    say(`  open     ${url}/_local/code?code=${door.code}`);
    if (isPlain(url))
      say('  warning  plain http carries the code and tokens for all to read: put TLS before it');
  }
  say(`  health   ${url}/healthz`);
  say(`  contract ${url}/openapi.json`);
  say(`  mail     ${url}/_local/inbox`);
  say(`  machines sign with ${machineCredentialsFile(settings.dataDir)}`);
  say('  people');
  for (const { email, tenant_id } of people) say(`    ${email.padEnd(18)} of tenant ${tenant_id}`);
  if (settings.watch) say('  watching functions/ and web/: a call after a change has the new code');
  say('Try it:');
  const token = program.token(first?.email ?? '');
  say(`  curl -s -H "Authorization: Bearer $(${token})" ${url}/api/v1/promotions`);
}

/** Whether an origin beyond this machine is called without TLS. */
function isPlain(origin: string): boolean {
  const { protocol, hostname } = new URL(origin);
  return protocol === 'http:' && !['127.0.0.1', 'localhost', '[::1]'].includes(hostname);
}

/**
 * The first signal ends the runtime in good order, a later one at once. One Ctrl-C may arrive twice within a moment:
 * from the terminal, and passed on by npm.
 */
function stopOnSignals(runtime: Runtime): void {
  let stoppingSince: number | undefined;
  const stop = async () => {
    if (stoppingSince === undefined) {
      stoppingSince = performance.now();
      say('Stopping.');
      await runtime.stop();
      process.exit(0);
    } else if (performance.now() - stoppingSince > 1000) {
      process.exit(1);
    }
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
}

function explain(error: unknown): string {
  if (error instanceof PortInUse)
    return `${error.message} Stop it, or choose another port: ${program.with('--port 9999')}`;
  if (error instanceof DataDirInUse) {
    return `Another Sluice uses ${error.message}. Stop it, or choose another directory: ${program.with('--data .sluice-2')}`;
  }
  if (error instanceof TableRefused) return `Sluice does not start: ${error.message}.`;
  return error instanceof Error ? error.message : String(error);
}

function fail(message: string): never {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}
