import { describe, expect, it } from 'vitest';
import { attachedTags, mergedAttached, signaturesTag } from '../../../functions/domain/artifact/attached.ts';
import { digestOfBytes } from '../../../functions/domain/digest.ts';

const subject = digestOfBytes('image');
const layer = (signature: string) => ({ digest: 'sha256:1', annotations: { signature } });
const manifest = (...signatures: string[]) =>
  JSON.stringify({ schemaVersion: 2, config: {}, layers: signatures.map(layer) }, null, 1);
const signaturesIn = (text: string) =>
  JSON.parse(text).layers.map((one: ReturnType<typeof layer>) => one.annotations.signature);

describe('the tags of cosign', () => {
  it('are made of the digest', () => {
    const hex = subject.slice('sha256:'.length);
    expect(attachedTags(subject)).toEqual([`sha256-${hex}.sig`, `sha256-${hex}.att`, `sha256-${hex}.sbom`]);
    expect(attachedTags(subject)).toContain(signaturesTag(subject));
  });
});

describe('what two registries keep under one tag', () => {
  const [sig, att, sbom] = ['x.sig', 'x.att', 'x.sbom'];

  it.each([sig, att])('%s is merged: neither loses a signature', (tag) => {
    const merged = mergedAttached(tag, { here: manifest('a', 'b'), there: manifest('b', 'c') });
    expect(signaturesIn(merged)).toEqual(['a', 'b', 'c']);
  });

  it('is the whole of either side to the byte, where that holds the other', () => {
    const [few, many] = [manifest('a'), manifest('b', 'a')];
    expect(mergedAttached(sig, { here: few, there: many })).toBe(many);
    expect(mergedAttached(sig, { here: many, there: few })).toBe(many);
    expect(mergedAttached(sig, { here: few, there: JSON.stringify(JSON.parse(few)) })).toBe(few);
  });

  it("is the source's where it is an SBOM, or where the other side is no list", () => {
    expect(mergedAttached(sbom, { here: manifest('a'), there: manifest('b') })).toBe(manifest('a'));
    expect(mergedAttached(sig, { here: manifest('a'), there: '{"manifests": []}' })).toBe(manifest('a'));
  });
});
