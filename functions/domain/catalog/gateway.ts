import * as z from 'zod/mini';
import { EnvironmentName, Id } from '../fields.ts';
import { type Item, noun, type Said } from '../noun.ts';

/** Where agents run. */
export const gateway = noun({
  input: {
    id: z.exactOptional(Id).check(z.describe('Its id; absent: a new one.')),
    environment: EnvironmentName.check(
      z.describe('The environment whose agents it runs; it does not move, as heads name both.'),
    ),
    driver: z
      ._default(z.enum(['record', 'http']), 'record')
      .check(
        z.describe(
          '`record`: a deployment is live once it is written. `http`: the endpoint deploys and answers.',
        ),
      ),
    endpoint: z
      .exactOptional(z.string().check(z.minLength(1), z.maxLength(2048)))
      .check(z.describe('The `https` address that deploys; the driver `http` requires it.')),
    secret_ref: z
      .exactOptional(z.string().check(z.minLength(1), z.maxLength(512)))
      .check(z.describe('The name of a secret under `sluice/<tenant>/gateway/`; never the secret itself.')),
    principal: z
      .exactOptional(Id)
      .check(z.describe('The id of the machine that may report outcomes of this gateway.')),
    status: z
      ._default(z.enum(['active', 'inactive']), 'active')
      .check(z.describe('Only an `active` one takes deployments.')),
  },
  managed: { id: z.string().check(z.describe('Its id.')) },
});

export interface Gateway extends Item<typeof gateway> {}

/** What callers say of a gateway, its defaults filled in. */
export interface GatewayFields extends Said<typeof gateway> {}
