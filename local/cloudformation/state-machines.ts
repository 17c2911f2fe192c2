import { readFileSync } from 'node:fs';
import * as z from 'zod';
import { isRecord } from '../json.ts';
import type { Deployed } from './stack.ts';

/** A Standard state machine with its definition after all substitutions, as parsed JSON. */
export interface StateMachineResource {
  readonly arn: string;
  readonly name: string;
  readonly definition: unknown;
}

const schema = z.looseObject({
  StateMachineType: z.literal('STANDARD').default('STANDARD'),
  Definition: z.record(z.string(), z.unknown()).optional(),
  DefinitionString: z.string().optional(),
  DefinitionS3Location: z.looseObject({ Key: z.string() }).optional(),
  DefinitionSubstitutions: z
    .record(z.string(), z.union([z.string(), z.number(), z.boolean()]).transform(String))
    .default({}),
});

/** The state machines of the template. Throws on an Express machine or one without a definition. */
export function readStateMachines(deployed: Deployed): readonly StateMachineResource[] {
  return deployed.resources('AWS::StepFunctions::StateMachine').map(({ physical, properties, logicalId }) => {
    const machine = schema.parse(properties);
    const location = machine.DefinitionS3Location;
    const source =
      machine.DefinitionString ??
      (isRecord(machine.Definition) ? JSON.stringify(machine.Definition) : undefined) ??
      (location === undefined ? undefined : readFileSync(deployed.assetPath(location.Key), 'utf8'));
    if (source === undefined) throw new Error(`${logicalId} has no definition.`);
    return {
      arn: physical.attribute('Arn'),
      name: physical.attribute('Name'),
      definition: JSON.parse(substitute(source, machine.DefinitionSubstitutions)),
    };
  });
}

function substitute(source: string, substitutions: Readonly<Record<string, string>>): string {
  return source.replace(/\$\{([A-Za-z0-9_]+)\}/g, (whole, name: string) => substitutions[name] ?? whole);
}
