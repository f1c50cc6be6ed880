/** Longer than a row of an index may be, and not to be made shorter by compression. */
const INCOMPRESSIBLE = Array.from({ length: 8000 }, (_, i) => ((i * 2_654_435_761) >>> 0).toString(36))
  .join('')
  .slice(0, 20_000);

/** Texts that somewhere are not what a text should be. */
export const oddTexts = [
  '',
  'a\u0000b',
  'a\ud800b',
  'x'.repeat(100_000),
  INCOMPRESSIBLE,
  '%_\\',
  `'";--`,
  '-1',
  '99999999999999999999',
  '{"a":"\\u0000"}',
  '{"a":"\\ud800"}',
  '{"a\\u0000":1}',
  '{"a":1e999999}',
  `${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`,
  'WyJ4Il0',
  'bnVsbA==',
  '00000000-0000-0000-0000-000000000000',
];
