/** Scripts of the server and its engine, by their names. */
const OWN = /^(nk[:-]|<isolated-vm>)/;
/** Those of them that debuggers step over: all but the one in which the engine has entries end. */
export const STEPPED_OVER = '^(nk:|<isolated-vm>)';

const parsedPattern =
  /^\{"method":"Debugger\.script(Parsed|FailedToParse)","params":\{"scriptId":"(\d+)","url":"([^"]*)"/;
const stackPattern = /^\{"method":"(Debugger\.paused|Runtime\.(consoleAPICalled|exceptionThrown))"/;

interface Stack {
  callFrames: { url: string; scriptId: string }[];
  readonly parent?: Stack;
}

/** What a message with stacks has of them. */
interface Stacks {
  callFrames?: { readonly location: { readonly scriptId: string } }[];
  readonly asyncStackTrace?: Stack;
  readonly stackTrace?: Stack;
  readonly exceptionDetails?: { readonly stackTrace?: Stack };
}

/** Keeps the server's own scripts in an isolate from debuggers, which then show the author's files and nothing else. */
export class OwnScripts {
  readonly #ids = new Set<string>();

  /** From now on it is another isolate. */
  next(): void {
    this.#ids.clear();
  }

  /** What the debugger is told for a message of the isolate; undefined for nothing. */
  shown(text: string): string | undefined {
    const parsed = parsedPattern.exec(text);
    if (parsed) {
      if (!OWN.test(parsed[3]!)) return text;
      this.#ids.add(parsed[2]!);
      return undefined;
    }
    return stackPattern.test(text) ? this.#withoutOwnFrames(text) : text;
  }

  #withoutOwnFrames(text: string): string {
    const message = JSON.parse(text) as { params: Stacks };
    const { params } = message;
    const frames = params.callFrames?.filter(({ location }) => !this.#ids.has(location.scriptId));
    // A debugger that is held nowhere would be at a loss.
    if (frames && frames.length > 0) params.callFrames = frames;
    for (const stack of [params.asyncStackTrace, params.stackTrace, params.exceptionDetails?.stackTrace]) {
      for (let part = stack; part; part = part.parent) {
        part.callFrames = part.callFrames.filter(({ url }) => !OWN.test(url));
      }
    }
    return JSON.stringify(message);
  }
}
