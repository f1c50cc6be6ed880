/** A command of the Chrome DevTools Protocol. */
export interface Command {
  readonly id: number;
  readonly method: string;
  readonly params?: Readonly<Record<string, unknown>>;
}

/** Commands that set one thing: the last one counts. */
const settings: ReadonlySet<string> = new Set([
  'Debugger.setAsyncCallStackDepth',
  'Debugger.setBlackboxPatterns',
  'Debugger.setBreakpointsActive',
  'Debugger.setPauseOnExceptions',
  'Debugger.setSkipAllPauses',
  'Profiler.setSamplingInterval',
  'Runtime.setAsyncCallStackDepth',
  'Runtime.setCustomObjectFormatterEnabled',
  'Runtime.setMaxCallStackSizeToCapture',
]);
/** Commands that make a breakpoint which is not bound to a script that is there already. */
const breakpoints: ReadonlySet<string> = new Set([
  'Debugger.setBreakpointByUrl',
  'Debugger.setInstrumentationBreakpoint',
]);
/** Breakpoints and bindings of one debugger; of more the oldest are forgotten. */
const MAX_KEPT = 5000;

/**
 * What a debugger has set up in an isolate, as the commands that did it, so that it can be set up again in the isolate
 * that takes its place: as browsers do when a page is reloaded.
 */
export class KeptCommands {
  readonly #commands = new Map<string, Omit<Command, 'id'>>();

  /** In the order in which they were given. */
  get all(): readonly Omit<Command, 'id'>[] {
    return [...this.#commands.values()];
  }

  /** Takes note of a command that was given. */
  note({ method, params = {} }: Command): void {
    const [domain, action] = method.split('.') as [string, string | undefined];
    if (action === 'enable' || settings.has(method)) this.#keep(method, { method, params });
    else if (action === 'disable') this.#forgetDomain(domain);
    else if (method === 'Runtime.addBinding') this.#keep(`binding ${String(params.name)}`, { method, params });
    else if (method === 'Runtime.removeBinding') this.#commands.delete(`binding ${String(params.name)}`);
    else if (method === 'Debugger.removeBreakpoint') this.#commands.delete(`breakpoint ${String(params.breakpointId)}`);
  }

  /** Takes note of what a command was answered with. */
  noteAnswer({ method, params = {} }: Omit<Command, 'id'>, result: unknown): void {
    if (!breakpoints.has(method)) return;
    const { breakpointId } = (result ?? {}) as { breakpointId?: unknown };
    if (typeof breakpointId === 'string') this.#keep(`breakpoint ${breakpointId}`, { method, params });
  }

  /** Whether {@link noteAnswer} has a use for the answer to a command. */
  wantsAnswer(method: string): boolean {
    return breakpoints.has(method);
  }

  #keep(key: string, command: Omit<Command, 'id'>): void {
    if (this.#commands.size >= MAX_KEPT && !this.#commands.has(key)) {
      const [oldest] = this.#commands.keys();
      this.#commands.delete(oldest!);
    }
    this.#commands.set(key, command);
  }

  #forgetDomain(domain: string): void {
    for (const [key, { method }] of this.#commands) {
      if (method.startsWith(`${domain}.`)) this.#commands.delete(key);
    }
  }
}
