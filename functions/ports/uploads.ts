import type { Digest } from '../domain/digest.ts';

/** Where a blob goes: the host and path of a repository. */
export type UploadPlace = { readonly tenant: string; readonly repository: string; readonly blob: Digest };

/** The list of what refers to a subject, in a repository whose registry keeps it as a tag. */
export type ListPlace = { readonly tenant: string; readonly repository: string; readonly subject: Digest };

/** From when until when. */
export type Claim = { readonly now: string; readonly until: string };

/** Where unfinished uploads stand between two attempts of a copy. Forgetting one costs sending a blob again, never more. */
export interface Uploads {
  recall(place: UploadPlace): Promise<string | undefined>;
  /** `now`: it is forgotten a day later, as registries forget uploads. */
  keep(place: UploadPlace, location: string, now: string): Promise<void>;
  /** Claims a list for its one writer until then; false while another's claim lasts. */
  claimList(list: ListPlace, claim: Claim): Promise<boolean>;
  /** Gives one's own claim up; one that is over by now is another's to give. */
  releaseList(list: ListPlace, claim: Claim): Promise<void>;
}
