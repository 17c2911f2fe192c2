import { Command } from 'commander';
import * as z from 'zod/mini';
import {
  ArtifactVersionView,
  listArtifactVersions,
  publishArtifactVersion,
  resolveArtifactVersion,
} from '../../functions/contract/artifacts.ts';
import { listOf } from '../../functions/contract/fields.ts';
import { pushFiles } from '../artifact/publish-files.ts';
import { misused } from '../failure.ts';
import { named, pipeline } from '../promotions/environments.ts';
import { allPages } from '../promotions/pages.ts';
import { PLATFORM } from '../promotions/platform.ts';
import type { Bind } from '../verb.ts';

const ARTIFACT = ['--artifact <name>', 'the artifact', PLATFORM] as const;

const table = (items: readonly ArtifactVersionView[]) => ({
  columns: ['Version', 'Environments', 'Digest', 'Published by', 'Published at'],
  rows: items.map((it) => [
    it.version,
    it.environments.join(', ') || '–',
    it.digest,
    it.published_by.email || it.published_by.subject,
    it.published_at,
  ]),
});

const PublishedFiles = z.array(
  z.object({
    title: z.string(),
    digest: z.string(),
    size: z.number(),
    outcome: z.enum(['there', 'mounted', 'sent']),
  }),
);

/** `sluice publish`: a version of an artifact into the first environment. */
export const publish = (bind: Bind): Command =>
  bind(
    new Command('publish')
      .description('publish files, or an artifact of the registry, as a version into the first environment')
      .argument('[files...]', 'files and folders to pack as one artifact (default: manifest.yaml, policies)')
      .requiredOption('--version <version>', 'semver, such as v1.2.3')
      .option(
        '--reference <reference>',
        'in place of files: a tag, digest or image reference in the registry',
      )
      .option(...ARTIFACT),
    {
      given: z.object({
        files: z.array(z.string()),
        version: z.string(),
        reference: z.optional(z.string()),
        artifact: z.string(),
      }),
      /** `files` are null where a reference was published. */
      answer: z.object({ version: ArtifactVersionView, files: z.nullable(PublishedFiles) }),
      examples: [
        'sluice publish --version v1.2.3 manifest.yaml policies',
        'sluice publish --version v1.2.3 --reference registry.example.com/platform:build-42',
      ],
      async run({ files, version, reference, artifact }, session) {
        if (reference !== undefined && files.length > 0) {
          throw misused(
            'files and --reference exclude each other',
            'Name the files, or what the registry has.',
          );
        }
        const client = await session.client();
        const pushed = reference === undefined ? await pushFiles(session, artifact, files) : undefined;
        session.progress.say(`publishing ${artifact} ${version}`);
        const published = await client.call(publishArtifactVersion, ArtifactVersionView, {
          params: { name: artifact },
          body: { version, reference: reference ?? pushed?.reference ?? '' },
        });
        const data = { version: published, files: pushed === undefined ? null : [...pushed.files] };
        return { data, table: table([published]) };
      },
    },
  );

/** `sluice versions`: the versions of an artifact. */
export const versions = (bind: Bind): Command =>
  bind(
    new Command('versions')
      .description('list the versions of an artifact, highest first')
      .option(...ARTIFACT)
      .option('--env <environment>', 'those that are active there'),
    {
      given: z.object({ artifact: z.string(), env: z.optional(z.string()) }),
      answer: z.object({ items: z.array(ArtifactVersionView) }),
      examples: ['sluice versions --artifact platform --env production'],
      async run({ artifact, env }, session) {
        const client = await session.client();
        const { items } = await allPages(async (cursor) => {
          const page = await client.call(listArtifactVersions, listOf(ArtifactVersionView), {
            params: { name: artifact },
            query: { limit: 100, cursor },
          });
          return { items: page.items, next: page.next_cursor };
        });
        const there = env === undefined ? undefined : named(await pipeline(client), env).name;
        const chosen =
          there === undefined ? items : items.filter(({ environments }) => environments.includes(there));
        return { data: { items: [...chosen] }, table: table(chosen) };
      },
    },
  );

const Resolved = z.object({
  constraint: z.string(),
  version: ArtifactVersionView,
  warning: z.nullable(z.string()),
});

/** `sluice pins`: which version a constraint means. */
export const pins = (bind: Bind): Command =>
  bind(
    new Command('pins')
      .description('say which version a constraint means, such as ^1.2.0 or latest-prod')
      .argument('<constraint>', 'exact, ^, ~, a range, v1.2.* or latest-<environment>')
      .option(...ARTIFACT)
      .option('--env <environment>', 'only versions that it received'),
    {
      given: z.object({ constraint: z.string(), artifact: z.string(), env: z.optional(z.string()) }),
      answer: Resolved,
      examples: ["sluice pins '>=1.2.0, <2.0.0' --env production"],
      async run({ constraint, artifact, env }, session) {
        const client = await session.client();
        const data = await client.call(resolveArtifactVersion, Resolved, {
          params: { name: artifact },
          query: { constraint, environment: env },
        });
        const hint = data.warning === null ? {} : { hint: `warning: ${data.warning}` };
        return { data, table: table([data.version]), ...hint };
      },
    },
  );
