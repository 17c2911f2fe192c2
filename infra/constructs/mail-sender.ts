import { CfnParameter } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { SluiceFunction } from './sluice-function.ts';

/**
 * Who Sluice's mail comes from. The operator verifies the address, or its domain, as an identity of SES in this account and region, and
 * has SES take the account out of its sandbox; until then mails wait in the queue, and an alarm says so.
 */
export class MailSender extends Construct {
  readonly #from: CfnParameter;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.#from = new CfnParameter(this, 'from', {
      type: 'String',
      description: 'The address that mail comes from; it or its domain must be a verified identity of SES.',
      allowedPattern: '[^@\\s<>,"]+@[A-Za-z0-9.-]+',
      // A name that nobody can own (RFC 2606): nothing goes out under it.
      default: 'sluice@mail.invalid',
    });
    this.#from.overrideLogicalId('MailFrom');
  }

  usedBy(fn: SluiceFunction): void {
    fn.mailAs(this.#from.valueAsString);
  }
}
