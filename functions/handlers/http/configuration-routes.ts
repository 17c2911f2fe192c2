import * as z from 'zod/mini';
import * as contract from '../../contract/configuration.ts';
import { isRefusal } from '../../domain/refusal.ts';
import type { KeepingDeps } from '../../use-cases/catalog/description.ts';
import { applyConfiguration, readConfiguration } from '../../use-cases/configuration/apply.ts';
import { isYaml } from './body.ts';
import { badFields, parsed } from './issues.ts';
import { ok } from './reply.ts';
import { type Route, route } from './route.ts';
import { readYaml, writeYaml } from './yaml.ts';

const YAML = 'application/yaml';
/** The body is parsed by the route, as it may be YAML. */
const LATER = { ...contract.putConfiguration, body: z.unknown() };

/** `/api/v1/configuration`. */
export const configurationRoutes: readonly Route<KeepingDeps>[] = [
  route(contract.getConfiguration, async ({ principal, headers }, deps) => {
    const document = await readConfiguration(deps, { principal });
    if (isRefusal(document)) return document;
    if (!(headers['accept'] ?? '').includes('yaml')) return ok(document);
    return { status: 200, text: writeYaml(document), headers: { 'content-type': YAML } };
  }),
  {
    ...route(LATER, async ({ principal, headers, text, body, query }, deps) => {
      const yaml = isYaml({ headers }) ? readYaml(text) : { value: body };
      if ('problem' in yaml) return badFields([{ field: 'body', problem: yaml.problem }]);
      const said = parsed(contract.ConfigurationDocument, yaml.value);
      if ('refused' in said) return said;
      const { reason } = query;
      const dry_run = query.dry_run === 'true';
      const asked = { principal, document: said.value, dry_run, ...(reason === undefined ? {} : { reason }) };
      const applied = await applyConfiguration(deps, asked);
      return isRefusal(applied) ? applied : ok({ dry_run, ...applied });
    }),
    endpoint: contract.putConfiguration,
  },
];
