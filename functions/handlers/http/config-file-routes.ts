import type { NewEntry } from '../../contract/config-entry-shapes.ts';
import * as contract from '../../contract/config-files.ts';
import type { Entry } from '../../domain/config-tree/entry.ts';
import type { Principal } from '../../domain/identity/principal.ts';
import { isRefusal, type Refusal } from '../../domain/refusal.ts';
import { authorizeIn } from '../../use-cases/access/authorize-in.ts';
import { commitImport, stageImport } from '../../use-cases/config/import.ts';
import { scanEntries } from '../../use-cases/config/read.ts';
import { type ConfigDeps, edited, editedReply, expected, pagingOf } from './config-entry-routes.ts';
import { parseText, type TextFormat, textOf } from './config-text.ts';
import { entryOf, exportedView } from './config-views.ts';
import { badFields } from './issues.ts';
import { ok } from './reply.ts';
import { type Route, route } from './route.ts';

/** Entries on a page when the caller does not say. */
const EXPORT = 1000;

/** Whole environments in and out, as JSON and as files. */
export const configFileRoutes: readonly Route<ConfigDeps>[] = [
  route(contract.importConfig, async ({ principal, param, body, headers }, deps) => {
    const put = importedOf(body);
    if ('refused' in put) return put;
    const edits = { put: put.value, remove: [] };
    return edited(deps, { principal, environment: param('env'), edits }, body.reason, headers);
  }),
  route(contract.stageImport, async ({ principal, param, body }, deps) => {
    const put = importedOf(body);
    if ('refused' in put) return put;
    const { stage } = body;
    const where = { principal, environment: param('env'), ...(stage === undefined ? {} : { stage }) };
    const staged = await stageImport(deps, { ...where, entries: put.value });
    if (isRefusal(staged)) return staged;
    const { expires_at: expiresAt, ...rest } = staged;
    return ok({ ...rest, expiresAt });
  }),
  route(contract.commitImport, async ({ principal, param, body, headers }, deps) => {
    const input = { principal, environment: param('env'), ...body, ...expected(headers) };
    const done = await commitImport(deps, input);
    return isRefusal(done) ? done : editedReply(done);
  }),
  route(contract.exportConfig, async ({ principal, param, query }, deps) => {
    const { cursor, limit = EXPORT, format = 'json', sensitive = 'mask' } = query;
    const environment = param('env');
    const purpose = sensitive === 'include' ? 'deliver' : 'show';
    const unread = purpose === 'deliver' ? await mayExportSensitive(deps, principal, environment) : undefined;
    if (unread !== undefined) return unread;
    const filter = { env: environment, format, sensitive };
    const paging = await pagingOf(deps, principal, 'exportConfig', filter, cursor);
    if ('refused' in paging) return paging;
    const scanned = await scanEntries(deps, { principal, environment, limit, purpose, ...paging.at });
    if (isRefusal(scanned)) return scanned;
    const { at, entries, next } = scanned;
    const content =
      format === 'json' ? { entries: entries.map(exportedView) } : { text: textOf(entries, format) };
    return ok({ ...at, format, ...content, nextCursor: await paging.cursor(next) });
  }),
];

/** Sensitive values leave in a file only for machines and for people with the right: to anybody else this is a refusal, not a mask. */
async function mayExportSensitive(
  deps: ConfigDeps,
  principal: Principal,
  environment: string,
): Promise<Refusal | undefined> {
  return principal.kind === 'machine'
    ? undefined
    : await authorizeIn(deps, principal, 'read_sensitive', environment);
}

/** What an import sets: its entries, or those in the text of a file. */
function importedOf({
  format = 'json',
  entries,
  text,
  prefix,
}: {
  readonly format?: 'json' | TextFormat;
  readonly entries?: readonly NewEntry[];
  readonly text?: string;
  readonly prefix?: string;
}): { readonly value: readonly Entry[] } | Refusal {
  if (format === 'json') {
    if (entries === undefined || text !== undefined)
      return badFields([{ field: 'entries', problem: 'is required, and no text' }]);
    return { value: entries.map(entryOf) };
  }
  if (text === undefined || entries !== undefined)
    return badFields([{ field: 'text', problem: 'is required, and no entries' }]);
  return parseText({ format, text, ...(prefix === undefined ? {} : { prefix }) });
}
