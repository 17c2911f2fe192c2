import { isInstant } from '../instant.ts';
import type { Members } from './read-json.ts';
import type { Reading, Unreadable } from './report.ts';
import { Misshapen, readShaped, shapeOf } from './shape.ts';

const TOTALS = ['totalMonthlyCost', 'pastTotalMonthlyCost', 'diffTotalMonthlyCost'] as const;

/** What is read; `encoding/json` reads these names in any letter case. */
const { whole, part, list } = shapeOf('Infracost', [
  ...['version', 'currency', 'timeGenerated', 'projects', 'summary', 'metadata', 'errors', ...TOTALS],
  ...['breakdown', 'resources', 'subresources', 'costComponents', 'monthlyCost'],
  ...['totalUnsupportedResources', 'tagPolicies', 'finOpsPolicies', 'blockPr'],
]);

/**
 * Infracost's JSON, version 0.2. Costs are decimals in text, or null where nobody knows them: null is unknown, not nothing, as are a
 * resource that Infracost does not support and a component whose cost depends on usage that was not given. By itself a report passes when
 * every cost is known and no policy that blocks found anything; what may be spent is for a gate's thresholds (`monthly_cost`,
 * `monthly_cost_change`, `monthly_cost_change_percent`). A project that could not be evaluated makes the whole say nothing.
 */
export function readInfracost(text: string): Reading | Unreadable {
  return readShaped(text, (members) => readingOf(whole(members)));
}

function readingOf(members: Members): Reading {
  const { version, currency, timeGenerated } = members;
  if (version !== '0.2' || !('totalMonthlyCost' in members) || !('projects' in members)) {
    throw new Misshapen('the document is not an estimate of Infracost, version 0.2');
  }
  if (typeof currency !== 'string' || !/^[A-Z]{3}$/.test(currency)) {
    throw new Misshapen('currency is no code of three letters');
  }
  if (typeof timeGenerated !== 'string' || !isInstant(timeGenerated)) {
    throw new Misshapen('timeGenerated is no RFC 3339 instant');
  }
  const projects = list(members, 'projects');
  const [total, past, change] = TOTALS.map((name) => costIn(members, name));
  const unknown = (total === undefined ? 1 : 0) + sum(projects, unknownIn) + unsupportedIn(members, projects);
  const failed = [...list(members, 'tagPolicies'), ...list(members, 'finOpsPolicies')].filter(blocks).length;
  const problem = problemOf(projects);
  const result = {
    passed: problem === undefined && unknown === 0 && failed === 0,
    currency,
    projects: projects.length,
    ...(total === undefined ? {} : { monthly_cost: total }),
    ...(past === undefined ? {} : { past_monthly_cost: past }),
    ...(change === undefined ? {} : { monthly_cost_change: change }),
    ...(change === undefined || past === undefined || past <= 0
      ? {}
      : { monthly_cost_change_percent: (change / past) * 100 }),
    policies_failed: failed,
    unknown,
  };
  return {
    result: problem === undefined ? result : { ...result, error: problem },
    produced_at: timeGenerated,
  };
}

function problemOf(projects: readonly Members[]): string | undefined {
  if (projects.length === 0) return 'no project was estimated';
  const broken = projects.some((project) => {
    const metadata = part(project, 'metadata') ?? {};
    return list(metadata, 'errors').length > 0 || part(project, 'breakdown') === undefined;
  });
  return broken ? 'a project could not be evaluated' : undefined;
}

/** Costs that nobody knows among the resources of a project. */
function unknownIn(project: Members): number {
  return sum(list(part(project, 'breakdown') ?? {}, 'resources'), unknownInResource);
}

/** A resource without parts is known by its own cost, any other by that of its parts. */
function unknownInResource(resource: Members): number {
  const [components, subresources] = [list(resource, 'costComponents'), list(resource, 'subresources')];
  if (components.length + subresources.length === 0)
    return costIn(resource, 'monthlyCost') === undefined ? 1 : 0;
  return (
    components.filter((component) => costIn(component, 'monthlyCost') === undefined).length +
    sum(subresources, unknownInResource)
  );
}

/** As the whole counts them, or its projects: whichever is more. */
function unsupportedIn(members: Members, projects: readonly Members[]): number {
  const countIn = (of: Members): number => {
    const count = part(of, 'summary')?.['totalUnsupportedResources'] ?? 0;
    if (typeof count === 'number' && Number.isSafeInteger(count) && count >= 0) return count;
    throw new Misshapen('totalUnsupportedResources is no count');
  };
  return Math.max(countIn(members), sum(projects, countIn));
}

/** Whether a policy that blocks found resources that break it. */
const blocks = (policy: Members): boolean =>
  policy['blockPr'] !== false && list(policy, 'resources').length > 0;

/** A cost, undefined where it is unknown: null, or not there. */
function costIn(members: Members, name: string): number | undefined {
  const cost = members[name];
  if (cost === undefined || cost === null) return undefined;
  if (typeof cost === 'string' && /^-?\d{1,15}(\.\d{1,40})?$/.test(cost)) return Number(cost);
  throw new Misshapen(`${name} is neither a decimal in text nor null`);
}

const sum = <T>(all: readonly T[], count: (one: T) => number): number =>
  all.reduce((total, one) => total + count(one), 0);
