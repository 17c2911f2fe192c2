import { isObject, type Members, objectsIn, oddlySpelled, textIn } from './read-json.ts';

/** Why reading stops; never leaves the reader of SARIF. */
export class NotSarif extends Error {
  override readonly name = 'NotSarif';
}

/** Characters of a rule's id whose parts are looked at: `CA1000/1` is a part of `CA1000` (3.5.4), and every part costs a lookup. */
const MAX_ID = 256;

/** Names by which a report is judged. The .NET reader takes them in any letter case, so another spelling is refused. */
const READ = new Map(
  [
    ...['version', 'runs', 'tool', 'driver', 'extensions', 'rules', 'invocations', 'results', 'policies'],
    ...['executionSuccessful', 'endTimeUtc', 'startTimeUtc', 'ruleConfigurationOverrides', 'descriptor'],
    ...[
      'configuration',
      'defaultConfiguration',
      'level',
      'kind',
      'rule',
      'ruleId',
      'ruleIndex',
      'provenance',
    ],
    ...['toolExecutionNotifications', 'toolConfigurationNotifications', 'inlineExternalProperties'],
    ...['id', 'guid', 'index', 'toolComponent', 'invocationIndex'],
    ...['suppressions', 'status', 'baselineState', 'properties', 'externalPropertyFileReferences'],
  ].map((name) => [name.toLowerCase(), name]),
);

/** The rules of a tool component (3.19), found by index, id or guid in one step each. */
class Component {
  readonly #rules: readonly Members[];
  readonly #byName = new Map<string, Members>();
  /** Names that several rules have: only an index tells them apart (3.49.3). */
  readonly #shared = new Set<Members>();

  constructor(component: Members) {
    const rules = component['rules'] ?? [];
    this.#rules = objects(rules, 'rules');
    for (const rule of this.#rules) {
      if (textIn(rule['id']) === undefined) throw new NotSarif('a rule has no id');
      for (const name of [textIn(rule['id']), guidIn(rule)]) {
        if (name === undefined) continue;
        const before = this.#byName.get(name);
        if (before === undefined) this.#byName.set(name, rule);
        else if (before !== rule) this.#shared.add(before);
      }
    }
  }

  at(index: number): Members | undefined {
    return this.#rules[index];
  }

  isShared(rule: Members): boolean {
    return this.#shared.has(rule);
  }

  /** By its guid or id, or by the id that its own is a part of. */
  named(name: string): Members | undefined {
    const whole = this.#byName.get(name);
    if (whole !== undefined || name.length > MAX_ID) return whole;
    for (let end = name.lastIndexOf('/'); end > 0; end = name.lastIndexOf('/', end - 1)) {
      const found = this.#byName.get(name.slice(0, end));
      if (found !== undefined) return found;
    }
    return undefined;
  }
}

/** What a reference leads to. */
type Found = { readonly rules: readonly Members[]; readonly sure: boolean };

/** The rules of a tool. */
export class Rules {
  readonly #driver: Component;
  readonly #extensions: readonly Component[];
  readonly #byGuid = new Map<string, Component>();

  constructor(tool: Members) {
    const { extensions } = tool;
    const driver = objectIn(tool['driver']);
    if (driver === undefined) throw new NotSarif('a run names no tool');
    this.#driver = new Component(driver);
    const others = objects(extensions ?? [], 'extensions');
    this.#extensions = others.map((one) => new Component(one));
    for (const [at, one] of [driver, ...others].entries()) {
      const guid = guidIn(one);
      const component = at === 0 ? this.#driver : this.#extensions[at - 1];
      if (guid !== undefined && component !== undefined) this.#byGuid.set(guid, component);
    }
  }

  /**
   * The rule that a reference means (3.52): in the component it names, the driver where it names none, by index, guid or id. `sure` is
   * false where what it says leads nowhere, or to two rules; of two the caller gets both.
   */
  find(reference: Members): Found {
    const component = this.#component(reference['toolComponent']);
    const readable = isNameOrAbsent(reference['id']) && isNameOrAbsent(reference['guid']);
    if (component === undefined || !readable) return { rules: [], sure: false };
    const { index = -1 } = reference;
    const [id, guid] = [textIn(reference['id']), guidIn(reference)];
    const indexed = typeof index === 'number' ? component.at(index) : undefined;
    if (index !== -1 && indexed === undefined) return { ...byName(component, id, guid), sure: false };
    if (indexed === undefined) return byName(component, id, guid);
    const means = (name: string | undefined, own: unknown) => name === undefined || isPartOf(name, own);
    if (means(id, indexed['id']) && means(guid, guidIn(indexed))) return { rules: [indexed], sure: true };
    return { rules: [indexed, ...byName(component, id, guid).rules], sure: false };
  }

  #component(reference: unknown): Component | undefined {
    const component = objectIn(reference);
    if (component === undefined) return this.#driver;
    const { index = -1 } = component;
    const guid = guidIn(component);
    if (index !== -1) return typeof index === 'number' ? this.#extensions[index] : undefined;
    return guid === undefined ? this.#driver : this.#byGuid.get(guid);
  }
}

/** Of several rules that share a name, the first; what it says is not sure then. */
function byName(component: Component, id: string | undefined, guid: string | undefined): Found {
  const names = [guid, id].filter((name) => name !== undefined);
  const named = names.map((name) => component.named(name)).filter((rule) => rule !== undefined);
  const rules = [...new Set(named)];
  const sure = rules.length <= 1 && !rules.some((rule) => component.isShared(rule));
  return { rules, sure: sure && names.every((name) => name.length <= MAX_ID) };
}

const isNameOrAbsent = (value: unknown): boolean => value === undefined || typeof value === 'string';

const isPartOf = (name: string, own: unknown): boolean =>
  typeof own === 'string' && name.startsWith(own) && (name.length === own.length || name[own.length] === '/');

/** A guid is the same in any letter case (RFC 4122 section 3). */
const guidIn = ({ guid }: Members): string | undefined => textIn(guid)?.toLowerCase();

/** The objects of a list, their members spelled as SARIF has them; anything else is no SARIF. */
export function objects(value: unknown, name: string): readonly Members[] {
  const list = objectsIn(value);
  if (list === undefined) throw new NotSarif(`${name} is no list of objects`);
  for (const one of list) wellSpelled(one);
  return list;
}

/** An object, its members spelled as SARIF has them; `undefined` where there is nothing. Anything else is no SARIF. */
export function objectIn(value: unknown): Members | undefined {
  if (value === undefined) return undefined;
  if (!isObject(value)) throw new NotSarif('a property that must be an object is none');
  wellSpelled(value);
  return value;
}

/** Refuses members whose spelling readers do not agree on. */
function wellSpelled(members: Members): void {
  const odd = oddlySpelled(members, READ);
  if (odd !== undefined) throw new NotSarif(`${odd} is spelled in another letter case than SARIF's`);
}
