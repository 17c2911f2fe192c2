import { isIP } from 'node:net';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';

const DEMOS = ['on', 'lean', 'off'] as const;
/** How much demo data is wanted. */
export type Demo = (typeof DEMOS)[number];

/** How a runtime is told what to do: by environment variables, and for those who work on it by options. */
export interface Settings {
  /** Port on 127.0.0.1; 0 picks a free one. */
  readonly port: number;
  /** Absolute path. */
  readonly dataDir: string;
  /** A DynamoDB endpoint to use in place of the embedded engine. */
  readonly dynamodbEndpoint: string | undefined;
  /** An assembly that is synthesized already; otherwise the runtime does it. */
  readonly assemblyDir: string | undefined;
  /** What the first start makes beside the people: a whole scene, its configuration and artifact alone, or nothing. */
  readonly demo: Demo;
  /** A file of people in place of `local/demo-people.json`. */
  readonly peopleFile: string | undefined;
  readonly adjustableClock: boolean;
  /** Milliseconds that everything here runs ahead of the machine's clock: it was set to an instant. */
  readonly clockAhead: number | undefined;
  /** Most threads per function. */
  readonly concurrency: number;
  /** Streams of changes of flags at once; 0: none. */
  readonly streams: number;
  /** Who cosigns the logs, as the template's `LogWitnesses` names them. */
  readonly logWitnesses: string;
  /** What functions take for Slack's Web API; Slack itself when absent. */
  readonly slackApiUrl: string | undefined;
  /** What tells functions where traces go: the standard variables of OpenTelemetry that are set. */
  readonly telemetry: Readonly<Record<string, string>>;
  /** Whether functions are bundled anew when their sources change. */
  readonly watch: boolean;
  /** Whether a debugger may attach. */
  readonly inspect: boolean;
  /** Where it listens beyond loopback, and the one address by which others call it; undefined: on 127.0.0.1 alone. */
  readonly listen: { readonly address: string; readonly origin?: string } | undefined;
  /** Whether the dashboard is opened in the browser once it answers. */
  readonly open: boolean;
}

const TELEMETRY = ['OTEL_EXPORTER_OTLP_ENDPOINT', 'OTEL_EXPORTER_OTLP_HEADERS', 'OTEL_SERVICE_NAME'] as const;

const OPTIONS = {
  watch: { type: 'boolean', default: false },
  inspect: { type: 'boolean', default: false },
  open: { type: 'boolean', default: false },
  empty: { type: 'boolean', default: false },
  port: { type: 'string' },
  data: { type: 'string' },
  listen: { type: 'string' },
  origin: { type: 'string' },
} as const;

/** What `--help` says of the options. An option wins over its variable. */
export const OPTIONS_HELP = `  --port PORT    the port on 127.0.0.1 (PORT, 8888); 0 picks a free one
  --data FOLDER  where everything is kept (SLUICE_DATA_DIR)
  --empty        people and pipelines only, no demo data (SLUICE_DEMO=off)
  --open         opens the dashboard in the browser
  --listen ADDRESS  an address beyond 127.0.0.1, such as 0.0.0.0 (SLUICE_LISTEN); signing in then takes a code
  --origin URL   the one address by which others call it (SLUICE_ORIGIN); needs --listen
  --help         this text`;

/** Reads the settings. Throws, naming the variable or option, when one makes no sense. */
export function readSettings(
  environment: Readonly<Record<string, string | undefined>>,
  argv: readonly string[] = [],
): Settings {
  const { watch, inspect, open, empty, port, data, ...beyond } = parseArgs({
    args: [...argv],
    options: OPTIONS,
  }).values;
  const text = (name: string) => environment[name] || undefined;
  return {
    port: port === undefined ? portOf('PORT', text('PORT') ?? '8888') : portOf('--port', port),
    dataDir: resolve(data || text('SLUICE_DATA_DIR') || '.sluice'),
    dynamodbEndpoint: text('SLUICE_DYNAMODB_ENDPOINT'),
    assemblyDir: text('SLUICE_ASSEMBLY_DIR'),
    demo: empty ? 'off' : oneOf('SLUICE_DEMO', text('SLUICE_DEMO') ?? 'on', DEMOS),
    peopleFile: text('SLUICE_LOCAL_PEOPLE'),
    ...clockOf(text('SLUICE_LOCAL_CLOCK') ?? 'real'),
    concurrency: whole('SLUICE_LOCAL_CONCURRENCY', text('SLUICE_LOCAL_CONCURRENCY') ?? '4', 1, 64),
    streams: whole('SLUICE_LOCAL_FLAG_STREAMS', text('SLUICE_LOCAL_FLAG_STREAMS') ?? '100', 0, 9_999),
    logWitnesses: text('SLUICE_LOCAL_LOG_WITNESSES') ?? '',
    slackApiUrl: text('SLUICE_SLACK_API_URL'),
    telemetry: Object.fromEntries(
      TELEMETRY.flatMap((name) => (text(name) === undefined ? [] : [[name, text(name) ?? '']])),
    ),
    watch,
    inspect,
    open,
    listen: listenOf(beyond.listen ?? text('SLUICE_LISTEN'), beyond.origin ?? text('SLUICE_ORIGIN')),
  };
}

function listenOf(address: string | undefined, origin: string | undefined): Settings['listen'] {
  if (address === undefined) {
    if (origin === undefined) return undefined;
    throw new Error('--origin goes with --listen: without it Sluice is called by 127.0.0.1 alone.');
  }
  if (isIP(address) === 0) throw new Error(`--listen must be an IP address such as 0.0.0.0, not ${address}.`);
  if (origin === undefined) return { address };
  if (/^https?:\/\/[^/?#@]+$/.test(origin) && URL.canParse(origin)) {
    return { address, origin: new URL(origin).origin };
  }
  throw new Error(
    `--origin must be a URL without a path, such as https://sluice.your.domain, not ${origin}.`,
  );
}

const portOf = (name: string, text: string): number => whole(name, text, 0, 65_535);

function whole(name: string, text: string, from: number, to: number): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= from && value <= to) return value;
  throw new Error(`${name} must be a whole number from ${from} to ${to}, not ${text}.`);
}

/** A clock that is set may be moved as well. */
function clockOf(given: string): Pick<Settings, 'adjustableClock' | 'clockAhead'> {
  if (given === 'real' || given === 'adjustable') {
    return { adjustableClock: given === 'adjustable', clockAhead: undefined };
  }
  const instant = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(given) ? Date.parse(given) : Number.NaN;
  if (!Number.isNaN(instant)) return { adjustableClock: true, clockAhead: instant - Date.now() };
  throw new Error(
    `SLUICE_LOCAL_CLOCK must be real, adjustable or an instant such as 2026-11-24T12:00:00Z, not ${given}.`,
  );
}

function oneOf<T extends string>(name: string, text: string, allowed: readonly T[]): T {
  const found = allowed.find((one) => one === text);
  if (found !== undefined) return found;
  throw new Error(`${name} must be ${allowed.join(' or ')}, not ${text}.`);
}
