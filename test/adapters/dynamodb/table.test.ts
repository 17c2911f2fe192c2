import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import { TABLE_DEFINITION } from '../../../functions/adapters/dynamodb/table.ts';
import { DeletionProtection } from '../../../infra/constructs/keeping.ts';
import { SluiceTable } from '../../../infra/constructs/table.ts';

describe('the table of the tests', () => {
  test('has the keys and indexes of the deployed one', () => {
    const stack = new Stack(new App(), 'stack');
    new SluiceTable(stack, 'table', new DeletionProtection(stack, 'protection'));
    const [deployed] = Object.values(Template.fromStack(stack).findResources('AWS::DynamoDB::GlobalTable'));
    const { AttributeDefinitions, ...same } = TABLE_DEFINITION;
    expect(deployed?.['Properties']).toMatchObject(same);
    expect(deployed?.['Properties'].AttributeDefinitions).toHaveLength(AttributeDefinitions.length);
    expect(deployed?.['Properties'].AttributeDefinitions).toEqual(
      expect.arrayContaining(AttributeDefinitions),
    );
  });
});
