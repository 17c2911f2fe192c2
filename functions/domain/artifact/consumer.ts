import * as z from 'zod/mini';
import { EnvironmentName, Id, Line } from '../fields.ts';
import { type Item, noun, type Said } from '../noun.ts';

/** Uses an artifact in an environment, in the versions that its constraint takes there. */
export const consumer = noun({
  input: {
    id: z.exactOptional(Id).check(z.describe('Its id; absent: a new one.')),
    name: Line.check(z.describe('What people call it.')),
    environment: EnvironmentName.check(z.describe('The environment in which it uses the artifact.')),
    artifact: z
      .string()
      .check(
        z.minLength(1),
        z.maxLength(128),
        z.describe('The name of an artifact; a version of it need not be published yet.'),
      ),
    constraint: z
      .string()
      .check(
        z.minLength(1),
        z.maxLength(256),
        z.describe(
          'The versions that it takes: `1.2.3`, `^1.2.0`, `~1.2.0`, `>=1.2.0, <2.0.0`, `v1.2.*`, or `latest-prod`, which moves with every promotion.',
        ),
      ),
  },
  managed: { id: z.string().check(z.describe('Its id.')) },
  computed: {
    warning: z.nullable(z.string()).check(z.describe('Why the constraint is not recommended.')),
  },
});

export interface Consumer extends Item<typeof consumer> {}

/** What callers say of a consumer. */
export interface ConsumerFields extends Said<typeof consumer> {}
