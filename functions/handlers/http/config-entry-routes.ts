import * as contract from '../../contract/config-entries.ts';
import type { Entry } from '../../domain/config-tree/entry.ts';
import type { EntryKind } from '../../domain/config-tree/tree-key.ts';
import { type Digest, isDigest } from '../../domain/digest.ts';
import type { Principal } from '../../domain/identity/principal.ts';
import { isRefusal, type Refusal } from '../../domain/refusal.ts';
import { type EditDeps, type EditInput, editConfig } from '../../use-cases/config/edit.ts';
import {
  type At,
  type Pinned,
  pinnedOf,
  pinnedText,
  type ReadDeps,
  readEntry,
  readRevisions,
  type ScanInput,
  scanEntries,
} from '../../use-cases/config/read.ts';
import { entryOf, entryView, revisionView } from './config-views.ts';
import { type CursorDeps, cursorOf, positionOf } from './cursor.ts';
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
    const { reason, value, secretRef } = body;
    const kind = 'config' as const;
    const key = param('key');
    if ((value === undefined) === (secretRef === undefined)) {
      return Promise.resolve(
        badFields([{ field: 'value', problem: 'or secretRef is required, and not both' }]),
      );
    }
    const entry: Entry =
      secretRef === undefined ? { kind, key, value: value ?? null } : { kind, key, secret_ref: secretRef };
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
    const input = { principal, environment: param('env'), limit, ...paging.at };
    const known = rootsIn(headers['if-none-match']);
    const scanned = await scanEntries(deps, { ...input, ...(prefix === undefined ? {} : { prefix }) });
    if (isRefusal(scanned)) return scanned;
    const { at, entries, next } = scanned;
    const headersOut = { etag: `"${at.root}"`, 'cache-control': 'private, no-cache' };
    if (cursor === undefined && known.includes(at.root)) return { status: 304, headers: headersOut };
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
      const input: ScanInput = { principal, environment, kinds: [kind], limit, ...paging.at };
      const scanned = await scanEntries(deps, { ...input, ...(prefix === undefined ? {} : { prefix }) });
      if (isRefusal(scanned)) return scanned;
      const items = scanned.entries.map((entry) => entryView(principal.tenant, entry));
      return ok({ ...scanned.at, items, nextCursor: await paging.cursor(scanned.next) });
    }),
    route(get, async ({ principal, param }, deps) => {
      const found = await readEntry(deps, {
        principal,
        environment: param('env'),
        kind,
        key: param('key'),
      });
      return isRefusal(found) ? found : shown(principal.tenant, found.at, found.entry);
    }),
    route(remove, async ({ principal, param, body, headers }, deps) => {
      const edits = { put: [], remove: [{ kind, key: param('key') }] };
      const answer = await edited(
        deps,
        { principal, environment: param('env'), edits },
        body.reason,
        headers,
      );
      return answer;
    }),
  ];
}

function shown(tenant: string, at: At, entry: Entry): Answer {
  return ok({ ...at, entry: entryView(tenant, entry) }, { etag: `"${at.root}"` });
}

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
  const done = await edit(deps, { principal, environment, edits }, reason, headers);
  if (isRefusal(done)) return done;
  return ok({ ...done, entry: entryView(principal.tenant, entry) }, { etag: `"${done.root}"` });
}

type Editing = Pick<EditInput, 'principal' | 'environment' | 'edits'>;

/** An edit as requests make it, and its answer. */
export async function edited(deps: ConfigDeps, input: Editing, reason: string | undefined, headers: Headers) {
  const done = await edit(deps, input, reason, headers);
  return isRefusal(done) ? done : ok(done, { etag: `"${done.root}"` });
}

function edit(deps: ConfigDeps, input: Editing, reason: string | undefined, headers: Headers) {
  return editConfig(deps, { ...input, ...(reason === undefined ? {} : { reason }), ...expected(headers) });
}

/** The roots that a caller expects to edit; none said, or `*`: whichever there is. */
export function expected(headers: Headers): Pick<EditInput, 'ifRoot'> {
  const wanted = headers['if-match']?.trim();
  return wanted === undefined || wanted === '*' ? {} : { ifRoot: rootsIn(wanted) };
}

/** The roots in a list of entity tags; weak ones too, since a root says what it holds to the byte. */
function rootsIn(tags: string | undefined): readonly Digest[] {
  return [...(tags ?? '').matchAll(/"([^"]*)"/g)].map(([, tag = '']) => tag).filter(isDigest);
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
