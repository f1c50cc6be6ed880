import { mapDelete, mapGet, mapSet, mapSize, NativeMap, now, textIndexOf, textSlice } from './primordials.ts';
import { state } from './state.ts';

/** Answers of one function that are kept at most; past it all of them are forgotten. */
const MAX_ANSWERS = 1000;
/** A call that computes for longer than this without hearing from the worker asks again. */
const MAX_SILENCE_MS = 10;

/** Answers by function and arguments. They hold until the host says otherwise. */
let kept = new NativeMap<string, Map<string, string>>();

/** The kept answer to a call, if there is one. */
export function keptAnswer(name: string, argumentsText: string): string | undefined {
  const answers = mapGet(kept, name);
  if (answers === undefined || now() - state.heardAt > MAX_SILENCE_MS) return undefined;
  return mapGet(answers, argumentsText);
}

export function keepAnswer(name: string, argumentsText: string, answer: string): void {
  let answers = mapGet(kept, name);
  if (answers === undefined || mapSize(answers) >= MAX_ANSWERS) {
    answers = new NativeMap();
    mapSet(kept, name, answers);
  }
  mapSet(answers, argumentsText, answer);
}

/** Forgets the answers of functions that a deferred call may change. */
export function forgetAnswersOf(names: readonly string[]): void {
  for (let i = 0; i < names.length; i++) mapDelete(kept, names[i]!);
}

/** Takes a record `F name`, arguments as its body; without a name all is forgotten. */
export function forgetAnswer(record: string): void {
  const tab = textIndexOf(record, '\t');
  if (tab < 2) {
    kept = new NativeMap();
    return;
  }
  const answers = mapGet(kept, textSlice(record, 2, tab));
  if (answers) mapDelete(answers, textSlice(record, tab + 1));
}
