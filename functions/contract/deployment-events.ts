import * as z from 'zod/mini';
import { DigestText, Id } from '../domain/fields.ts';

/**
 * What auto-promotion reads of an event on the bus: CloudEvents 1.0 in `detail`, whose custom data names what of a
 * tenant it is about. Everything else is read from the table, never from the hint.
 */
const hintOf = <Custom extends z.core.$ZodShape>(custom: Custom) =>
  z.object({
    detail: z.object({
      specversion: z.literal('1.0'),
      id: z.string(),
      type: z.string(),
      data: z.object({ customData: z.object(custom) }),
    }),
  });

/** Something about a deployment. */
export const DeploymentHint = hintOf({ tenant: Id, deployment_id: Id });

/** A report that arrived. */
export const EvidenceHint = hintOf({ tenant: Id, subject_digest: DigestText });
