import * as z from 'zod';
import type { Deployed } from './stack.ts';

const keySchema = z.array(z.object({ AttributeName: z.string(), KeyType: z.enum(['HASH', 'RANGE']) }));

const schema = z.looseObject({
  KeySchema: keySchema,
  AttributeDefinitions: z.array(
    z.object({ AttributeName: z.string(), AttributeType: z.enum(['S', 'N', 'B']) }),
  ),
  GlobalSecondaryIndexes: z
    .array(
      z.looseObject({
        IndexName: z.string(),
        KeySchema: keySchema,
        Projection: z.object({
          ProjectionType: z.enum(['ALL', 'KEYS_ONLY', 'INCLUDE']).optional(),
          NonKeyAttributes: z.array(z.string()).optional(),
        }),
      }),
    )
    .default([]),
});

/** A table as the template describes it: name, keys and indexes. */
export type TableDefinition = { readonly name: string } & z.infer<typeof schema>;

/** The DynamoDB tables of the template. */
export function readTables(deployed: Deployed): readonly TableDefinition[] {
  return deployed
    .resources('AWS::DynamoDB::Table', 'AWS::DynamoDB::GlobalTable')
    .map(({ physical, properties }) => ({ name: physical.ref, ...schema.parse(properties) }));
}
