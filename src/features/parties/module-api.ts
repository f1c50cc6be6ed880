import { type ModuleFunction, moduleFunction } from '../../runtime/module-function.ts';
import { boolean, integer, optional, text } from '../../runtime/parameters.ts';
import { DEFAULT_LIST_LIMIT, MAX_LIST_LIMIT, type PartyDirectory } from './directory.ts';

const orNull = { orNull: true };

/** `nk.partyList`. */
export function partyFunctions(directory: PartyDirectory): readonly ModuleFunction[] {
  return [
    moduleFunction(
      'partyList',
      [
        ['limit', optional(integer({ min: 1, max: MAX_LIST_LIMIT }), orNull)],
        ['open', optional(boolean(), orNull)],
        ['query', optional(text(), orNull)],
        ['cursor', optional(text(), orNull)],
      ],
      (_call, limit = DEFAULT_LIST_LIMIT, open, query = '', cursor = '') => {
        const page = directory.list({ query, open, limit }, cursor);
        return { parties: page.parties, ...(page.cursor !== '' && { cursor: page.cursor }) };
      },
    ),
  ];
}
