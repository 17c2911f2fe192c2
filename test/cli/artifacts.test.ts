import { afterAll, expect } from 'vitest';
import { artifactWorld } from '../handlers/artifacts-world.ts';
import { holdAnswers } from './answers.ts';
import { createCli, removeFolders } from './cli-world.ts';

afterAll(removeFolders);

const one = artifactWorld();
const PUBLISH = ['publish', '--version', 'v1.2.3', '--reference', 'build-v1.2.3'] as const;

const typed = async (...argv: string[]) => {
  await one.build('build-v1.2.3');
  const cli = await createCli(one.world);
  if (argv.includes('publish')) return cli.as('dev')(...argv);
  const published = await cli.as('dev')(...PUBLISH);
  expect(published, published.err).toMatchObject({ exit: 0 });
  return cli.as('dev')(...argv);
};

holdAnswers('publish', (...more) => typed(...more, ...PUBLISH));
holdAnswers('versions', (...more) => typed(...more, 'versions'));
holdAnswers('pins', (...more) => typed(...more, 'pins', '^1.2.0'));
