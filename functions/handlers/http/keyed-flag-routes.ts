import * as contract from '../../contract/ofrep.ts';
import { allowsOrigin } from '../../domain/flags/flag-key.ts';
import { ticketText } from '../../domain/flags/stream-ticket.ts';
import { type Refusal, refuse } from '../../domain/refusal.ts';
import type { FlagReader } from '../../use-cases/config/evaluate.ts';
import { rootOf } from '../../use-cases/config/tree.ts';
import type { Deps } from '../../use-cases/deps.ts';
import { type OpenedKey, type OpenKeyDeps, openKey } from '../../use-cases/flags/open-key.ts';
import { withOrigin } from './cross-origin.ts';
import { presentedKey } from './flag-credential.ts';
import { allFlags, oneFlag } from './ofrep-answers.ts';
import { type Answer, problemReply } from './reply.ts';
import { type Route, route, type Unchecked } from './route.ts';

export type KeyedDeps = OpenKeyDeps &
  Pick<Deps, 'nodes'> & {
    /** Where streams of changes are, with a slash at the end; absent: nowhere. */
    readonly streamUrl?: string | undefined;
  };

export const allFlagsOfKey: Route<KeyedDeps> = route(
  { ...contract.evaluateFlags, open: true },
  ({ body, headers, instance }, deps) => {
    const asked = { context: body.context ?? {}, known: headers['if-none-match'] ?? '' };
    return answered({ headers, instance }, deps, (reader, { tenant, key }) => {
      const { streamUrl } = deps;
      if (streamUrl === undefined) return allFlags(deps, reader, asked);
      const ticket = ticketText(tenant, key, deps.clock.now());
      return allFlags(deps, reader, { ...asked, stream: `${streamUrl}${STREAM_PATH}?ticket=${ticket}` });
    });
  },
);

/** `/ofrep/v1` for flag keys: the key itself says tenant and environment. A page hears only what its origin may read. */
export const keyedFlagRoutes: readonly Route<KeyedDeps>[] = [
  route({ ...contract.evaluateFlag, open: true }, ({ param, body, headers, instance }, deps) =>
    answered({ headers, instance }, deps, (reader) =>
      oneFlag(deps, reader, { key: param('key'), context: body.context ?? {} }),
    ),
  ),
  allFlagsOfKey,
];

/** Below the address of the function that streams. */
const STREAM_PATH = 'ofrep/v1/events';

async function answered(
  { headers, instance }: Pick<Unchecked, 'headers' | 'instance'>,
  deps: KeyedDeps,
  answer: (reader: FlagReader, opened: OpenedKey) => Promise<Answer>,
): Promise<Answer | Refusal> {
  const opened = await openKey(deps, presentedKey(headers) ?? '', ['server', 'browser']);
  if (opened === undefined) {
    return problemReply('unauthenticated', 'this flag key is not valid here: create another', instance);
  }
  const { tenant, key, head } = opened;
  const { origin } = headers;
  if (!allowsOrigin(key, origin)) {
    return refuse(
      'not_authorized',
      `pages of ${origin} may not use this flag key: add their origin to a key`,
    );
  }
  const reader = { tenant, root: rootOf(head), whole: key.type === 'server' };
  return withOrigin(await answer(reader, opened), origin);
}
