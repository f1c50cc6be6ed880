import { Client } from 'pg';
import { schemaTypes } from '../type-parsers.ts';
import type { WorkerStart } from './worker-messages.ts';
import { WorkerStream } from './worker-stream.ts';

export interface PgliteConnection {
  readonly client: Client;
  readonly stream: WorkerStream;
}

/** Starts the embedded database in a worker thread and connects to it. */
export async function connectPglite(start: WorkerStart, onLost?: (error: Error) => void): Promise<PgliteConnection> {
  const stream = new WorkerStream(start);
  const client = new Client({
    stream: () => stream,
    user: 'postgres',
    database: 'postgres',
    password: '',
    ssl: false,
    pipeline: true,
    types: schemaTypes,
  });
  client.on('error', (error: Error) => onLost?.(error));
  try {
    await client.connect();
  } catch (error) {
    await stream.terminate();
    throw error;
  }
  return { client, stream };
}
