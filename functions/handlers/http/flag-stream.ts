import { readEnvironment } from '../environment.ts';
import { openLog } from '../lambda.ts';
import { wireTable } from '../wiring/table.ts';
import { flagStreamHandler } from './flag-stream-handler.ts';

export const handler = awslambda.streamifyResponse(
  flagStreamHandler(
    () => wireTable(readEnvironment()),
    openLog(),
    (stream, prelude) => awslambda.HttpResponseStream.from(stream, prelude),
  ),
);
