import { Fault } from '../../domain/faults.ts';
import { isId } from '../../domain/ids.ts';
import type { Directory } from '../../ports/directory.ts';
import type { LateReads } from '../../ports/late-reads.ts';
import { slotIn } from '../../use-cases/config/slot.ts';
import { readsOnce } from '../../use-cases/engine/reads-once.ts';
import { readJson, unfitBody } from './body.ts';
import type { Call } from './event.ts';
import { isTenant, type UNAUTHENTICATED } from './identity.ts';
import type { Answer } from './reply.ts';
import type { Route } from './route.ts';
import type { Identify, StackDeps } from './stack.ts';

type GlanceDeps = StackDeps & LateReads;

/**
 * Whether a caller has all flags already, by reads a moment late and in one round: 304, or `undefined` for everything else, which strong
 * reads then answer. So nobody is told less than they have, nor anything but that it was still so a moment ago. `denials` are kept by the
 * strong reads too.
 */
export async function unchangedFlags<D extends GlanceDeps>(
  call: Call,
  route: Route<D>,
  identify: Identify<D> | undefined,
  deps: D,
): Promise<Answer | undefined> {
  if (call.headers['if-none-match'] === undefined || unfitBody(call, route.endpoint) !== undefined)
    return undefined;
  const json = readJson(call.body);
  if ('refused' in json) return undefined;
  const { of, settled } = readsOnce();
  const shared = { ...deps, catalog: of('catalog', deps.catalog), heads: of('heads', deps.heads) };
  const own = { ...shared, directory: begins(call, shared) };
  try {
    const principal = await identify?.(call, own);
    if (principal !== undefined && (isUnknown(principal) || 'refused' in principal)) return undefined;
    const { requestId: instance, query, headers, cookies, body: text } = call;
    const said = { instance, query, headers, cookies, text, parameters: {}, body: json.value };
    const answer = await route.serve({ ...said, principal, now: deps.clock.now(), keep: undefined }, own);
    return 'refused' in answer || answer.status !== 304 ? undefined : answer;
  } catch (error) {
    if (error instanceof Fault) return undefined;
    throw error;
  } finally {
    await settled();
  }
}

const isUnknown = (principal: object | typeof UNAUTHENTICATED): principal is typeof UNAUTHENTICATED =>
  typeof principal === 'string';

/** A directory that is asked of a caller whose token or signature was proven: what they name is read beside. */
function begins(call: Call, { directory, catalog, heads }: GlanceDeps): Directory {
  const tenant = call.headers['x-tenant-id'] ?? '';
  const environment = call.headers['x-sluice-environment'] ?? call.query.get('environment') ?? '';
  const begin = () => {
    if (!isTenant(tenant) || !isId(environment)) return;
    void catalog.all(tenant, 'environment');
    void heads.read(tenant, slotIn(environment));
  };
  return {
    ...directory,
    membership(...asked) {
      begin();
      return directory.membership(...asked);
    },
    machineByIdentity(...asked) {
      begin();
      return directory.machineByIdentity(...asked);
    },
  };
}
