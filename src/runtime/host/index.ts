export { ModuleError } from './module-error.ts';
export type { CallFailure, InspectedWorker, ModuleHostOptions, ModuleInspection } from './options.ts';
export { type RuntimeHost, startModuleHost } from './runtime-host.ts';
