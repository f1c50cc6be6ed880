/**
 * `nkruntime` is types only. Its constants are `const enum`s, which the TypeScript compiler writes into the code as
 * values; esbuild sees one file at a time and cannot, so it is told the values.
 */
const enums = {
  Codes: {
    CANCELLED: 1,
    UNKNOWN: 2,
    INVALID_ARGUMENT: 3,
    DEADLINE_EXCEEDED: 4,
    NOT_FOUND: 5,
    ALREADY_EXISTS: 6,
    PERMISSION_DENIED: 7,
    RESOURCE_EXHAUSTED: 8,
    FAILED_PRECONDITION: 9,
    ABORTED: 10,
    OUT_OF_RANGE: 11,
    UNIMPLEMENTED: 12,
    INTERNAL: 13,
    UNAVAILABLE: 14,
    DATA_LOSS: 15,
    UNAUTHENTICATED: 16,
  },
  GroupUserState: { Superadmin: 0, Admin: 1, Member: 2, JoinRequest: 3, Banned: 4 },
  SortOrder: { ASCENDING: 'ascending', DESCENDING: 'descending' },
  Operator: { BEST: 'best', SET: 'set', INCREMENTAL: 'increment' },
  OverrideOperator: { BEST: 'best', SET: 'set', INCREMENTAL: 'increment', DECREMENTAL: 'decrement' },
  PresenceReason: {
    PresenceReasonUnknown: 0,
    PresenceReasonJoin: 1,
    PresenceReasonUpdate: 2,
    PresenceReasonLeave: 3,
    PresenceReasonDisconnect: 4,
  },
  ChanType: { Room: 1, DirectMessage: 2, Group: 3 },
} as const;

const systemUserId = '00000000-0000-0000-0000-000000000000';

/** The values as esbuild's `define` takes them: `nkruntime.Codes.NOT_FOUND` → `5`. */
export const nkruntimeDefinitions: Readonly<Record<string, string>> = Object.fromEntries([
  ['nkruntime.SystemUserId', JSON.stringify(systemUserId)],
  ...Object.entries(enums).flatMap(([name, members]) => [
    [`nkruntime.${name}`, JSON.stringify(members)],
    ...Object.entries(members).map(([member, value]) => [`nkruntime.${name}.${member}`, JSON.stringify(value)]),
  ]),
]);

/** The source of what `import { Codes } from 'nk-server/runtime-api'` means at run time. */
export const nkruntimeModule = [
  `export const SystemUserId = ${JSON.stringify(systemUserId)};`,
  ...Object.entries(enums).map(([name, members]) => `export const ${name} = ${JSON.stringify(members)};`),
].join('\n');
