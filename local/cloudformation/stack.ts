import { isRecord } from '../json.ts';
import type { Assembly, Template } from './assembly.ts';
import { evaluateCondition, type Lookup, resolveValue } from './intrinsics.ts';
import { type Physical, physicalOf, type Surroundings } from './physical.ts';

/** A resource with every intrinsic function in its properties resolved. */
export interface Resource {
  readonly logicalId: string;
  readonly physical: Physical;
  readonly properties: Readonly<Record<string, unknown>>;
  readonly metadata: Readonly<Record<string, unknown>>;
}

/** The deployed look of an assembly: what a service would have been asked to create. */
export interface Deployed {
  readonly surroundings: Surroundings;
  /** All resources of the given types, in template order. */
  resources(...types: string[]): readonly Resource[];
  assetPath(objectKey: string): string;
}

/** Resolves an assembly lazily: only the properties of resources that are asked for. */
export function deploy(assembly: Assembly, surroundings: Surroundings): Deployed {
  const lookups = new Map<string, Lookup>();
  const importValue = (name: string) => findExport(assembly, lookups, name);
  for (const [stackName, template] of assembly.templates) {
    lookups.set(stackName, lookupIn(stackName, template, surroundings, importValue));
  }
  return {
    surroundings,
    assetPath: assembly.assetPath,
    resources(...types) {
      const found: Resource[] = [];
      for (const [stackName, template] of assembly.templates) {
        const lookup = lookups.get(stackName);
        if (lookup === undefined) continue;
        for (const [logicalId, resource] of Object.entries(template.Resources)) {
          if (!types.includes(resource.Type)) continue;
          if (resource.Condition !== undefined && !lookup.condition(resource.Condition)) continue;
          const properties = resolveValue(resource.Properties, lookup);
          found.push({
            logicalId,
            physical: physical(template, logicalId, lookup, surroundings),
            properties: isRecord(properties) ? properties : {},
            metadata: resource.Metadata,
          });
        }
      }
      return found;
    },
  };
}

function lookupIn(
  stackName: string,
  template: Template,
  surroundings: Surroundings,
  importValue: (name: string) => unknown,
): Lookup {
  const pseudo: Record<string, unknown> = {
    'AWS::Region': surroundings.region,
    'AWS::AccountId': surroundings.accountId,
    'AWS::Partition': 'aws',
    'AWS::URLSuffix': 'amazonaws.com',
    'AWS::StackName': stackName,
    'AWS::StackId': `arn:aws:cloudformation:${surroundings.region}:${surroundings.accountId}:stack/${stackName}/local`,
    'AWS::NotificationARNs': [],
  };
  const lookup: Lookup = {
    ref(name) {
      if (name in pseudo) return pseudo[name];
      const parameter = template.Parameters[name];
      if (parameter !== undefined) return surroundings.parameters?.[name] ?? parameter.Default ?? '';
      return physical(template, name, lookup, surroundings).ref;
    },
    attribute: (logicalId, name) => physical(template, logicalId, lookup, surroundings).attribute(name),
    condition: (name) => evaluateCondition(template.Conditions[name], lookup),
    mapping: (name, first, second) => template.Mappings[name]?.[first]?.[second],
    importValue,
  };
  return lookup;
}

function physical(template: Template, logicalId: string, lookup: Lookup, at: Surroundings): Physical {
  const resource = template.Resources[logicalId];
  if (resource === undefined)
    throw new Error(`The template refers to ${logicalId}, which it does not define.`);
  const property = (name: string) => resolveValue(resource.Properties[name], lookup);
  return physicalOf(resource.Type, logicalId, property, at);
}

function findExport(assembly: Assembly, lookups: ReadonlyMap<string, Lookup>, name: string): unknown {
  for (const [stackName, template] of assembly.templates) {
    const lookup = lookups.get(stackName);
    if (lookup === undefined) continue;
    for (const output of Object.values(template.Outputs)) {
      if (output.Export !== undefined && resolveValue(output.Export.Name, lookup) === name) {
        return resolveValue(output.Value, lookup);
      }
    }
  }
  throw new Error(`No stack exports ${name}.`);
}
