import { describe, expect, it } from 'vitest';
import {
  checkpointText,
  openCheckpoint,
  signedCheckpoint,
} from '../../../functions/domain/transparency-log/checkpoint.ts';
import {
  cosignerIn,
  isCosigned,
  MOST_WITNESSES,
  sizeSeen,
  submission,
  withCosignature,
  witnessesIn,
} from '../../../functions/domain/transparency-log/witness.ts';
import { testCosigner } from '../../support/cosigner.ts';
import { testNoteSigner } from '../../support/signer.ts';

const head = (size: number) => ({ origin: 'sluice/log/acme', size, root: Buffer.alloc(32, size) });
const checkpointOf = async (size: number) =>
  signedCheckpoint(
    head(size),
    await testNoteSigner.publicKey(),
    await testNoteSigner.sign(Buffer.from(checkpointText(head(size)))),
  );
const [one, other] = [testCosigner('witness.example/w1'), testCosigner('other.example')];

describe('a cosigned checkpoint', () => {
  it('has the lines of its witnesses, and is what it was to whoever knows only the key of the log', async () => {
    const plain = await checkpointOf(7);
    expect(isCosigned(plain, one.cosigner)).toBe(false);
    const once = withCosignature(plain, one.cosign(plain), one.cosigner) ?? '';
    const twice = withCosignature(once, other.cosign(once), other.cosigner) ?? '';
    expect(twice).toBe(`${plain}${one.cosign(plain)}${other.cosign(plain)}`);
    for (const each of [one, other]) expect(isCosigned(twice, each.cosigner)).toBe(true);
    expect(openCheckpoint(twice, await testNoteSigner.publicKey())?.size).toBe(7);
    expect(withCosignature(twice, one.cosign(plain, 1_800_000_000n), one.cosigner)).toBe(twice);
  });

  it('takes only what the key of the witness signed of this text, among whatever else is answered', async () => {
    const [plain, newer] = [await checkpointOf(7), await checkpointOf(8)];
    const line = one.cosign(plain);
    const flipped = (at: number) => {
      const bytes = Buffer.from(line.split(' ')[2] ?? '', 'base64');
      bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at);
      return `— ${one.name} ${bytes.toString('base64')}\n`;
    };
    const bytes = Buffer.from(line.split(' ')[2] ?? '', 'base64').length;
    for (let at = 0; at < bytes; at += 1)
      expect(withCosignature(plain, flipped(at), one.cosigner), `byte ${at}`).toBeUndefined();
    const wrong = [
      ...['', '\n', 'yes', line.trimEnd(), `${line}\n`, line.repeat(17)],
      ...[one.cosign(newer), other.cosign(plain), line.replace(one.name, other.name)],
    ];
    for (const answer of wrong) expect(withCosignature(plain, answer, one.cosigner), answer).toBeUndefined();
    expect(withCosignature(plain, `${other.cosign(plain)}${line}`, one.cosigner)).toBe(`${plain}${line}`);
    expect(isCosigned(`${newer}${line}`, one.cosigner)).toBe(false);
    expect(isCosigned('no note', one.cosigner)).toBe(false);
  });
});

describe('witnesses by setting', () => {
  it('are verifier key and address of each', () => {
    const setting = `${one.verifierKey} https://w1.example/, ${other.verifierKey} https://o.example/a`;
    expect(witnessesIn(setting)).toEqual([
      { ...one.cosigner, url: 'https://w1.example' },
      { ...other.cosigner, url: 'https://o.example/a' },
    ]);
    expect(witnessesIn('')).toEqual([]);
    expect(witnessesIn(' ')).toEqual([]);
  });

  it.each([
    ['no key', 'https://w.example', "'https://w.example' is no verifier key"],
    ['no address', one.verifierKey, 'witness.example/w1 has no address'],
    ['no URL', `${one.verifierKey} w1`, 'has no address'],
    ['more', `${one.verifierKey} https://a.example x`, 'has no address'],
    ['nothing between commas', `${one.verifierKey} https://a.example,`, "'' is no verifier key"],
    ['one key twice', `${one.verifierKey} https://a.example,${one.verifierKey} https://b.example`, 'twice'],
    [
      'another key id',
      `${one.verifierKey.replace(/\+[0-9a-f]{8}\+/, '+00000000+')} https://a.example`,
      'no verifier',
    ],
    [
      'too many',
      Array.from(
        { length: MOST_WITNESSES + 1 },
        (_, n) => `${testCosigner(`w${n}`).verifierKey} https://w.example`,
      ).join(),
      `more than ${MOST_WITNESSES}`,
    ],
  ])('are refused with %s', (_, setting, problem) => {
    expect(() => witnessesIn(setting)).toThrow(problem);
  });

  it('sign with cosignatures of Ed25519, not as a log does', () => {
    const asLog = one.verifierKey.split('+');
    const bytes = Buffer.from(asLog[2] ?? '', 'base64');
    bytes.writeUInt8(1, 0);
    expect(cosignerIn(`${asLog[0]}+${asLog[1]}+${bytes.toString('base64')}`)).toBeUndefined();
  });
});

describe('what a witness is sent and answers', () => {
  it('is the size that it saw, the way from there and the checkpoint', async () => {
    const checkpoint = await checkpointOf(7);
    const hash = Buffer.alloc(32, 1);
    expect(submission(0, [], checkpoint)).toBe(`old 0\n\n${checkpoint}`);
    expect(submission(3, [hash, hash], checkpoint)).toBe(
      `old 3\n${`${hash.toString('base64')}\n`.repeat(2)}\n${checkpoint}`,
    );
  });

  it.each([
    ['0\n', 0],
    ['20852014\n', 20_852_014],
    ['7', undefined],
    ['07\n', undefined],
    ['-1\n', undefined],
    ['1e3\n', undefined],
    ['9999999999999999\n', undefined],
    ['', undefined],
  ])('names a size in %j: %s', (body, size) => {
    expect(sizeSeen(body)).toBe(size);
  });
});
