/** The grammars of the OCI Distribution Specification 1.1, section "Pulling manifests", and of image-spec descriptors. */

const COMPONENT = '[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*';
const NAME = new RegExp(`^${COMPONENT}(?:/${COMPONENT})*$`);
const TAG = /^[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}$/;
const DIGEST = /^sha256:[a-f0-9]{64}$/;

/** Names are bounded as most registries bound them: host and name together stay below 255 characters. */
const longestName = 200;

/** True for a repository name. No component starts with `_`, so the store's own folders cannot be named. */
export const isName = (text: string): boolean => text.length <= longestName && NAME.test(text);

/** True for a tag. */
export const isTag = (text: string): boolean => TAG.test(text);

/** True for a sha256 digest, the one algorithm that this registry takes. */
export const isDigest = (text: string): boolean => DIGEST.test(text);

/**
 * True for a tag that never moves once it is set: a semantic version, whatever follows it. Mutable tags
 * (`latest-staging`) start with another word.
 */
export const isImmutableTag = (text: string): boolean => /^v?\d+\.\d+\.\d+(?:[._-]|$)/.test(text);
