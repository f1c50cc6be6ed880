import { randomUUID } from 'node:crypto';
import { after, describe } from 'node:test';
import { Client } from 'pg';
import { type OpenDatabase, openDatabase } from '../../src/database/database.ts';

/** Opens the migrated database of this test file: the same one at every call, empty at the first. */
export type OpenTestDatabase = () => Promise<OpenDatabase>;

/**
 * Declares the tests for each database: PGlite in memory always, and PostgreSQL when NK_TEST_POSTGRES names a database
 * of a server on which one may be created (it is dropped in the end). Closing is done here.
 *
 *     forEachDatabase((name, open) => {
 *       it('…', async () => {
 *         const { db } = await open();
 *       });
 *     });
 */
export function forEachDatabase(declare: (name: string, open: OpenTestDatabase) => void): void {
  describe('on PGlite', () => declare('PGlite', shared(openEmbedded)));
  const url = process.env.NK_TEST_POSTGRES;
  if (!url) return;
  const openServer = shared(() => openFresh(url));
  describe('on PostgreSQL', () => declare('PostgreSQL', openServer));
}

/** Creates a database of its own on the server at the URL. */
export async function createTestDatabase(serverUrl: string): Promise<{ url: string; drop(): Promise<void> }> {
  const name = `nk_test_${randomUUID().replaceAll('-', '')}`;
  await administer(serverUrl, `create database ${name}`);
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return { url: url.toString(), drop: () => administer(serverUrl, `drop database ${name} with (force)`) };
}

interface Disposable {
  readonly database: OpenDatabase;
  dispose(): Promise<void>;
}

function shared(open: () => Promise<Disposable>): OpenTestDatabase {
  let opening: Promise<Disposable> | null = null;
  after(async () => {
    await (await opening)?.dispose();
  });
  return async () => {
    opening ??= open();
    return (await opening).database;
  };
}

async function openEmbedded(): Promise<Disposable> {
  const database = await openDatabase({ url: 'memory' });
  return { database, dispose: () => database.stop() };
}

async function openFresh(serverUrl: string): Promise<Disposable> {
  const { url, drop } = await createTestDatabase(serverUrl);
  const database = await openDatabase({ url, poolSize: 5 });
  const dispose = async () => {
    await database.stop();
    await drop();
  };
  return { database, dispose };
}

async function administer(serverUrl: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: serverUrl });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
