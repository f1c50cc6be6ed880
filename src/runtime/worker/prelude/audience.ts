import type { NamedParameter, Parameter } from '../../parameters.ts';
import { isArray, NativeTypeError } from './primordials.ts';

/** A connection as `where` sees it. */
interface Candidate {
  readonly sessionId: string;
}

type List = (scope: object) => unknown;

/**
 * Replaces `{where}` in arguments by the sessions it chooses. `list` asks the host for the candidates: those of the
 * user, users or stream that stand beside the audience, else all.
 */
export function resolveAudiences(
  name: string,
  parameters: readonly NamedParameter[],
  args: readonly unknown[],
  list: List,
): readonly unknown[] {
  let resolved: unknown[] | undefined;
  for (let i = 0; i < parameters.length; i++) {
    const parameter = inner(parameters[i]![1]);
    if (parameter.kind === 'audience') {
      const value = resolve(name, args[i], () => scopeOf((field) => argumentNamed(parameters, args, field)), list);
      if (value === args[i]) continue;
      resolved ??= copyOf(args);
      resolved[i] = value;
    } else if (parameter.kind === 'list' && parameter.of.kind === 'record' && isArray(args[i])) {
      resolveRecords(name, parameter.of.fields, args[i] as Record<string, unknown>[], list);
    }
  }
  return resolved ?? args;
}

/** True when a call of such a function may name an audience. */
export function hasAudience(parameters: readonly NamedParameter[]): boolean {
  for (let i = 0; i < parameters.length; i++) {
    const parameter = inner(parameters[i]![1]);
    if (parameter.kind === 'audience') return true;
    if (parameter.kind === 'list' && parameter.of.kind === 'record' && audienceField(parameter.of.fields)) return true;
  }
  return false;
}

/** The records are copies that the argument check made. */
function resolveRecords(
  name: string,
  fields: Readonly<Record<string, Parameter>>,
  records: Record<string, unknown>[],
  list: List,
): void {
  const field = audienceField(fields);
  if (field === undefined) return;
  for (let i = 0; i < records.length; i++) {
    const record = records[i]!;
    if (record[field] !== undefined) {
      record[field] = resolve(name, record[field], () => scopeOf((other) => record[other]), list);
    }
  }
}

function audienceField(fields: Readonly<Record<string, Parameter>>): string | undefined {
  for (const field in fields) if (inner(fields[field]!).kind === 'audience') return field;
  return undefined;
}

function inner(parameter: Parameter): Parameter {
  return parameter.kind === 'optional' ? inner(parameter.of) : parameter;
}

function resolve(name: string, audience: unknown, scope: () => object, list: List): unknown {
  if (typeof audience !== 'object' || audience === null) return audience;
  const { where } = audience as { where?: unknown };
  if (where === undefined) return audience;
  if (typeof where !== 'function') throw new NativeTypeError(`nk.${name}: to.where must be a function`);
  const candidates = list(scope()) as Candidate[];
  const sessionIds: string[] = [];
  for (let i = 0; i < candidates.length; i++) {
    const { sessionId } = candidates[i]!;
    if (where(candidates[i])) sessionIds[sessionIds.length] = sessionId;
  }
  return { sessionIds };
}

function scopeOf(field: (name: string) => unknown): object {
  const stream = field('stream');
  if (stream !== undefined) return { stream };
  const userId = field('userId');
  if (typeof userId === 'string') return { userIds: [userId] };
  const userIds = field('userIds');
  return isArray(userIds) ? { userIds } : {};
}

function argumentNamed(parameters: readonly NamedParameter[], args: readonly unknown[], name: string): unknown {
  for (let i = 0; i < parameters.length; i++) if (parameters[i]![0] === name) return args[i];
  return undefined;
}

function copyOf(args: readonly unknown[]): unknown[] {
  const copy: unknown[] = [];
  for (let i = 0; i < args.length; i++) copy[i] = args[i];
  return copy;
}
