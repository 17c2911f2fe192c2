import * as z from 'zod/mini';
import type { ArtifactVersion } from '../../../domain/artifact/version.ts';
import { count, digest, maybe, text } from './basics.ts';
import { exactly } from './exactly.ts';
import { actor } from './identity.ts';

export const artifactVersion: z.ZodMiniType<ArtifactVersion> = exactly<ArtifactVersion>()(
  z.looseObject({
    artifact: text,
    version: text,
    label: text,
    digest,
    media_type: text,
    size: count,
    content_bytes: maybe(count),
    registry: text,
    repository: text,
    published_by: actor,
    published_at: text,
    deployment_id: text,
    lifecycle: maybe(
      z.looseObject({
        deprecated_at: maybe(text),
        eol_at: maybe(text),
        replacement: maybe(text),
        reason: maybe(text),
      }),
    ),
    removed_at: maybe(text),
    edition: count,
  }),
);
