import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'esbuild';

const MODULES = fileURLToPath(new URL('../node_modules/', import.meta.url));

/** A file of the SDK that a function never runs, and what stands in for it in bundles. */
type Cut = { readonly file: string; readonly why: string; readonly contents: string };

const SMITHY = '@smithy/core/dist-es/submodules';

/** What would run anyway keeps its behaviour; what cannot run says so if it ever does. */
const CUTS: readonly Cut[] = [
  {
    file: '@aws-sdk/credential-provider-node/dist-es/defaultProvider.js',
    why: 'Lambda hands credentials over in environment variables: no files, SSO, processes, containers or instance metadata.',
    contents: `
      export { fromEnv as defaultProvider } from '@aws-sdk/credential-provider-env';
      export const credentialsWillNeedRefresh = (credentials) => credentials?.expiration !== undefined;
      export const credentialsTreatedAsExpired = (credentials) =>
        credentials?.expiration !== undefined && credentials.expiration.getTime() - Date.now() < 300_000;`,
  },
  {
    file: `${SMITHY}/config/node-config-provider/fromSharedConfigFiles.js`,
    why: 'A function has no ~/.aws; each client would look for it at its first call. Environment variables still count.',
    contents: `
      import { CredentialsProviderError } from '../property-provider/CredentialsProviderError';
      export const fromSharedConfigFiles = () => async () => {
        throw new CredentialsProviderError('Bundled without configuration files.', { tryNextLink: true });
      };`,
  },
  {
    file: `${SMITHY}/config/config-resolver/regionConfig/getInstanceMetadataRegion.js`,
    why: 'Lambda has no instance metadata; the region is a variable.',
    contents: 'export const getInstanceMetadataRegion = async () => undefined;',
  },
  {
    file: `${SMITHY}/event-streams/index.js`,
    why: 'None of the services answers with an event stream, and loading it late would make every module around it lazy.',
    contents: `
      const absent = () => { throw new Error('Bundled without event streams.'); };
      export const eventStreamSerdeProvider = absent;
      export const EventStreamSerde = absent;`,
  },
  {
    file: `${SMITHY}/serde/util-body-length/calculateBodyLength.js`,
    why: 'Bodies are JSON in memory; to know a file stream when it sees one this would load them all.',
    contents: `
      export const calculateBodyLength = (body) => {
        if (!body) return 0;
        if (typeof body === 'string') return Buffer.byteLength(body);
        if (typeof body.byteLength === 'number') return body.byteLength;
        throw new Error('Body length computation failed: bundled for strings and bytes.');
      };`,
  },
  {
    file: `${SMITHY}/serde/date-utils.js`,
    why: 'The services answer with seconds since 1970; Node reads the dates of headers as well as three parsers of their own.',
    contents: `
      const dateIn = (value, milliseconds) => {
        if (value === null || value === undefined) return undefined;
        const date = new Date(milliseconds(value));
        if (Number.isNaN(date.getTime())) throw new TypeError('Invalid date-time value');
        return date;
      };
      const written = (value) => dateIn(value, String);
      export const dateToUtcString = (date) => date.toUTCString();
      export const parseRfc3339DateTime = written;
      export const parseRfc3339DateTimeWithOffset = written;
      export const parseRfc7231DateTime = written;
      export const parseEpochTimestamp = (value) => dateIn(value, (seconds) => Math.round(Number(seconds) * 1000));`,
  },
  {
    file: `${SMITHY}/checksum/sha256/Sha256Js.js`,
    why: 'Node has SHA-256.',
    contents:
      'export class Sha256Js { constructor() { throw new Error("Bundled without SHA-256 in JavaScript."); } }',
  },
  {
    file: `${SMITHY}/retry/util-retry/AdaptiveRetryStrategy.js`,
    why: 'The standard strategy is the default, and nothing asks for the adaptive one.',
    contents: `
      export class AdaptiveRetryStrategy {
        constructor() { throw new Error('Bundled without adaptive retries.'); }
      }`,
  },
  {
    file: '@aws-sdk/signature-v4-multi-region/dist-es/SignatureV4MultiRegion.js',
    why: 'EventBridge signs for all regions at once only for its global endpoints.',
    contents: "export { SignatureV4 as SignatureV4MultiRegion } from '@smithy/signature-v4';",
  },
  {
    file: '@aws-sdk/endpoint-cache/dist-es/EndpointCache.js',
    why: 'Endpoint discovery is off unless asked for, and its cache brings two CommonJS packages.',
    contents: `
      export class EndpointCache {
        get() { return undefined; }
        getEndpoint() { return undefined; }
        set() { throw new Error('Bundled without endpoint discovery.'); }
        delete() {}
        has() { return false; }
        clear() {}
      }`,
  },
];

