import { randomUUID } from 'node:crypto';
import { openDatabase } from '../../../src/database/database.ts';

// A process for durability.test.ts: writes users into the folder and prints each number once it is acknowledged.
const { db } = await openDatabase({ url: `pglite:${process.argv[2]}` });
for (let number = 0; ; number++) {
  await db
    .insertInto('users')
    .values({ id: randomUUID(), username: `w${number}` })
    .execute();
  process.stdout.write(`${number}\n`);
}
