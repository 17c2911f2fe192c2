import * as contract from '../../contract/drift.ts';
import type { Running, SubjectDrift } from '../../domain/deployment/drift.ts';
import type { Content, Observation } from '../../domain/deployment/observation.ts';
import { isId } from '../../domain/ids.ts';
import { isRefusal, refuse } from '../../domain/refusal.ts';
import { KINDS } from '../../domain/subject.ts';
import { type ObserveDeps, observe } from '../../use-cases/drift/observe.ts';
import { type DriftDeps, readDrift } from '../../use-cases/drift/read-drift.ts';
import type { CursorDeps } from './cursor.ts';
import { ok } from './reply.ts';
import { type Route, route } from './route.ts';

/** What machines see run, and what environments run beside each other. */
export const driftRoutes: readonly Route<ObserveDeps & DriftDeps & CursorDeps>[] = [
  route(contract.putObservation, async ({ principal, param, body }, deps) => {
    const kind = KINDS.find((one) => one === param('kind'));
    if (kind === undefined) return refuse('not_found', `there is no kind ${param('kind')}`);
    if (!isId(param('name')))
      return refuse('not_found', 'the name is not one of a subject', { field: 'name' });
    const kept = await observe(deps, {
      principal,
      environment: param('environment'),
      subject: { kind, name: param('name') },
      ...(body.gateway_id === undefined ? {} : { gateway: body.gateway_id }),
      content: contentOf(body),
      observed_at: body.observed_at,
    });
    return isRefusal(kept) ? kept : ok(observationView(kept));
  }),
  route(contract.getDrift, async ({ principal, query, page, paged }, deps) => {
    const { kind, drifting = false } = query;
    const filter = { kind, drifting: String(drifting) };
    const asked = await page(deps, filter);
    if ('refused' in asked) return asked;
    const found = await readDrift(deps, {
      principal,
      drifting,
      ...(kind === undefined ? {} : { kind }),
      page: asked,
    });
    if (isRefusal(found)) return found;
    const { body } = await paged(deps, found.subjects, subjectView, filter);
    return ok({ asOf: found.as_of, ...(typeof body === 'object' ? body : {}) });
  }),
];

/** The schema has seen to it that one of them is there. */
function contentOf(given: { digest?: string; image_tag?: string; root?: string }): Content {
  const { digest, image_tag, root = '' } = given;
  if (digest !== undefined) return { as: 'digest', value: digest };
  return image_tag === undefined ? { as: 'root', value: root } : { as: 'image_tag', value: image_tag };
}

const named = ({ as, value }: Content) => ({ digest: null, image_tag: null, root: null, [as]: value });

function observationView({ slot, content, out_of_band, ...seen }: Observation): contract.ObservationView {
  const { subject, environment, gateway } = slot;
  return {
    environment,
    ...subject,
    gateway_id: gateway ?? null,
    ...named(content),
    observed_at: seen.observed_at,
    changed_at: seen.changed_at,
    observed_by: seen.observed_by,
    out_of_band:
      out_of_band === undefined ? null : { recorded: out_of_band.recorded, since: out_of_band.since },
  };
}

function subjectView({ subject, running, torn }: SubjectDrift): contract.SubjectDriftView {
  return {
    ...subject,
    environments: running.map(runningView),
    sameVersionOtherDigest: torn.map(({ version, places }) => ({
      version,
      digests: places.map(({ environment, digest }) => ({ environment, digest })),
    })),
  };
}

function runningView(one: Running): contract.SubjectDriftView['environments'][number] {
  const { environment, gateway, recorded, observation, standing, behind } = one;
  return {
    environment,
    gatewayId: gateway ?? null,
    version: recorded?.version ?? null,
    digest: recorded?.head.digest ?? null,
    since: recorded?.head.updated_at ?? null,
    behind: behind ?? null,
    standing,
    observed: observation === undefined ? null : observedView(observation),
  };
}

function observedView({ content, observed_at, changed_at, observed_by }: Observation) {
  const { digest, image_tag, root } = named(content);
  return {
    ...{ digest, imageTag: image_tag, root },
    observedAt: observed_at,
    changedAt: changed_at,
    observedBy: observed_by,
  };
}
