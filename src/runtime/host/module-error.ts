/** Why modules could not be started. The stack is the isolate's own: positions are those of the module's script. */
export class ModuleError extends Error {
  readonly module: string;
  /** `init`: the module threw while its script or InitModule ran. `limit`: it broke one. `worker`: its process died. */
  readonly kind: 'init' | 'limit' | 'worker';

  constructor(module: string, kind: ModuleError['kind'], message: string, stack?: string) {
    super(message);
    this.name = 'ModuleError';
    this.module = module;
    this.kind = kind;
    if (stack !== undefined) this.stack = stack;
  }
}
