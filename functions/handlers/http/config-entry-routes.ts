import * as contract from '../../contract/config-entries.ts';
import type { Entry } from '../../domain/config-tree/entry.ts';
import { type EntryKind, treeKey } from '../../domain/config-tree/tree-key.ts';
import { type Digest, isDigest } from '../../domain/digest.ts';
import type { Principal } from '../../domain/identity/principal.ts';
import { isRefusal, type Refusal } from '../../domain/refusal.ts';
import {
  type EditDeps,
  type Edited,
  type EditInput,
  type Expected,
  editConfig,
} from '../../use-cases/config/edit.ts';
import {
  deliveredTo,
  type Pinned,
  pinnedOf,
  pinnedText,
  type ReadDeps,
  type ReadEntry,
  readEntry,
  readRevisions,
  type ScanInput,
  scanEntries,
} from '../../use-cases/config/read.ts';
import { entryOf, entryView, revisionView } from './config-views.ts';
import { type CursorDeps, cursorOf, positionOf } from './cursor.ts';
import { FORM } from './etag.ts';
import { badFields } from './issues.ts';
import { type Answer, ok } from './reply.ts';
import { type Route, route } from './route.ts';

export type ConfigDeps = EditDeps & ReadDeps;
type Headers = { readonly [name: string]: string | undefined };

/** Entries listed when the caller does not say. */
const LIST = 50;
const SNAPSHOT = 1000;

/** Configs and flags of an environment: reading and editing them. */
export const configEntryRoutes: readonly Route<ConfigDeps>[] = [
  ...routesOf('config', contract.listConfigs, contract.getConfig, contract.deleteConfig),
  ...routesOf('flag', contract.listFlags, contract.getFlag, contract.deleteFlag),
  route(contract.putConfig, ({ principal, param, body, headers }, deps) => {
    const { reason, value, secretRef, sensitive } = body;
    const kind = 'config' as const;
    const key = param('key');
    if ((value === undefined) === (secretRef === undefined)) {
      return Promise.resolve(
        badFields([{ field: 'value', problem: 'or secretRef is required, and not both' }]),
      );
    }
    if (secretRef !== undefined && sensitive !== undefined)
      return Promise.resolve(
        badFields([{ field: 'sensitive', problem: 'is for a value: secretRef holds none' }]),
      );
    const entry: Entry =
      secretRef === undefined
        ? { kind, key, value: value ?? null, ...(sensitive === undefined ? {} : { sensitive }) }
        : { kind, key, secret_ref: secretRef };
    return putOne(deps, { principal, environment: param('env'), entry, reason, headers });
  }),
  route(contract.putFlag, ({ principal, param, body, headers }, deps) => {
    const { reason, ...fields } = body;
    const entry = entryOf({ kind: 'flag', key: param('key'), ...fields });
    return putOne(deps, { principal, environment: param('env'), entry, reason, headers });
  }),
  route(contract.editBatch, async ({ principal, param, body, headers }, deps) => {
    const { put = [], delete: remove = [], reason } = body;
    const edits = { put: put.map(entryOf), remove };
    return edited(deps, { principal, environment: param('env'), edits }, reason, headers);
  }),
  route(contract.getSnapshot, async ({ principal, param, query, headers }, deps) => {
    const { cursor, limit = SNAPSHOT, prefix } = query;
    const paging = await pagingOf(
      deps,
      principal,
      'getConfigSnapshot',
      { env: param('env'), prefix },
      cursor,
    );
    if ('refused' in paging) return paging;
    const purpose = 'deliver' as const;
    const input = { principal, environment: param('env'), limit, purpose, ...paging.at };
    const scanned = await scanEntries(deps, { ...input, ...(prefix === undefined ? {} : { prefix }) });
    if (isRefusal(scanned)) return scanned;
    const { at, entries, next } = scanned;
    const etag = tagOf(at.root, at, entries);
    const headersOut = { etag, 'cache-control': 'private, no-cache' };
    const known = tagsIn(headers['if-none-match']);
    if (cursor === undefined && known.includes(etag)) return { status: 304, headers: headersOut };
    const shown = entries.map((entry) => entryView(principal.tenant, entry));
    return ok({ ...at, entries: shown, nextCursor: await paging.cursor(next) }, headersOut);
  }),
  route(contract.listRevisions, async ({ principal, param, page, paged }, deps) => {
    const filter = { env: param('env') };
    const asked = await page(deps, filter);
    if ('refused' in asked) return asked;
    const found = await readRevisions(deps, { principal, environment: param('env'), page: asked });
    return isRefusal(found) ? found : paged(deps, found, revisionView, filter);
  }),
];

