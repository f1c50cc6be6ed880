import { argv } from 'node:process';
import { writeSnapshot } from './snapshot.ts';

// A step of the build: `node src/database/pglite/make-snapshot.ts FILE`.
const [, , file] = argv;
if (file === undefined) throw new Error('usage: make-snapshot <file>');
await writeSnapshot(file);
