import { CfnCondition, CfnOutput, CfnParameter, Fn } from 'aws-cdk-lib';
import { CfnApiMapping, CfnDomainName, type HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { Construct } from 'constructs';

/** A name of the operator's own for the API of people, by two parameters; without them people use the name that AWS gives. */
export class PublicDomain extends Construct {
  readonly #name: string;
  readonly #certificate: string;
  readonly #given: CfnCondition;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    const name = this.parameter(
      'PublicDomain',
      'The host name of the pages and the API; empty: that of AWS.',
    );
    const certificate = this.parameter(
      'PublicDomainCertificate',
      'The ARN of the ACM certificate of PublicDomain, in the region of the stack.',
    );
    this.#name = name.valueAsString;
    this.#certificate = certificate.valueAsString;
    this.#given = new CfnCondition(this, 'given', {
      expression: Fn.conditionNot(Fn.conditionEquals(this.#name, '')),
    });
  }

  /** Where people reach an API: below this name, or at its own endpoint. */
  urlOf(api: HttpApi): string {
    return Fn.conditionIf(this.#given.logicalId, `https://${this.#name}`, api.apiEndpoint).toString();
  }

  /** Makes the name lead to an API; the operator points it at the output. */
  leadTo(api: HttpApi): void {
    const domain = new CfnDomainName(this, 'domain', {
      domainName: this.#name,
      domainNameConfigurations: [
        { certificateArn: this.#certificate, endpointType: 'REGIONAL', securityPolicy: 'TLS_1_2' },
      ],
    });
    const mapping = new CfnApiMapping(this, 'mapping', {
      apiId: api.apiId,
      domainName: domain.ref,
      stage: '$default',
    });
    for (const resource of [domain, mapping]) resource.cfnOptions.condition = this.#given;
    const target = new CfnOutput(this, 'target', { value: domain.attrRegionalDomainName });
    target.overrideLogicalId('PublicDomainTarget');
    target.condition = this.#given;
  }

  private parameter(name: string, description: string): CfnParameter {
    const parameter = new CfnParameter(this, name, { type: 'String', default: '', description });
    parameter.overrideLogicalId(name);
    return parameter;
  }
}
