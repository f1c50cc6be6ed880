import { type ModuleFunction, moduleFunction } from '../../runtime/module-function.ts';
import { boolean, integer, object, optional, text } from '../../runtime/parameters.ts';
import type { ListedMatch } from './match-kind.ts';
import type { Matches } from './service.ts';

const DEFAULT_LIMIT = 1;
const orNull = { orNull: true };
const size = () => optional(integer(), orNull);

/** `nk.matchCreate`, `nk.matchGet`, `nk.matchList` and `nk.matchSignal`. */
export function matchFunctions(matches: Matches): readonly ModuleFunction[] {
  return [
    moduleFunction(
      'matchCreate',
      [
        ['module', text({ minLength: 1 })],
        ['params', optional(object())],
      ],
      (_call, module, params = {}) => matches.createAuthoritative(module, JSON.stringify(params)),
    ),

    moduleFunction(
      'matchSignal',
      [
        ['id', text()],
        ['data', text()],
      ],
      (call, id, data) => {
        if (call.origin?.matchId === id) throw new Error('a match cannot wait for its own answer to a signal');
        return matches.signal(id, data);
      },
    ),

    moduleFunction('matchGet', [['id', text()]], (_call, id) => {
      const found = matches.get(id);
      return found ? moduleMatch(found) : null;
    }),

    moduleFunction(
      'matchList',
      [
        ['limit', optional(integer({ min: 0 }))],
        ['authoritative', optional(boolean(), orNull)],
        ['label', optional(text(), orNull)],
        ['minSize', size()],
        ['maxSize', size()],
        ['query', optional(text(), orNull)],
      ],
      (_call, limit = DEFAULT_LIMIT, authoritative, label, minSize, maxSize, query) =>
        matches.list({ authoritative, label, minSize, maxSize, query }, limit).map(moduleMatch),
    ),
  ];
}

function moduleMatch({ matchId, authoritative, size, label }: ListedMatch) {
  return { matchId, authoritative: authoritative ?? false, size, label: label ?? null };
}
