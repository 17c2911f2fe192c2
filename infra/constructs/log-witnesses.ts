import { CfnParameter } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { SluiceFunction } from './sluice-function.ts';

const WITNESS = '[^\\s+,]+\\+[0-9a-f]{8}\\+[A-Za-z0-9+/=]+ https://[^\\s,]+';

/** Who cosigns the checkpoints of the logs (C2SP tlog-witness); nobody unless the operator names them. */
export class LogWitnesses extends Construct {
  readonly #named: CfnParameter;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.#named = new CfnParameter(this, 'named', {
      type: 'String',
      default: '',
      description:
        'Witnesses that cosign the logs: verifier key and address of each, a space between, commas; empty: none.',
      allowedPattern: `(${WITNESS}(, ?${WITNESS})*)?`,
    });
    this.#named.overrideLogicalId('LogWitnesses');
  }

  askedBy(fn: SluiceFunction): void {
    fn.addEnvironment('LOG_WITNESSES', this.#named.valueAsString);
  }
}
