import * as z from 'zod';
import { AwsError } from '../aws-endpoint.ts';

/** What a call was given, in the words of its schema. Throws `InvalidParameterValue`, or `ReceiptHandleIsInvalid` when that is what is wrong. */
export function parse<T>(schema: z.ZodType<T>, raw: unknown): T {
  const parsed = schema.safeParse(raw);
  if (parsed.success) return parsed.data;
  const isReceipt = parsed.error.issues.some(({ path }) => path[0] === 'ReceiptHandle');
  throw new AwsError(
    isReceipt ? 'ReceiptHandleIsInvalid' : 'InvalidParameterValue',
    z.prettifyError(parsed.error),
  );
}
