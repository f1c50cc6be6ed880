import { fileURLToPath } from 'node:url';
import { writeSnapshot } from './snapshot.ts';

// A step of the build: `node dist/database/pglite/make-snapshot.js` puts the snapshot beside itself.
await writeSnapshot(fileURLToPath(new URL('./snapshot.tar.gz', import.meta.url)));
