/** A verdict `illegitimate` that is right, with the fault of the product that it shows, until that is mended. */
export const EXPECTED: readonly { readonly file: string; readonly why: RegExp; readonly finding: string }[] =
  [
    {
      file: 'test/judge/found.test.ts',
      why: /^J7 0 of 1 approvals count \(admin weakened it|^J9 admin executed it and had weakened it/,
      finding: 'A1: who weakened the rules decides, by refreshing another’s promotion',
    },
    {
      file: 'test/judge/found.test.ts',
      why: /^(J3 production was frozen|J4 .*as a promotion$|J7 0 of 1 approvals count$|J11 one person alone)/,
      finding: 'A7: a rollback goes forward, through a freeze and without approval',
    },
  ];

/** Test files of which something cannot be judged, and why: none of them may hide a fault, and the list only gets shorter. */
export const NOT_JUDGED: readonly { readonly file: string; readonly why: string }[] = [
  {
    file: 'test/handlers/artifact-rollbacks.test.ts',
    why: 'a machine that is registered nowhere asks, past the API',
  },
  {
    file: 'test/handlers/what-if.test.ts',
    why: 'its clock is set back to before its tenant was founded',
  },
];
