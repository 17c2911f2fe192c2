import { expect, it } from 'vitest';
import { TABLE_DEFINITION } from '../../../functions/adapters/dynamodb/table.ts';
import { realTemplate } from '../../support/template.ts';

it('the table of the tests has the keys and indexes of the deployed one', async () => {
  const deployed = (await realTemplate()).the('AWS::DynamoDB::GlobalTable').properties;
  const { AttributeDefinitions, ...same } = TABLE_DEFINITION;
  expect(deployed).toMatchObject(same);
  expect(deployed.AttributeDefinitions).toHaveLength(AttributeDefinitions.length);
  expect(deployed.AttributeDefinitions).toEqual(expect.arrayContaining(AttributeDefinitions));
});
