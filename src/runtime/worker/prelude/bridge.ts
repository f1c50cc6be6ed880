import { parse } from './primordials.ts';
import { state } from './state.ts';

/** The worker's end of a synchronous call: takes the outbox and a call, gives its answer. */
interface HostReference {
  applySyncPromise(receiver: undefined, args: readonly [string]): unknown;
}

let host: HostReference | undefined;

/** Hands over the way to the worker; nothing else may keep it. */
export function setHost(reference: HostReference): void {
  host = reference;
}

/** Parks the isolate until the worker has answered the record; what is in the outbox goes along. */
export function askWorker(head: string, body: string): string {
  const text = `${state.outbox}${head}\t${body}\n`;
  state.outbox = '';
  try {
    return host!.applySyncPromise(undefined, [text]) as string;
  } catch (error) {
    // This thread cannot wait. Whatever the module makes of that, the entry counts as one that never was.
    state.couldNotAsk = true;
    throw error;
  }
}

/** The text that a JSON string stands for. */
export function unquoted(text: string): string {
  return parse(text) as string;
}
