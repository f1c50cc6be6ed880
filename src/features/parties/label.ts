import { jsonObjectProblem } from '../../protocol/json-object.ts';
import { badInput } from '../../protocol/status.ts';

export const MAX_LABEL_BYTES = 2048;

/** What stands for a party without a label where parties are listed. */
export const NO_LABEL = '{}';

/** @throws RealtimeError unless the label is the text of a JSON object, or empty */
export function checkLabel(label: string): void {
  if (Buffer.byteLength(label) > MAX_LABEL_BYTES) throw badInput(`a label has at most ${MAX_LABEL_BYTES} bytes`);
  const problem = label === '' ? undefined : jsonObjectProblem(label);
  if (problem) throw badInput(`a label ${problem}`);
}
