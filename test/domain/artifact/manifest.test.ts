import { describe, expect, it } from 'vitest';
import { descriptorOf } from '../../../functions/domain/artifact/descriptor.ts';
import {
  IMAGE_TYPES,
  INDEX_TYPES,
  linksOf,
  MAX_MANIFEST_BYTES,
} from '../../../functions/domain/artifact/manifest.ts';

const [image] = IMAGE_TYPES;
const [index] = INDEX_TYPES;
const digest = `sha256:${'a'.repeat(64)}`;
const blob = { mediaType: 'application/octet-stream', digest, size: 7 };
const config = { ...blob, mediaType: 'application/vnd.oci.image.config.v1+json' };
const read = (mediaType: string, value: unknown) => linksOf(mediaType, JSON.stringify(value));

describe('a descriptor', () => {
  it('is a media type, a digest and a size', () => {
    expect(descriptorOf(blob)).toEqual(blob);
    expect(descriptorOf({ ...blob, urls: ['https://elsewhere.test'], size: 0 })).toEqual({
      ...blob,
      size: 0,
    });
  });

  it('keeps its artifact type, and of its annotations the texts', () => {
    const said = { ...blob, artifactType: 'a/b', annotations: { one: 'text', two: 2 } };
    expect(descriptorOf(said)).toEqual({ ...blob, artifactType: 'a/b', annotations: { one: 'text' } });
    expect(descriptorOf({ ...blob, artifactType: 7, annotations: 'none' })).toEqual(blob);
  });

  it.each([
    ['no object', 'blob'],
    ['nothing', null],
    ['a list', [blob]],
    ['without a media type', { digest, size: 7 }],
    ['without a digest', { ...blob, digest: undefined }],
    ['with another hash', { ...blob, digest: `sha512:${'a'.repeat(128)}` }],
    ['without a size', { ...blob, size: undefined }],
    ['with a negative size', { ...blob, size: -1 }],
    ['with half a byte', { ...blob, size: 0.5 }],
    ['with more bytes than there are', { ...blob, size: 2 ** 53 }],
  ])('is none when it is %s', (_, value) => {
    expect(descriptorOf(value)).toBeUndefined();
  });
});

describe('a manifest', () => {
  it('of an image points to its config and its layers, whose type is the config’s unless it says another', () => {
    const links = { mediaType: image, manifests: [], blobs: [config, blob], artifactType: config.mediaType };
    expect(read(image, { mediaType: image, config, layers: [blob] })).toEqual(links);
    expect(read(image, { config, layers: [blob], artifactType: 'a/b' })).toEqual({
      ...links,
      artifactType: 'a/b',
    });
  });

  it('of an index points to manifests, and may be about another', () => {
    const child = { ...blob, mediaType: image };
    expect(read(index, { manifests: [child], subject: blob })).toEqual({
      mediaType: index,
      manifests: [child],
      blobs: [],
      subject: blob,
    });
  });

  it.each([
    ['another media type than the registry', image, { mediaType: index, config, layers: [] }],
    ['a subject that is none', image, { config, layers: [], subject: 'it' }],
    ['layers that are no list', image, { config, layers: blob }],
    ['a layer that is none', image, { config, layers: [blob, 'x'] }],
    ['no config', image, { layers: [] }],
    ['manifests that are no list', index, { manifests: {} }],
    ['a type that is not of manifests', 'text/plain', { config, layers: [] }],
    ['no object', image, []],
  ])('is unreadable with %s', (_, mediaType, value) => {
    expect(read(mediaType, value)).toHaveProperty('unreadable');
  });

  it('is unreadable when it is no JSON', () => {
    expect(linksOf(image, '{')).toHaveProperty('unreadable');
  });

  it('is read up to 4 MiB, as registries have to take', () => {
    expect(MAX_MANIFEST_BYTES).toBe(4_194_304);
  });
});
