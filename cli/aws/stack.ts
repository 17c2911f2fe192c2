import { EXIT } from '../exit.ts';
import { Failure } from '../failure.ts';
import type { Account } from './account.ts';
import { type Element, named, textIn } from './xml.ts';

/** What a stack of Sluice says of itself. */
export type SluiceStack = {
  readonly name: string;
  /** The account's number. */
  readonly account: string;
  readonly outputs: Readonly<Record<Output, string>>;
  /** Where people go: the domain of the installation, or the address of its API. */
  readonly url: string;
  readonly parameters: Readonly<Record<string, string>>;
};

const OUTPUTS = [
  'PeopleApiUrl',
  'UserPoolId',
  'TableName',
  'AlarmTopicArn',
  'SeedFunctionName',
  'LogBucketName',
] as const;
type Output = (typeof OUTPUTS)[number];

/** Reads a stack. Throws where there is none of the name here, where it is no stack of Sluice, or not whole yet. */
export async function readStack(account: Account, name: string): Promise<SluiceStack> {
  const found = await account
    .query('cloudformation', '2010-05-15', { Action: 'DescribeStacks', StackName: name })
    .catch((error: unknown) => {
      if (error instanceof Failure && /does not exist/.test(error.message))
        throw noStack(name, account.region);
      throw error;
    });
  const [stack] = named(named(found, 'Stacks')[0], 'member');
  if (stack === undefined) throw noStack(name, account.region);
  const outputs = pairsIn(stack, 'Outputs', 'OutputKey', 'OutputValue');
  const status = textIn(stack, 'StackStatus') ?? '';
  if (!/^(CREATE|UPDATE|UPDATE_ROLLBACK|IMPORT)_COMPLETE$/.test(status)) {
    throw new Failure(
      'stack_not_ready',
      EXIT.invalid_transition,
      `the stack ${name} is ${status}: nothing was done`,
      {
        hint: status.endsWith('_IN_PROGRESS')
          ? 'Run the same again when CloudFormation has finished.'
          : 'CloudFormation says in its events what failed; deploy it again first.',
      },
    );
  }
  const missing = OUTPUTS.filter((output) => outputs[output] === undefined);
  if (missing.length > 0) {
    throw new Failure(
      'not_ours',
      EXIT.usage,
      `the stack ${name} is no stack of Sluice: it has no output ${missing.join(', ')}`,
      {
        hint: 'Name the stack with --stack; `sluice setup aws` does nothing to others.',
      },
    );
  }
  const parameters = pairsIn(stack, 'Parameters', 'ParameterKey', 'ParameterValue');
  const of = (output: Output): string => outputs[output] ?? '';
  const domain = parameters['PublicDomain'] ?? '';
  return {
    name,
    account: (textIn(stack, 'StackId') ?? '').split(':')[4] ?? '',
    outputs: {
      PeopleApiUrl: of('PeopleApiUrl'),
      UserPoolId: of('UserPoolId'),
      TableName: of('TableName'),
      AlarmTopicArn: of('AlarmTopicArn'),
      SeedFunctionName: of('SeedFunctionName'),
      LogBucketName: of('LogBucketName'),
    },
    url: domain === '' ? of('PeopleApiUrl') : `https://${domain}`,
    parameters,
  };
}

const noStack = (name: string, region: string): Failure =>
  new Failure('no_stack', EXIT.not_found, `there is no stack ${name} in ${region} of this account`, {
    hint: 'Name it with --stack, its region with --region, and look whose credentials these are: `aws sts get-caller-identity`.',
  });

function pairsIn(stack: Element, list: string, key: string, value: string): Readonly<Record<string, string>> {
  const members = named(named(stack, list)[0], 'member');
  return Object.fromEntries(members.map((each) => [textIn(each, key) ?? '', textIn(each, value) ?? '']));
}
