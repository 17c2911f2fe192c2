import * as z from 'zod/mini';
import { Id } from './fields.ts';

/**
 * What auto-promotion reads of an event on the bus: CloudEvents 1.0 in `detail` (DESIGN section 11), whose custom data names a
 * tenant's deployment. Everything else about the deployment is read from the table, never from the hint.
 */
export const DeploymentHint = z.object({
  detail: z.object({
    specversion: z.literal('1.0'),
    id: z.string(),
    type: z.string(),
    data: z.object({ customData: z.object({ tenant: Id, deployment_id: Id }) }),
  }),
});
