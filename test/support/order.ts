import { BaseSequencer, type TestSpecification } from 'vitest/node';

/**
 * One test of the running product comes first, as it synthesizes the template, for which all others of its kind wait. Beside it run the
 * tests that share modules, and those that start processes last: they wait much and differ in length, so that they fill up all workers.
 */
export class SynthesisFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const first = sorted.find(({ moduleId }) => moduleId.includes('/test/e2e/'));
    const rest = sorted.filter((each) => each !== first);
    const shared = rest.filter(({ project }) => project.name === 'shared');
    const alone = rest.filter(({ project }) => project.name !== 'shared');
    return [...(first === undefined ? [] : [first]), ...shared, ...alone];
  }
}
