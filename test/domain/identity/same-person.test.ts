import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Actor } from '../../../functions/domain/identity/principal.ts';
import { samePerson } from '../../../functions/domain/identity/same-person.ts';

const person = (subject: string, email: string): Actor => ({ subject, email, kind: 'person' });
const machine = (subject: string, owner?: string): Actor =>
  owner === undefined
    ? { subject, email: '', kind: 'machine' }
    : { subject, email: '', kind: 'machine', owner };

describe('two actors are one person', () => {
  it.each<[string, Actor, Actor]>([
    ['with one subject id', person('a', 'x@acme.com'), person('a', 'y@acme.com')],
    ['with one e-mail', person('a', 'x@acme.com'), person('b', 'x@acme.com')],
    ['with one e-mail but for case', person('a', 'X@Acme.COM'), person('b', 'x@acme.com')],
    [
      'with one e-mail in two Unicode forms',
      person('a', 'jose\u0301@acme.com'),
      person('b', 'JOS\u00c9@acme.com'),
    ],
    ['with one e-mail folded in full', person('a', 'strasse@acme.com'), person('b', 'straße@acme.com')],
    ['with one e-mail and an address tag', person('a', 'dev+1@acme.com'), person('b', 'Dev@acme.com')],
    ['with one e-mail and two address tags', person('a', 'dev+a+b@acme.com'), person('b', 'dev+c@acme.com')],
    [
      'with one e-mail and a character that is not seen',
      person('a', 'd\u200bev@acme.com'),
      person('b', 'dev@acme.com'),
    ],
    [
      'with one domain in Unicode and in ASCII',
      person('a', 'dev@b\u00fccher.example'),
      person('b', 'dev@xn--bcher-kva.example'),
    ],
    [
      'with one domain in two cases of Unicode',
      person('a', 'dev@B\u00dcCHER.example'),
      person('b', 'dev@b\u00fccher.example'),
    ],
    ['with a dot at the end of the domain', person('a', 'dev@acme.com.'), person('b', 'dev@acme.com')],
    ['with quotes around the local part', person('a', '"dev"@acme.com'), person('b', 'dev@acme.com')],
    ['with a tag between quotes', person('a', '"d\\ev+1"@acme.com'), person('b', 'dev@acme.com')],
    ['when one owns the other by a tagged e-mail', machine('m', 'x+bot@acme.com'), person('a', 'x@acme.com')],
    ['when one owns the other', machine('m', 'a'), person('a', 'x@acme.com')],
    ['when one owns the other by e-mail', machine('m', 'X@acme.com'), person('a', 'x@acme.com')],
    ['when both are machines of one owner', machine('m', 'a'), machine('n', 'a')],
  ])('%s', (_, a, b) => {
    expect(samePerson(a, b)).toBe(true);
    expect(samePerson(b, a)).toBe(true);
  });

  it.each<[string, Actor, Actor]>([
    ['with two ids and e-mails', person('a', 'x@acme.com'), person('b', 'y@acme.com')],
    ['both without an e-mail', machine('m'), machine('n')],
    ['both without an owner or e-mail', machine('m', ''), machine('n', '')],
    ['of other owners', machine('m', 'a'), machine('n', 'b')],
    ['with subject ids that have a plus', machine('m', 'a+1'), machine('n', 'a+2')],
    ['with tags before nothing', person('a', '+1@acme.com'), person('b', '+2@acme.com')],
    ['with domains that are none', person('a', 'x@a_b'), person('b', 'x@a_c')],
    ['with domains that a browser takes for one address', person('a', 'x@127.1'), person('b', 'x@127.0.0.2')],
    ['with a plus in the domain', person('a', 'x@a+1'), person('b', 'x@a+2')],
    ['with an empty owner and no e-mail', machine('m', ''), person('a', '')],
  ])('not %s', (_, a, b) => {
    expect(samePerson(a, b)).toBe(false);
    expect(samePerson(b, a)).toBe(false);
  });

  it('whichever is named first', () => {
    const texts = fc.constantFrom('', 'a', 'A', 'x@acme.com', 'X@ACME.COM');
    const actors = fc.record({
      subject: fc.constantFrom('a', 'b', 'c'),
      email: texts,
      kind: fc.constantFrom('person' as const, 'machine' as const),
      owner: texts,
    });
    fc.assert(
      fc.property(actors, actors, (a, b) => {
        expect(samePerson(a, b)).toBe(samePerson(b, a));
        expect(samePerson(a, a)).toBe(true);
      }),
    );
  });
});
