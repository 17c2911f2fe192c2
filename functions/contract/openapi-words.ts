import type { Endpoint } from './endpoint.ts';
import { MAX_BODY } from './endpoint.ts';

/** What the OpenAPI document says in words, beside the summaries of the operations. */

/** What each group of operations is about. */
export const TAGS: { readonly [tag: string]: string } = {
  promotions: 'Promotions of agents and artifacts, and what can be read of any promotion.',
  rules: 'What one hop of the pipeline demands, and whether it happens by itself.',
  'approval policies': 'How many approvals a promotion takes, and from whom.',
  audit: 'The tamper-evident record: search, denials, changes, checkpoints and exports.',
  environments: 'The stages of the pipeline, their gates and their locks.',
  freezes: 'Time windows in which nothing executes.',
  gateways: 'Where agents run, and how a deployment reaches them.',
  artifacts: 'Versions of artifacts and how constraints resolve to them.',
  registries: 'The OCI registries of each environment.',
  consumers: 'Who uses which versions of artifacts.',
  'notification channels': 'Where a tenant is told of its promotions: mail, signed webhooks, Slack.',
  'config files': 'Whole environments of configuration in and out, as JSON, YAML or .env.',
  configuration: 'Everything that governs artifacts, as one document in JSON or YAML.',
  config: 'Configs and feature flags of an environment.',
  'config promotions': 'Promotions of configs and flags from one environment to the next, and back.',
  ofrep: 'Evaluation of feature flags by the OpenFeature Remote Evaluation Protocol.',
  deployments: 'Which agent runs where, as the tools of agents see it.',
  'platform deployments': 'What of the platform runs where, as its pipelines see it.',
  'deployment metrics': 'Deployments in numbers, DORA’s five metrics among them.',
  drift: 'What runs, as machines see it, and how far environments are apart.',
  'flag keys': 'Keys with which clients read the flags or the metrics of an environment.',
  evidence: 'Reports about a digest, which gates judge.',
  members: 'The people of a tenant, their roles and groups.',
  principals: 'The machines of a tenant, their roles and owners.',
  'pending changes': 'Changes that wait for a second admin.',
  tenants: 'The tenants of an installation, for operators.',
  pages: 'Pages for people: approval links, sign-in and the dashboard.',
  slack: 'Slack users of members, and what Slack sends.',
  overview: 'What runs where and what moves, on one page.',
  meta: 'The API itself: health, this document, problem codes.',
};

/** What a path parameter names. */
const IN_PATH: { readonly [name: string]: string } = {
  id: 'The id of the resource.',
  environment: 'The name or an alias of an environment.',
  env: 'The name or an alias of an environment.',
  scope: 'The name or an alias of an environment; `*` for the whole tenant.',
  kind: '`artifact`, `agent` or `config`.',
  name: 'The name of an artifact or of another subject.',
  version: 'A semantic version.',
  key: 'The key of a config or a flag; it may hold slashes.',
  imageTag: 'The image tag that was deployed.',
  gitBranch: 'The name of a Git branch; it may hold slashes.',
  subject: 'The subject of a member, as the identity provider names them.',
  token: 'The secret of a link, as it was mailed or shown.',
  team_id: 'The id of a Slack team.',
  page: 'The path of a page or of one of its files.',
  code: 'A problem code.',
  guide: 'A guide, by the name of its file without `.md`: `quick-start`.',
  group: 'A group of operations, with a hyphen for each space: `config-promotions`.',
};

