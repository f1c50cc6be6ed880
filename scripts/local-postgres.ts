import { userInfo } from 'node:os';
import { Client } from 'pg';

// Prints the URL of a PostgreSQL on this machine that lets this user in without a password; nothing when there is none.
const url = `postgres://${userInfo().username}@127.0.0.1:5432/postgres`;
const client = new Client({ connectionString: url, connectionTimeoutMillis: 2000 });
try {
  await client.connect();
  console.log(url);
} catch {
  // None answers, or not to us.
} finally {
  await client.end().catch(() => {});
}
