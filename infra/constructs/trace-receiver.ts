import { CfnParameter } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { SluiceFunction } from './sluice-function.ts';

/** Where promotions go as traces: an OpenTelemetry collector or a vendor's OTLP endpoint; nowhere unless the operator names one. */
export class TraceReceiver extends Construct {
  readonly #variables: { readonly [name: string]: string };

  constructor(scope: Construct, id: string) {
    super(scope, id);
    const endpoint = new CfnParameter(this, 'endpoint', {
      type: 'String',
      default: '',
      description:
        'The OTLP/HTTP endpoint that gets a trace of each promotion, without /v1/traces; empty: none.',
      allowedPattern: '(https://[^ ]+)?',
    });
    endpoint.overrideLogicalId('OtlpEndpoint');
    const headers = new CfnParameter(this, 'headers', {
      type: 'String',
      default: '',
      noEcho: true,
      description: 'Headers for OtlpEndpoint: name=value, separated by commas.',
    });
    headers.overrideLogicalId('OtlpHeaders');
    this.#variables = {
      OTEL_EXPORTER_OTLP_ENDPOINT: endpoint.valueAsString,
      OTEL_EXPORTER_OTLP_HEADERS: headers.valueAsString,
    };
  }

  usedBy(fn: SluiceFunction): void {
    for (const [name, value] of Object.entries(this.#variables)) fn.addEnvironment(name, value);
  }
}
