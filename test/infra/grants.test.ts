import { beforeAll, describe, expect, it } from 'vitest';
import { FUNCTIONS, type FunctionDeclaration } from '../../infra/functions.ts';
import { type SynthesizedTemplate, synthesize } from '../support/template.ts';

type Statement = { readonly Effect: string; readonly Action: string | string[]; readonly Resource: unknown };

let template: SynthesizedTemplate;
beforeAll(async () => {
  template = await synthesize();
});

/** Every statement of every policy attached to a role. */
function statementsOf(role: string): Statement[] {
  return template
    .of('AWS::IAM::Policy')
    .filter(({ properties }) => properties.Roles.some(({ Ref }: { Ref: string }) => Ref === role))
    .flatMap(({ properties }) => properties.PolicyDocument.Statement);
}

function roleOf(name: string): string {
  const [fn] = template
    .of('AWS::Lambda::Function')
    .filter(({ properties }) => properties.Environment.Variables.POWERTOOLS_SERVICE_NAME === name);
  return fn?.properties.Role['Fn::GetAtt'][0];
}

const actionsOf = (statements: readonly Statement[]) => statements.flatMap(({ Action }) => Action);

function declared({ grants }: FunctionDeclaration): string[] {
  return [
    'logs:CreateLogStream',
    'logs:PutLogEvents',
    'xray:PutTelemetryRecords',
    'xray:PutTraceSegments',
    ...(grants.table?.actions ?? []).map((action) => `dynamodb:${action}`),
    ...(grants.table?.indexes?.length ? ['dynamodb:Query'] : []),
    ...(grants.publishes ? ['events:PutEvents'] : []),
    ...(grants.starts ? ['states:StartExecution'] : []),
    ...(grants.wakes ? ['states:SendTaskSuccess'] : []),
    ...(grants.secrets ? ['secretsmanager:GetSecretValue'] : []),
  ];
}

describe('each function may do what it declares', () => {
  it.each(FUNCTIONS.map((each): [string, FunctionDeclaration] => [each.name, each]))(
    '%s, and nothing else',
    (name, declaration) => {
      const granted = new Set(actionsOf(statementsOf(roleOf(name))));
      const wanted = new Set(declared(declaration));
      // The dead-letter queue of the asynchronous one.
      if (declaration.trigger.type === 'bus') {
        for (const action of ['sqs:SendMessage', 'sqs:GetQueueAttributes', 'sqs:GetQueueUrl'])
          wanted.add(action);
      }
      expect([...granted].sort()).toEqual([...wanted].sort());
    },
  );
});

describe('no function', () => {
  it('is granted a wildcard action, or every resource but for traces', () => {
    for (const { name } of FUNCTIONS) {
      for (const { Effect, Action, Resource } of statementsOf(roleOf(name))) {
        expect(Effect).toBe('Allow');
        expect([Action].flat().join(' ')).not.toContain('*');
        if (Resource === '*')
          expect(
            [Action].flat().every((action) => action.startsWith('xray:')),
            name,
          ).toBe(true);
      }
    }
  });

  it('reads a secret outside sluice/, scans the table or deletes it', () => {
    expect(template.text).not.toMatch(/dynamodb:(Scan|DeleteTable|UpdateTable|\*)/);
    const secrets = FUNCTIONS.flatMap(({ name }) =>
      statementsOf(roleOf(name)).filter(({ Action }) =>
        [Action].flat().includes('secretsmanager:GetSecretValue'),
      ),
    );
    expect(secrets.length).toBeGreaterThan(0);
    for (const { Resource } of secrets) expect(JSON.stringify(Resource)).toMatch(/:secret:sluice\/\*"/);
  });

  it('queries an index that it does not declare', () => {
    for (const { name, grants } of FUNCTIONS satisfies readonly FunctionDeclaration[]) {
      const indexes = [...JSON.stringify(statementsOf(roleOf(name))).matchAll(/\/index\/(GSI\d)/g)].map(
        ([, it]) => it,
      );
      expect(indexes.sort(), name).toEqual(
        [...('indexes' in grants.table ? grants.table.indexes : [])].sort(),
      );
    }
  });
});

describe('each grant', () => {
  it('comes with the variable by which the code finds the resource', () => {
    for (const { properties } of template.of('AWS::Lambda::Function')) {
      const variables = properties.Environment.Variables;
      const declaration: FunctionDeclaration | undefined = FUNCTIONS.find(
        ({ name }) => name === variables.POWERTOOLS_SERVICE_NAME,
      );
      expect('TABLE_NAME' in variables).toBe(declaration?.grants.table !== undefined);
      expect('BUS_NAME' in variables).toBe(declaration?.grants.publishes === true);
      expect('PROMOTION_STATE_MACHINE_ARN' in variables).toBe(declaration?.grants.starts === true);
    }
  });
});
