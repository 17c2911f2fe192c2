import { describe, expect, it } from 'vitest';
import { shortageInWords, shortagesOf } from '../../../functions/domain/promotion/shortage.ts';
import { alice, approver, bob, dev, person } from '../../support/promotion-facts.ts';

const carol = person('carol');
const all = [
  approver(alice, { groups: ['security'] }),
  approver(bob, { groups: ['release'] }),
  approver(carol, { groups: ['security', 'release'] }),
];
const anybody = () => true;
const security = (min: number) => ({ group: 'security', min });

describe('approvals that a tenant cannot give', () => {
  it('are none where enough people may', async () => {
    expect(await shortagesOf({ required_approvers: 3, groups: [security(2)] }, all, anybody)).toEqual([]);
    expect(await shortagesOf({ required_approvers: 0, groups: [security(0)] }, [], anybody)).toEqual([]);
  });

  it('are those of anybody, with how many could', async () => {
    expect(await shortagesOf({ required_approvers: 4, groups: [] }, all, anybody)).toEqual([
      { required: 4, available: 3 },
    ]);
    expect(await shortagesOf({ required_approvers: 1, groups: [] }, [], anybody)).toEqual([
      { required: 1, available: 0 },
    ]);
  });

  it('are those of a group, beside those of anybody', async () => {
    expect(await shortagesOf({ required_approvers: 1, groups: [security(3)] }, all, anybody)).toEqual([
      { group: 'security', required: 3, available: 2 },
    ]);
    const groups = [security(3), { group: 'ops', min: 1 }];
    expect(await shortagesOf({ required_approvers: 4, groups }, all, anybody)).toEqual([
      { required: 4, available: 3 },
      { group: 'security', required: 3, available: 2 },
      { group: 'ops', required: 1, available: 0 },
    ]);
  });

  it('count only who may approve', async () => {
    const notAlice = ({ subject }: { subject: string }) => subject !== alice.subject;
    expect(await shortagesOf({ required_approvers: 3, groups: [security(2)] }, all, notAlice)).toEqual([
      { required: 3, available: 2 },
      { group: 'security', required: 2, available: 1 },
    ]);
  });

  it('count a person once, by whatever name they come twice', async () => {
    const twice = [...all, approver(alice, { subject: 'sub-other', groups: ['security'] })];
    expect(await shortagesOf({ required_approvers: 4, groups: [] }, twice, anybody)).toEqual([
      { required: 4, available: 3 },
    ]);
  });

  it('are known without reading on once nothing is missing', async () => {
    let read = 0;
    const people = async function* () {
      for (const each of [...all, approver(dev)]) {
        read += 1;
        yield each;
      }
    };
    expect(await shortagesOf({ required_approvers: 1, groups: [security(1)] }, people(), anybody)).toEqual(
      [],
    );
    expect(read).toBe(1);
  });

  it.each([
    [{ required: 1, available: 0 }, 'needs 1 approval, which nobody can give'],
    [{ required: 2, available: 1 }, 'needs 2 approvals, which only 1 person can give'],
    [
      { group: 'security', required: 3, available: 2 },
      'needs 3 approvals of the group security, which only 2 people can give',
    ],
  ])('are said: %j', (shortage, words) => {
    expect(shortageInWords(shortage)).toBe(words);
  });
});
