import { readEnvironment } from '../environment.ts';
import { openLog } from '../lambda.ts';
import { wireTable } from '../wiring/table.ts';
import { flagStreamHandler } from './flag-stream-handler.ts';

export const handler = awslambda.streamifyResponse(
  flagStreamHandler(
    () => {
      const environment = readEnvironment();
      const { mostFlagStreams: reserved } = environment;
      if (reserved === undefined) throw new Error('MOST_FLAG_STREAMS is not set');
      return { ...wireTable(environment), reserved };
    },
    openLog(),
    (stream, prelude) => awslambda.HttpResponseStream.from(stream, prelude),
  ),
);