/** What a query parameter asks for. */
const IN_QUERY: { readonly [name: string]: string } = {
  dry_run: 'Answers what would come of the request, and writes nothing.',
  dryRun: 'Answers what would come of the request, and writes nothing.',
  limit: 'Items on a page.',
  cursor: 'What the page before answered as its next cursor; only with the same filters.',
  status: 'One or several statuses, separated by commas, in any letter case.',
  kind: 'Only what is of this kind; `all`, where it is taken, leaves none out.',
  source_environment: 'Only promotions from this environment, by name or alias.',
  target_environment: 'Only promotions to this environment, by name or alias.',
  targetEnvironment: 'Only promotions to this environment, by name or alias.',
  drifting: '`true` leaves out subjects that are level and as recorded.',
  agent_id: 'Only what concerns this agent.',
  agentId: 'Only what concerns this agent.',
  requester: 'Only what this subject asked for.',
  from: 'The earliest instant, or the first day in UTC, inclusive.',
  to: 'The latest instant, exclusive; or the last day in UTC, inclusive.',
  before: 'The latest instant, exclusive.',
  waiting_for: '`me`: only what the caller may decide now.',
  flagConfigEtag: 'The `etag` of the event that the client answers; changes nothing.',
  flagConfigLastModified: 'The `lastModified` of the event that the client answers; changes nothing.',
  wait: 'Seconds to wait for the promotion to move, 0 to 20.',
  version: 'With `wait`: the version that the caller has.',
  seq: 'The number of the event that carries the decision; absent: the newest.',
  reason: 'Why, for the record; a change that weakens takes one.',
  type: 'Only changes of this sort of thing.',
  id: 'Only changes of the thing with this id.',
  person: 'The subject or the e-mail address of a person.',
  subject: 'Only what concerns this subject.',
  environment: 'An environment, by name or alias.',
  format: 'The form of the answer.',
  at: 'The instant that is asked about; absent: now.',
  constraint: 'A range of semantic versions, such as `^1.2`.',
  sensitive: '`include` exports sensitive values too, for machines and people with the right.',
  prefix: 'Only keys that begin with this.',
  source: 'The environment that is taken from, by name or alias.',
  target: 'The environment that is compared with it, by name or alias.',
  digest: 'The digest of the document.',
  promotion_id: 'A promotion on whose source the report is.',
  subject_digest: 'The digest that the reports are about.',
  gate: 'Only reports for this gate.',
  interval: 'How long each interval is.',
  code: 'The authorization code of the identity provider.',
  state: 'What ties the answer of the identity provider to the browser that asked.',
  error: 'Why the identity provider signs nobody in.',
  return: 'The path of this site to come back to.',
  first: 'How many entries the older checkpoint has; absent: as many as the newest.',
  second: 'How many entries the newer tree has; absent: as many as the newest checkpoint.',
  verify: '`true` asks every registry for its tags.',
  after: 'Where the page before ended.',
};

/** The description of a parameter; a test fails for one that has none here. */
export function parameterInWords(place: 'path' | 'query', name: string): string {
  return (place === 'path' ? IN_PATH : IN_QUERY)[name] ?? '';
}

/** Characters of a summary: a line of a menu. */
const HEADLINE = 72;

/** The first part of a long summary. */
export function headline({ summary }: Endpoint): string {
  if (summary.length <= HEADLINE) return summary;
  const cut = /^.{12,72}?(?=[;:,.(])/.exec(summary)?.[0] ?? summary;
  return cut.trimEnd();
}

/** What an operation does, and what a caller has to know of it. */
export function description(endpoint: Endpoint, paging: string | undefined): string {
  const { summary, open, idempotent, if_match, max_body = MAX_BODY, form, method, page } = endpoint;
  const sentence = /[.!?]$/.test(summary) ? summary : `${summary}.`;
  const takes = method === 'GET' || method === 'DELETE' ? undefined : max_body;
  return [
    sentence,
    open && page === undefined ? 'Needs no identity.' : undefined,
    paging === undefined
      ? undefined
      : `Answers a page; \`${paging}\` leads to the next, and is \`null\` on the last.`,
    idempotent
      ? 'With an `Idempotency-Key` a repeated request gets the first answer again for 24 hours.'
      : undefined,
    if_match ? '`If-Match` guards against changes that the caller has not seen.' : undefined,
    form ? 'Takes a form of its page as well as JSON.' : undefined,
    takes === undefined || takes === MAX_BODY ? undefined : `A body may have ${takes / 1024} KiB.`,
  ]
    .filter((part) => part !== undefined)
    .join(' ');
}
