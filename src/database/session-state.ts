/** Statements that leave nothing behind on their connection, by their first word. */
const PLAIN = /^(select|insert|update|delete|merge|with|values|table|explain|show)\b/i;
/** Even those may, by one of these. */
const LASTING = /set_config|advisory|\binto\s+(local\s+|global\s+)?temp/i;
/** Blanks, parentheses and comments; a comment within another one hides the first word, which then counts as another. */
const LEADING = /^(?:[\s(;]|--[^\n]*(?:\n|$)|\/\*[\s\S]*?\*\/)+/;

/**
 * True when a module's statement may change what is its connection's own, for whoever uses that next: settings, role,
 * locks, temporary tables, prepared statements. Told by the text, so that others cost nothing. A function that the
 * database has may do so unseen.
 */
export function mayChangeSession(sql: string): boolean {
  return !PLAIN.test(sql.replace(LEADING, '')) || LASTING.test(sql);
}
