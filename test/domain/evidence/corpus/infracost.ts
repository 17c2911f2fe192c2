import { json, type Sample } from './sample.ts';

const component = (monthlyCost: unknown) => ({
  name: 'Instance usage (Linux/UNIX, on-demand, m5.large)',
  unit: 'hours',
  monthlyQuantity: monthlyCost === null ? null : '730',
  price: '0.096',
  monthlyCost,
});
const resource = (...costs: unknown[]) => ({
  name: 'aws_instance.web',
  resourceType: 'aws_instance',
  metadata: {},
  costComponents: costs.map(component),
});
const project = (resources: readonly object[], more: object = {}) => ({
  name: 'acme/app',
  metadata: { path: '.', type: 'terraform_dir' },
  breakdown: { resources, totalHourlyCost: '0.096', totalMonthlyCost: '70.08' },
  summary: { totalDetectedResources: 1, totalUnsupportedResources: 0 },
  ...more,
});
const estimate = (projects: unknown, more: object = {}) =>
  json({
    version: '0.2',
    currency: 'USD',
    projects,
    totalHourlyCost: '0.096',
    totalMonthlyCost: '70.08',
    pastTotalMonthlyCost: '50',
    diffTotalMonthlyCost: '20.08',
    timeGenerated: '2026-11-20T10:00:00.5Z',
    summary: { totalDetectedResources: 1, totalUnsupportedResources: 0 },
    ...more,
  });
const known = [project([resource('70.08')])];
const policy = (more: object) => ({
  name: 'Tags',
  message: 'tag it',
  resources: [{ address: 'a.b' }],
  ...more,
});

/** Estimates of Infracost. The names in `source` are types of github.com/infracost/infracost, `internal/output`, and its page "JSON output format". */
export const INFRACOST: readonly Sample[] = [
  {
    source: 'Root: costs are decimals in text',
    text: estimate(known),
    verdict: 'passes',
    facts: {
      monthly_cost: 70.08,
      monthly_cost_change: 20.08,
      monthly_cost_change_percent: 40.16,
      unknown: 0,
    },
  },
  {
    source: 'Root without a comparison: past and change are null',
    text: estimate(known, { pastTotalMonthlyCost: null, diffTotalMonthlyCost: null }),
    verdict: 'passes',
    facts: { monthly_cost: 70.08 },
  },
  {
    source: 'Root: a total that is null',
    text: estimate(known, { totalMonthlyCost: null }),
    verdict: 'fails',
    facts: { unknown: 1 },
    lifts: [],
  },
  {
    source: 'CostComponent: monthlyCost is null where usage was not given',
    text: estimate([project([resource('70.08', null)])]),
    verdict: 'fails',
    facts: { unknown: 1 },
    lifts: ['projects.0.breakdown.resources.0.costComponents.1'],
  },
  {
    source: 'Resource: costs of subresources',
    text: estimate([project([{ ...resource('70.08'), subresources: [resource(null)] }])]),
    verdict: 'fails',
    facts: { unknown: 1 },
    lifts: ['projects.0.breakdown.resources.0.subresources.0.costComponents.0'],
  },
  {
    source: 'Resource: a subresource in a list of its own',
    text: estimate([project([{ ...resource(), monthlyCost: '70.08' }])]),
    verdict: 'passes',
  },
  {
    source: 'Resource: monthlyCost left out (omitempty)',
    text: estimate([project([resource()])]),
    verdict: 'fails',
    facts: { unknown: 1 },
  },
  {
    source: 'Summary: resources that are not supported',
    text: estimate(known, { summary: { totalUnsupportedResources: 2 } }),
    verdict: 'fails',
    facts: { unknown: 2 },
    lifts: ['summary', 'summary.totalUnsupportedResources'],
  },
  {
    source: 'Summary of a project: resources that are not supported',
    text: estimate([project([resource('70.08')], { summary: { totalUnsupportedResources: 1 } })]),
    verdict: 'fails',
    facts: { unknown: 1 },
    lifts: ['projects.0.summary', 'projects.0.summary.totalUnsupportedResources'],
  },
  {
    source: 'TagPolicy that blocks',
    text: estimate(known, { tagPolicies: [policy({ blockPr: true })] }),
    verdict: 'fails',
    facts: { policies_failed: 1 },
    lifts: ['tagPolicies.0.blockPr', 'tagPolicies.0.resources.0', 'tagPolicies.0.resources'],
  },
  {
    source: 'FinOpsPolicy that does not block',
    text: estimate(known, { finOpsPolicies: [policy({ blockPr: false })] }),
    verdict: 'passes',
    facts: { policies_failed: 0 },
  },
  {
    source: 'ProjectMetadata.errors: a project that could not be evaluated',
    text: estimate([project([], { metadata: { errors: [{ code: 1, message: 'no module' }] } })]),
    verdict: 'says nothing',
  },
  { source: 'Projects: none', text: estimate([]), verdict: 'says nothing' },
  { source: 'Project without a breakdown', text: estimate([{ name: 'x' }]), verdict: 'says nothing' },
  {
    source: 'a total that is a number',
    text: estimate(known, { totalMonthlyCost: 70.08 }),
    verdict: 'is refused',
  },
  { source: 'a total in words', text: estimate(known, { totalMonthlyCost: 'free' }), verdict: 'is refused' },
  {
    source: 'a total with an exponent',
    text: estimate(known, { totalMonthlyCost: '1e-9' }),
    verdict: 'is refused',
  },
  { source: 'version 0.1', text: estimate(known, { version: '0.1' }), verdict: 'is refused' },
  {
    source: 'timeGenerated is RFC 3339',
    text: estimate(known, { timeGenerated: 'now' }),
    verdict: 'is refused',
  },
  {
    source: 'an amount without its currency',
    text: estimate(known, { currency: '' }),
    verdict: 'is refused',
  },
  {
    source: 'Go reads members in any letter case',
    text: estimate([project([{ ...resource('1'), CostComponents: [component(null)] }])]),
    verdict: 'is refused',
  },
];
