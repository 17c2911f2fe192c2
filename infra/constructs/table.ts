import { AttributeType, Billing, ProjectionType, TableEncryptionV2, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import type { Construct } from 'constructs';
import { type DeletionProtection, KEPT } from './keeping.ts';

const key = (name: string) => ({ name, type: AttributeType.STRING });

/**
 * The one table. GSI1 lists (promotions, heads, deployments, members), GSI2 holds intent not yet done, GSI3 due times,
 * GSI4 the promotions of a status or a person. All are sparse and hold keys only: an index entry that never moves costs one write unit when it is born and none
 * when its item changes; who lists by GSI1 reads the items of the page with BatchGetItem.
 */
export class SluiceTable extends TableV2 {
  constructor(scope: Construct, id: string, protection: DeletionProtection) {
    super(scope, id, {
      partitionKey: key('PK'),
      sortKey: key('SK'),
      billing: Billing.onDemand(),
      timeToLiveAttribute: 'expires_at',
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      removalPolicy: KEPT,
      encryption: TableEncryptionV2.awsManagedKey(),
      globalSecondaryIndexes: [
        ...['GSI1', 'GSI2', 'GSI3'].map((indexName) => ({ indexName, sortKey: key(`${indexName}SK`) })),
        { indexName: 'GSI4', sortKey: key('GSI1SK') },
      ].map(({ indexName, sortKey }) => ({
        indexName,
        partitionKey: key(`${indexName}PK`),
        sortKey,
        projectionType: ProjectionType.KEYS_ONLY,
      })),
    });
    protection.guard(this, 'Replicas.0.DeletionProtectionEnabled', true, false);
  }
}