function routesOf(
  kind: EntryKind,
  list: typeof contract.listConfigs | typeof contract.listFlags,
  get: typeof contract.getConfig | typeof contract.getFlag,
  remove: typeof contract.deleteConfig | typeof contract.deleteFlag,
): readonly Route<ConfigDeps>[] {
  return [
    route(list, async ({ principal, param, query }, deps) => {
      const { cursor, limit = LIST, prefix } = query;
      const environment = param('env');
      const paging = await pagingOf(deps, principal, list.operation, { env: environment, prefix }, cursor);
      if ('refused' in paging) return paging;
      const purpose = 'show' as const;
      const input: ScanInput = { principal, environment, kinds: [kind], limit, purpose, ...paging.at };
      const scanned = await scanEntries(deps, { ...input, ...(prefix === undefined ? {} : { prefix }) });
      if (isRefusal(scanned)) return scanned;
      const items = scanned.entries.map((entry) => entryView(principal.tenant, entry));
      return ok({ ...scanned.at, items, nextCursor: await paging.cursor(scanned.next) });
    }),
    route(get, async ({ principal, param, headers }, deps) => {
      const [environment, key] = [param('env'), param('key')];
      const found = await readEntry(deps, { principal, environment, kind, key });
      if (isRefusal(found)) return found;
      const { at, entry, tag } = found;
      const tagged = { etag: tagOf(tag, at, [entry]), 'cache-control': 'private, no-cache' };
      if (tagsIn(headers['if-none-match']).includes(tagged.etag)) return { status: 304, headers: tagged };
      return ok({ ...at, entry: entryView(principal.tenant, entry) }, tagged);
    }),
    route(remove, async ({ principal, param, body, headers }, deps) => {
      const entry = { kind, key: param('key') };
      const input = { principal, environment: param('env'), edits: { put: [], remove: [entry] } };
      return edited(deps, input, body.reason, headers, entry);
    }),
  ];
}

/**
 * The ETag of a root, or of an entry: `If-Match` looks at the digest alone. Behind it stands what else an answer shows: whether something is
 * masked, which no cache may take for the whole, and the revision with its root.
 */
function tagOf(
  digest: Digest,
  { revision, root }: { readonly revision: number; readonly root: Digest },
  entries: readonly ReadEntry[] = [],
): string {
  const masked = entries.some((entry) => 'sensitive' in entry && entry.sensitive === 'masked');
  const at = root === digest ? [revision] : [revision, root.slice('sha256:'.length, 'sha256:'.length + 16)];
  return `"${[`${digest}${masked ? MASKED : ''}`, ...at, FORM].join('.')}"`;
}

const MASKED = '-masked';

async function putOne(
  deps: ConfigDeps,
  input: {
    readonly principal: Principal;
    readonly environment: string;
    readonly entry: Entry;
    readonly reason: string | undefined;
    readonly headers: Headers;
  },
): Promise<Answer | Refusal> {
  const { principal, environment, entry, reason, headers } = input;
  const edits = { put: [entry], remove: [] };
  const done = await edit(deps, { principal, environment, edits }, reason, headers, entry);
  if (isRefusal(done)) return done;
  const { marks, tags, ...at } = done;
  const place = treeKey(entry.kind, entry.key);
  const kept = marks.get(place);
  const set: Entry = kept === undefined || 'secret_ref' in entry ? entry : { ...entry, sensitive: kept };
  const delivered = await deliveredTo(deps, principal, done.environment, set);
  const etag = tagOf(tags.get(place) ?? done.root, done, [delivered]);
  return ok({ ...at, entry: entryView(principal.tenant, delivered) }, { etag });
}

type Editing = Pick<EditInput, 'principal' | 'environment' | 'edits'>;

/** An edit as requests make it, and its answer. */
export async function edited(
  deps: ConfigDeps,
  input: Editing,
  reason: string | undefined,
  headers: Headers,
  entry?: Expected['entry'],
) {
  const done = await edit(deps, input, reason, headers, entry);
  return isRefusal(done) ? done : editedReply(done);
}

export function editedReply({ marks: _, tags: __, ...done }: Edited): Answer {
  return ok(done, { etag: tagOf(done.root, done) });
}

function edit(
  deps: ConfigDeps,
  input: Editing,
  reason: string | undefined,
  headers: Headers,
  entry?: Expected['entry'],
) {
  const why = reason === undefined ? {} : { reason };
  return editConfig(deps, { ...input, ...why, ...expected(headers, entry) });
}

/** What a caller expects to edit; nothing said: whatever there is. */
export function expected(headers: Headers, entry?: Expected['entry']): Pick<EditInput, 'ifMatch'> {
  const wanted = headers['if-match']?.trim();
  if (wanted === undefined) return {};
  const tags = wanted === '*' ? 'any' : digestsIn(wanted);
  return { ifMatch: { tags, ...(entry === undefined ? {} : { entry }) } };
}

/** The digests in a list of entity tags; weak ones too, since a digest says what it names to the byte. */
function digestsIn(tags: string): readonly Digest[] {
  return tagsIn(tags)
    .map((tag) => tag.slice(1, -1).split('.')[0]?.replace(MASKED, '') ?? '')
    .filter(isDigest);
}

/** The entity tags in a list, each in its quotes. */
function tagsIn(tags: string | undefined): readonly string[] {
  return [...(tags ?? '').matchAll(/"[^"]*"/g)].map(([tag]) => tag);
}

/** Where a reading goes on, from its cursor, and the cursor of what follows. */
export async function pagingOf(
  deps: CursorDeps,
  principal: Principal,
  operation: string,
  filter: { readonly [name: string]: string | undefined },
  cursor: string | undefined,
) {
  const scope = { tenant: principal.tenant, operation, filter };
  const next = async (pinned: Pinned | undefined) =>
    pinned === undefined ? null : await cursorOf(deps, pinnedText(pinned), scope);
  if (cursor === undefined) return { at: {}, cursor: next };
  const position = await positionOf(deps, cursor, scope);
  if ('refused' in position) return position;
  const pinned = pinnedOf(position.value);
  if (pinned === undefined) return badFields([{ field: 'cursor', problem: 'is not a cursor of this list' }]);
  return { at: { pinned }, cursor: next };
}
