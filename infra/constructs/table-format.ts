import { readdirSync } from 'node:fs';
import { CustomResource, Duration } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { SluiceFunction } from './sluice-function.ts';

/** The newest migration of the sources: CloudFormation asks again when it is another one. */
const NEWEST = readdirSync(new URL('../../functions/migrations/', import.meta.url))
  .filter((file) => /^\d{4}-/.test(file))
  .sort()
  .at(-1);

/** The format of the table as resources of the stack: a table that the code does not read ends the deployment. */
export class TableFormat extends Construct {
  /** Judges and numbers the table before any other function is made or changed, and begins with migrations after all of them are. */
  constructor(scope: Construct, id: string, functions: readonly SluiceFunction[]) {
    super(scope, id);
    const judge = functions.find(({ declaration }) => declaration.judges);
    if (judge === undefined) throw new Error('No function judges the table.');
    const asked = (part: 'number' | 'moves') =>
      new CustomResource(this, part, {
        serviceToken: judge.functionArn,
        resourceType: 'Custom::SluiceFormat',
        serviceTimeout: Duration.minutes(16),
        properties: { part, newest: NEWEST ?? 'none' },
      });
    const number = asked('number');
    const moves = asked('moves');
    for (const fn of functions) {
      if (fn !== judge) fn.node.addDependency(number);
      moves.node.addDependency(fn);
    }
  }
}
