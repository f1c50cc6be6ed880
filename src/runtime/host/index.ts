export { ModuleError } from './module-error.ts';
export type { CallFailure, ModuleHostOptions } from './options.ts';
export { type RuntimeHost, startModuleHost } from './runtime-host.ts';
