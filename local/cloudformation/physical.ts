import { textOf } from '../json.ts';

/** Where the resources of a local stack pretend to live. */
export interface Surroundings {
  readonly region: string;
  readonly accountId: string;
  /** Base URL of the HTTP server without a slash at the end: the endpoint of every HTTP API. */
  readonly httpUrl: string;
  /** Values of the template's parameters; of all others the default. */
  readonly parameters?: Readonly<Record<string, string>>;
}

/** What `Ref` and `Fn::GetAtt` answer for a resource. */
export interface Physical {
  readonly ref: string;
  attribute(name: string): string;
}

/**
 * The physical identity of a resource, derived from its logical id (or the name it asks for) alone,
 * so that it is the same after every restart.
 */
export function physicalOf(
  type: string,
  logicalId: string,
  property: (name: string) => unknown,
  at: Surroundings,
): Physical {
  const arn = (service: string, rest: string) => `arn:aws:${service}:${at.region}:${at.accountId}:${rest}`;
  const named = (property_: string) => textOf(property(property_)) ?? logicalId;
  const answer = (ref: string, attributes: Record<string, string>): Physical => ({
    ref,
    attribute: (name) => attributes[name] ?? `${logicalId}.${name}`,
  });
  switch (type) {
    case 'AWS::Lambda::Function': {
      const name = named('FunctionName');
      return answer(name, { Arn: arn('lambda', `function:${name}`) });
    }
    case 'AWS::Lambda::Url': {
      const target = textOf(property('TargetFunctionArn')) ?? '';
      return answer(target, { FunctionUrl: `${at.httpUrl}${functionUrlPrefix}${functionNameIn(target)}/` });
    }
    case 'AWS::Lambda::Version':
    case 'AWS::Lambda::Alias': {
      const name = functionNameIn(textOf(property('FunctionName')) ?? '') ?? logicalId;
      const qualified = arn('lambda', `function:${name}:${textOf(property('Name')) ?? '1'}`);
      return answer(qualified, { Version: '1' });
    }
    case 'AWS::DynamoDB::Table':
    case 'AWS::DynamoDB::GlobalTable': {
      const name = named('TableName');
      return answer(name, { Arn: arn('dynamodb', `table/${name}`), TableId: name });
    }
    case 'AWS::StepFunctions::StateMachine': {
      const name = named('StateMachineName');
      const machine = arn('states', `stateMachine:${name}`);
      return answer(machine, { Arn: machine, Name: name });
    }
    case 'AWS::Events::EventBus': {
      const name = named('Name');
      return answer(name, { Arn: arn('events', `event-bus/${name}`), Name: name });
    }
    case 'AWS::Events::Rule': {
      const name = named('Name');
      return answer(name, { Arn: arn('events', `rule/${name}`) });
    }
    case 'AWS::SQS::Queue': {
      const suffix = property('FifoQueue') === true ? '.fifo' : '';
      const name = textOf(property('QueueName')) ?? `${logicalId}${suffix}`;
      const url = `https://sqs.${at.region}.amazonaws.com/${at.accountId}/${name}`;
      return answer(url, { Arn: arn('sqs', name), QueueName: name, QueueUrl: url });
    }
    case 'AWS::Scheduler::ScheduleGroup': {
      const name = named('Name');
      return answer(name, { Arn: arn('scheduler', `schedule-group/${name}`) });
    }
    case 'AWS::Cognito::UserPool': {
      const id = `${at.region}_${logicalId}`;
      const provider = `cognito-idp.${at.region}.amazonaws.com/${id}`;
      return answer(id, {
        Arn: arn('cognito-idp', `userpool/${id}`),
        UserPoolId: id,
        ProviderName: provider,
        ProviderURL: `https://${provider}`,
      });
    }
    case 'AWS::Cognito::UserPoolClient':
      return answer(logicalId.toLowerCase(), { ClientId: logicalId.toLowerCase() });
    case 'AWS::ApiGatewayV2::Api':
      return answer(logicalId, { ApiId: logicalId, ApiEndpoint: at.httpUrl });
    case 'AWS::S3::Bucket': {
      // The names of buckets are lower case.
      const name = textOf(property('BucketName')) ?? logicalId.toLowerCase();
      return answer(name, { Arn: `arn:aws:s3:::${name}` });
    }
    case 'AWS::KMS::Key':
      return answer(logicalId, { Arn: arn('kms', `key/${logicalId}`), KeyId: logicalId });
    case 'AWS::IAM::Role': {
      const name = named('RoleName');
      return answer(name, { Arn: `arn:aws:iam::${at.accountId}:role/${name}`, RoleId: logicalId });
    }
    default:
      return answer(logicalId, { Arn: arn('cloudformation', `resource/${logicalId}`) });
  }
}

/** Below it are the functions that have a URL of their own. */
export const functionUrlPrefix = '/_local/functions/';

/** The function name in a Lambda ARN, in an API Gateway integration URI, or the plain name itself. */
export function functionNameIn(value: string): string | undefined {
  return /function:([A-Za-z0-9_-]+)/.exec(value)?.[1] ?? (/^[A-Za-z0-9_-]+$/.test(value) ? value : undefined);
}
