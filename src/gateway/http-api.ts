import type { Message } from '@bufbuild/protobuf';
import type { OperationBinding, OperationCall } from '../features/feature.ts';
import type { CallTimes } from '../observability/call-times.ts';
import type { Log } from '../observability/log.ts';
import { fromHookJson, toHookJson } from '../protocol/hook-json.ts';
import { toWireJson, type WireJson } from '../protocol/json-codec.ts';
import { type Operation, operations } from '../protocol/operations.ts';
import { type RequestBuilder, requestBuilder } from '../protocol/request-message.ts';
import { Status, StatusError } from '../protocol/status.ts';
import type { Hook, ModuleHost } from '../runtime/module-host.ts';
import { callOrigin } from './call-origin.ts';
import { RouteTable } from './route-table.ts';

/** An operation at one of its routes, with the handler that a feature gave. */
export interface OperationTarget {
  readonly operation: Operation;
  /** Makes the request message of this route. */
  readonly build: RequestBuilder;
  readonly handle: ((input: never, call: OperationCall) => unknown) | undefined;
}

/** Every operation of the service by its routes; one without a handler answers `not implemented`. */
export function operationRoutes(bindings: readonly OperationBinding[]): RouteTable<OperationTarget> {
  const handlers = new Map<string, OperationBinding['handle']>();
  for (const { method, handle } of bindings) {
    if (handlers.has(method.name)) throw new Error(`two handlers for the operation ${method.name}`);
    handlers.set(method.name, handle);
  }
  const table = new RouteTable<OperationTarget>();
  for (const operation of operations) {
    const handle = handlers.get(operation.method.name);
    for (const route of operation.routes) {
      const build = requestBuilder(operation.method, route);
      table.add(route.httpMethod, route.pathTemplate, { operation, build, handle });
    }
  }
  return table;
}

/** Runs operations: before hook, handler, after hook. */
export class OperationRunner {
  readonly #modules: ModuleHost;
  readonly #times: CallTimes;
  readonly #log: Log;

  constructor(modules: ModuleHost, times: CallTimes, log: Log) {
    this.#modules = modules;
    this.#times = times;
    this.#log = log;
  }

  /**
   * Runs an operation and gives its answer as JSON.
   * @throws StatusError for everything that the client is to know
   */
  async run(target: OperationTarget, request: Message, call: OperationCall): Promise<string> {
    const startedMs = performance.now();
    const times = this.#times.of('operation', target.operation.name);
    try {
      const answer = await this.#answer(target, request, call);
      times.ended(startedMs);
      return answer;
    } catch (error) {
      times.failed(startedMs);
      throw error;
    }
  }

  async #answer(target: OperationTarget, request: Message, call: OperationCall): Promise<string> {
    const { operation, handle } = target;
    const before = this.#modules.hook('before', operation.name);
    const input = before ? await this.#before(before, operation, request, call) : request;
    if (!handle) throw new StatusError(Status.UNIMPLEMENTED, `${operation.name} is not implemented yet`);
    const output = (await handle(input as never, call)) as Message | WireJson;
    const after = this.#modules.hook('after', operation.name);
    if (after) await this.#after(after, operation, input, output, call);
    return toWireJson(operation.method.output, output);
  }

  async #before(hook: Hook, operation: Operation, request: Message, call: OperationCall): Promise<Message> {
    const { input } = operation.method;
    const text = isEmpty(input.typeName) ? null : toHookJson(input, request);
    const changed = await hook.call(callOrigin(call.identity, call), text);
    if (text === null) return request;
    if (changed === null) throw new StatusError(Status.NOT_FOUND, `${operation.name} is switched off`);
    try {
      return fromHookJson(input, changed);
    } catch (error) {
      this.#log.error(
        { err: error, request: call.requestId },
        `the before hook of ${operation.name} returned something that is no such request`,
      );
      throw new StatusError(Status.INTERNAL, `the before hook of ${operation.name} returned no valid request`);
    }
  }

  /** Its author's mistakes are in the log already; the client's answer is not changed by them. */
  async #after(
    hook: Hook,
    operation: Operation,
    input: Message,
    output: Message | WireJson,
    call: OperationCall,
  ): Promise<void> {
    const { method } = operation;
    const identity = operation.auth === 'serverKey' && call.identity ? { vars: {}, ...call.identity } : call.identity;
    try {
      await hook.call(
        callOrigin(identity, call),
        isEmpty(method.output.typeName) ? null : toHookJson(method.output, output),
        isEmpty(method.input.typeName) ? null : toHookJson(method.input, input),
      );
    } catch (error) {
      if (!(error instanceof StatusError)) throw error;
    }
  }
}

function isEmpty(typeName: string): boolean {
  return typeName === 'google.protobuf.Empty';
}
