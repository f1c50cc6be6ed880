import type { CallTimes } from '../../observability/call-times.ts';
import type { ModuleBundle, Position } from '../module-bundle.ts';
import type { Registration } from '../module-host.ts';
import type { Recording, RegistrationReport, Replay } from '../worker/isolate-setup.ts';
import type { Target } from './dispatch-table.ts';

const scriptPosition = /:(\d+):(\d+)\)?\s*$/;

/** A module of one set: its bundle, its number in the workers and what its InitModule did. */
export class LoadedModule {
  readonly bundle: ModuleBundle;
  /** Names the module's isolates in every worker; never used again. */
  readonly pool: number;
  /** Counts the sets of modules that have served since the start; the first is 1. */
  version = 0;
  /** The answers that its InitModule's nk calls got. */
  readonly recording: Recording = {};
  /** Its calls that are not answered, and the UTF-16 units of their arguments. */
  waitingCalls = 0;
  waitingUnits = 0;
  #reports: readonly RegistrationReport[] = [];

  constructor(bundle: ModuleBundle, pool: number) {
    this.bundle = bundle;
    this.pool = pool;
  }

  get name(): string {
    return this.bundle.name;
  }

  /** Keeps what InitModule registered. */
  initialised(reports: readonly RegistrationReport[]): void {
    this.#reports = reports;
  }

  /** What further isolates need to repeat InitModule. */
  get replay(): Replay {
    return { handlers: this.#reports.map(({ kind, name }) => ({ kind, name })), recording: this.recording };
  }

  /** The handlers that can be called, in the order of their registration. */
  targets(modes: Readonly<Record<Registration['kind'], Target['mode']>>, times?: CallTimes): Target[] {
    const targets: Target[] = [];
    for (const [handler, { kind, name, at, data }] of this.#reports.entries()) {
      if (!Object.hasOwn(modes, kind)) continue;
      const known = kind as Registration['kind'];
      const position = at === undefined ? undefined : this.positionOf(at);
      const registration: Registration = {
        kind: known,
        name,
        module: this.name,
        ...(position ? { place: `${position.file}:${position.line}` } : {}),
        ...(data ? { data } : {}),
      };
      targets.push({
        module: this,
        registration,
        handler,
        mode: modes[known],
        label: `${known} ${name}`,
        times: known === 'rpc' ? times?.of('rpc', name.toLowerCase()) : undefined,
      });
    }
    return targets;
  }

  /** `file:line` at which a handler was registered, by its label. */
  placeOf(label: string): string | undefined {
    const at = this.#reports.find(({ kind, name }) => `${kind} ${name}` === label)?.at;
    const position = at === undefined ? undefined : this.positionOf(at);
    return position && `${position.file}:${position.line}`;
  }

  /** Where a line of a stack stands in the author's source. */
  positionOf(stackLine: string): Position | undefined {
    const [, line, column] = scriptPosition.exec(stackLine) ?? [];
    if (line === undefined || !stackLine.includes(this.bundle.fileName)) return undefined;
    const position = { file: this.bundle.fileName, line: Number(line), column: Number(column) };
    return this.bundle.mapPosition ? this.bundle.mapPosition(position.line, position.column) : position;
  }
}
