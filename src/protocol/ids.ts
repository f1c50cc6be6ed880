/** The id that stands for nobody: the server itself as an owner or sender. Source: the protocol's system user. */
export const NIL_ID = '00000000-0000-0000-0000-000000000000';

const canonicalForm = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const digitsForm = /^[0-9a-f]{32}$/i;

/** True for an id with its dashes, in either case. */
export function isId(text: string): boolean {
  return canonicalForm.test(text);
}

/** The canonical form of an id in any of its spellings (capitals, missing dashes); undefined for what is no id. */
export function canonicalId(text: string): string | undefined {
  if (canonicalForm.test(text)) return text.toLowerCase();
  const digits = text.replaceAll('-', '');
  if (!digitsForm.test(digits)) return undefined;
  return digits.toLowerCase().replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
