import type { Digest } from '../domain/digest.ts';

/** Where a blob goes: the host and path of a repository. */
export type UploadPlace = { readonly tenant: string; readonly repository: string; readonly blob: Digest };

/** Where unfinished uploads stand between two attempts of a copy. Forgetting one costs sending a blob again, never more. */
export interface Uploads {
  recall(place: UploadPlace): Promise<string | undefined>;
  /** `now`: it is forgotten a day later, as registries forget uploads. */
  keep(place: UploadPlace, location: string, now: string): Promise<void>;
}
