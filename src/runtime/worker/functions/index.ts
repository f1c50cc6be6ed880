import { type ArgumentsOf, type NamedParameter, object, text } from '../../parameters.ts';
import { jwtGenerate } from './jwt.ts';
import { rsaPrivateKey, rsaSha256 } from './private-key.ts';

/** An nk function that runs on the worker process's main thread, while the module waits. */
export interface WorkerFunction {
  /** As in the module API: `jwtGenerate`. */
  readonly name: string;
  /** The caller checks the arguments against these. */
  readonly parameters: readonly NamedParameter[];
  /** @throws ArgumentError for a TypeError in the module; any other error becomes a GoError there */
  run(...args: readonly unknown[]): unknown;
}

/** The nk functions that need Node's crypto but not the server process. */
export const workerFunctions: readonly WorkerFunction[] = [
  workerFunction(
    'jwtGenerate',
    [
      ['algorithm', text()],
      ['key', text({ minLength: 1 })],
      ['claims', object()],
    ],
    jwtGenerate,
  ),
  // Text cannot hold the signature's bytes; the reference gives text with the bytes that are not UTF-8 replaced.
  workerFunction(
    'rsaSha256Hash',
    [
      ['input', text()],
      ['key', text({ minLength: 1 })],
    ],
    (input, key) => rsaSha256(input, rsaPrivateKey(key, 'pkcs1')).then((signature) => signature.toString('utf8')),
  ),
];

function workerFunction<const P extends readonly NamedParameter[]>(
  name: string,
  parameters: P,
  run: (...args: ArgumentsOf<P>) => unknown,
): WorkerFunction {
  return { name, parameters, run: run as WorkerFunction['run'] };
}
