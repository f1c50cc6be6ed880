import { coverageReport } from '../../src/runtime/coverage.ts';
import { implementedFunctions } from './implemented-functions.ts';

// Says how much of the module API there is: `npx node test/runtime-api/coverage.ts`.
console.log(coverageReport(implementedFunctions()));
