import { Validations } from 'aws-cdk-lib';
import { Key, KeySpec, KeyUsage } from 'aws-cdk-lib/aws-kms';
import { BlockPublicAccess, Bucket, BucketEncryption, ObjectOwnership } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { KEPT } from './keeping.ts';

/**
 * Where the logs of tenants lie, and the key that signs them; both outlive the stack. Tiles are written once, on the condition that they
 * are not there, and no function may delete. The bucket is versioned, so that an overwritten object can be had back; it has no object lock:
 * who overwrites a tile is found out by every checkpoint that anybody kept, and a lock would also keep a tenant's data when the law says
 * that it has to go.
 */
export class TransparencyLog extends Construct {
  readonly bucket: Bucket;
  readonly key: Key;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.key = new Key(this, 'key', {
      description: 'Sluice: signs checkpoints of the transparency logs.',
      keySpec: KeySpec.ECC_NIST_EDWARDS25519,
      keyUsage: KeyUsage.SIGN_VERIFY,
      removalPolicy: KEPT,
    });
    this.bucket = new Bucket(this, 'bucket', {
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      encryption: BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      versioned: true,
      removalPolicy: KEPT,
    });
    Validations.of(this.bucket).acknowledge({
      id: 'AwsSolutions-S1',
      reason:
        'Access logs would cost more than the log; what matters, a changed object, the checkpoints show.',
    });
  }
}
