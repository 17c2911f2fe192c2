import { Key, KeySpec, KeyUsage } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import { KEPT } from './keeping.ts';

/**
 * The key that signs checkpoints of the audit. It outlives the stack: what was signed must stay verifiable. An asymmetric key is not
 * rotated by the service; a new one is a new key id, which every checkpoint names.
 */
export class AuditKey extends Key {
  constructor(scope: Construct, id: string) {
    super(scope, id, {
      description: 'Sluice: signs checkpoints of the audit.',
      keySpec: KeySpec.ECC_NIST_P256,
      keyUsage: KeyUsage.SIGN_VERIFY,
      removalPolicy: KEPT,
    });
  }
}