/** All that a client reads of its own package.json. */
const PACKAGE = /@aws-sdk[/\\]client-[a-z0-9-]+[/\\]package\.json$/;
/** Names of regions: the pattern of a partition finds them as well. */
const PARTITIONS = join(
  MODULES,
  '@aws-sdk/core/dist-es/submodules/client/util-endpoints/lib/aws/partitions.js',
);

/** Every error of a client is a class of 300 bytes, a hundred of them; one maker makes the same classes. */
const ERRORS = /[/\\]@aws-sdk[/\\]client-[a-z0-9-]+[/\\]dist-es[/\\]models[/\\]errors\.js$/;

/**
 * The error classes of a client, made by one function: the same names, bases, faults and fields, of a fifth of the size.
 *
 * @throws when a class in the file has no fault, so that its form is another than the one known here
 */
function madeErrors(source: string): string {
  const [imports = ''] = source.split('export class', 1);
  const classes = source.slice(imports.length).split('export class ').slice(1);
  const made = classes.map((text) => {
    const [, name] = /^(\w+) extends __BaseException/.exec(text) ?? [];
    const [, fault] = /\$fault = "(client|server)"/.exec(text) ?? [];
    if (name === undefined || fault === undefined)
      throw new Error('The SDK writes its errors in another form.');
    return `export const ${name} = /* @__PURE__ */ error('${name}', '${fault}');`;
  });
  return `${imports}
    const error = (name, $fault) => class Made extends __BaseException {
      name = name;
      $fault = $fault;
      constructor(options) {
        super({ name, $fault, ...options });
        Object.setPrototypeOf(this, Made.prototype);
        const { name: _, $fault: __, $metadata: ___, message: ____, ...fields } = options;
        Object.assign(this, fields);
      }
    };
    ${made.join('\n')}`;
}

/** What every operation of a client takes and answers: of a hundred operations a function calls one or two. */
const SCHEMAS = /[/\\]@aws-sdk[/\\]client-[a-z0-9-]+[/\\]dist-es[/\\]schemas[/\\]schemas_0\.js$/;

/**
 * The schemas of a client with their member names written out. To compute `[_h]:` might have an effect, so that no bundler drops an
 * operation that has one, though nobody calls it.
 *
 * @throws when a name is none of the file's own constants
 */
function plainNames(source: string): string {
  const names = new Map(
    [...source.matchAll(/^const (_\w+) = ("[^"\n]*");$/gm)].map(([, name, text]) => [name, text]),
  );
  return source.replaceAll(/\[(_\w+)\]:/g, (_, name: string) => {
    const text = names.get(name);
    if (text === undefined) throw new Error('The SDK writes its schemas in another form.');
    return `${text}:`;
  });
}

/** Replaces the files above, leaves of two others what is read of them, and makes errors and schemas smaller. */
export function sdkCuts(): Plugin {
  return {
    name: 'sdk-cuts',
    setup({ onLoad }) {
      for (const { file, why, contents } of CUTS) {
        const path = join(MODULES, file);
        if (!existsSync(path)) throw new Error(`The SDK has no ${file} any more. It was cut because: ${why}`);
        onLoad({ filter: ending(path) }, () => ({ contents, resolveDir: dirname(path) }));
      }
      onLoad({ filter: PACKAGE }, ({ path }) => {
        const { version } = JSON.parse(readFileSync(path, 'utf8'));
        return { contents: JSON.stringify({ version }), loader: 'json' };
      });
      onLoad({ filter: ERRORS }, ({ path }) => ({
        contents: madeErrors(readFileSync(path, 'utf8')),
        resolveDir: dirname(path),
      }));
      onLoad({ filter: SCHEMAS }, ({ path }) => ({
        contents: plainNames(readFileSync(path, 'utf8')),
        resolveDir: dirname(path),
      }));
      onLoad({ filter: ending(PARTITIONS) }, async ({ path }) => {
        const { partitionsInfo } = await import(path);
        const partitions = partitionsInfo.partitions.map((each: object) => ({ ...each, regions: {} }));
        return {
          contents: `export const partitionsInfo = ${JSON.stringify({ ...partitionsInfo, partitions })};`,
        };
      });
    },
  };
}

const ending = (path: string): RegExp =>
  new RegExp(`${path.slice(MODULES.length).replaceAll('.', '\\.').split(sep).join('[/\\\\]')}$`);
