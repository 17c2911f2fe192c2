import { beforeAll, describe, expect, it } from 'vitest';
import type { FunctionDeclaration } from '../../infra/declaration.ts';
import { FUNCTIONS } from '../../infra/functions.ts';
import { realTemplate, type SynthesizedTemplate } from '../support/template.ts';

let template: SynthesizedTemplate;
beforeAll(async () => {
  template = await realTemplate();
});

const policies = () =>
  template.of('AWS::IAM::Policy').map(({ properties }) => ({
    role: properties.Roles[0].Ref,
    statements: properties.PolicyDocument.Statement,
  }));

describe('alarms', () => {
  it('are schedules of one group, and what they call is one function that has a name of its own', () => {
    expect(template.the('AWS::Scheduler::ScheduleGroup').properties.Name).toBe('sluice');
    const fire = template
      .of('AWS::Lambda::Function')
      .find(({ properties }) => properties.Environment.Variables.POWERTOOLS_SERVICE_NAME === 'fire');
    expect(fire?.properties.FunctionName).toBe('Sluice-fire');
    const { SCHEDULE_FUNCTION_ARN, SCHEDULE_GROUP } = fire?.properties.Environment.Variables ?? {};
    expect(SCHEDULE_GROUP).toBe('sluice');
    expect(JSON.stringify(SCHEDULE_FUNCTION_ARN)).toContain(':function:Sluice-fire');
  });

  it('call under a role that may call that function and leave what failed, and that no other account lends itself', () => {
    const roles = template
      .of('AWS::IAM::Role')
      .filter(({ properties }) =>
        JSON.stringify(properties.AssumeRolePolicyDocument).includes('scheduler.amazonaws.com'),
      );
    expect(roles).toHaveLength(1);
    const [assume] = roles[0]?.properties.AssumeRolePolicyDocument.Statement ?? [];
    expect(Object.keys(assume.Condition.StringEquals)).toEqual(['aws:SourceAccount', 'aws:SourceArn']);
    expect(JSON.stringify(assume.Condition.StringEquals['aws:SourceArn'])).toContain(
      ':schedule-group/sluice',
    );
    const [own, ...more] = policies().filter(
      ({ statements }) =>
        JSON.stringify(statements).includes('lambda:InvokeFunction') &&
        JSON.stringify(statements).includes(':function:Sluice-fire'),
    );
    expect(more).toEqual([]);
    expect(own?.statements.map(({ Action }: { Action: unknown }) => Action)).toEqual([
      'lambda:InvokeFunction',
      'sqs:SendMessage',
    ]);
    expect(JSON.stringify(own?.statements)).not.toContain('"*"');
  });

  it('are set by who declares it, in that group alone, handing over that role to that service alone', () => {
    const setting = policies().filter(({ statements }) => JSON.stringify(statements).includes('scheduler:'));
    const declared: readonly FunctionDeclaration[] = FUNCTIONS;
    const names = declared
      .filter(({ grants }) => grants.schedules)
      .map(({ name }) => name.replaceAll('-', ''));
    expect(setting.map(({ role }) => role.replace(/role[A-Z0-9]+$/, '')).toSorted()).toEqual(
      names.toSorted(),
    );
    for (const { statements } of setting) {
      const find = (action: string) =>
        statements.filter(({ Action }: { Action: string | string[] }) => [Action].flat().includes(action));
      const [sets, ...more] = find('scheduler:CreateSchedule');
      expect(more).toEqual([]);
      expect(sets.Action).toEqual([
        'scheduler:CreateSchedule',
        'scheduler:DeleteSchedule',
        'scheduler:UpdateSchedule',
      ]);
      expect(JSON.stringify(sets.Resource)).toMatch(/:schedule\/sluice\/\*"/);
      const [passes] = find('iam:PassRole');
      expect(passes.Condition).toEqual({
        StringEquals: { 'iam:PassedToService': 'scheduler.amazonaws.com' },
      });
      expect(JSON.stringify(passes.Resource)).toMatch(
        /^\{"Fn::GetAtt":\["alarmclockrole[A-Z0-9]+","Arn"\]\}$/,
      );
    }
  });
});
