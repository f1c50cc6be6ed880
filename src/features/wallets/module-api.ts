import { epochSeconds } from '../../protocol/times.ts';
import { ArgumentError } from '../../runtime/argument-check.ts';
import { type ModuleFunction, moduleFunction } from '../../runtime/module-function.ts';
import {
  boolean,
  integer,
  type JsonValue,
  list,
  object,
  optional,
  record,
  text,
  uuid,
} from '../../runtime/parameters.ts';
import type { LedgerRow } from './queries.ts';
import type { WalletChange, WalletsService } from './service.ts';

const orNull = { orNull: true };
const LEDGER_LIMIT_DEFAULT = 100;

/** What `nk.walletsUpdate` takes, here and in `nk.multiUpdate`. */
export const walletUpdates = () =>
  list(record({ userId: uuid(), changeset: object(), metadata: optional(object(), orNull) }));

export function walletFunctions(wallets: WalletsService): ModuleFunction[] {
  return [
    moduleFunction(
      'walletUpdate',
      [
        ['userId', uuid()],
        ['changeset', object()],
        ['metadata', optional(object(), orNull)],
        ['updateLedger', optional(boolean())],
      ],
      async (_call, userId, changeset, metadata, updateLedger) => {
        const [result] = await wallets.update([walletChange({ userId, changeset, metadata })], updateLedger ?? false);
        if (!result) throw new ArgumentError('nk.walletUpdate: userId is of no user');
        return result;
      },
    ),

    moduleFunction(
      'walletsUpdate',
      [
        ['updates', walletUpdates()],
        ['updateLedger', optional(boolean())],
      ],
      (_call, updates, updateLedger) => wallets.update(updates.map(walletChange), updateLedger ?? false),
    ),

    moduleFunction(
      'walletLedgerList',
      [
        ['userId', uuid()],
        ['limit', optional(integer({ min: 1, max: 100 }))],
        ['cursor', optional(text())],
      ],
      async (_call, userId, limit, cursor) => {
        const page = await wallets.ledger(userId, limit ?? LEDGER_LIMIT_DEFAULT, cursor ?? '');
        return { items: page.items.map(moduleLedgerEntry), cursor: page.cursor };
      },
    ),

    moduleFunction(
      'walletLedgerUpdate',
      [
        ['itemId', uuid()],
        ['metadata', object()],
      ],
      async (_call, id, metadata) => moduleLedgerEntry(await wallets.extendMetadata(id, metadata)),
    ),
  ];
}

/** A change as a module asks for it. @throws ArgumentError for amounts that are no whole numbers */
export function walletChange(request: {
  readonly userId: string;
  readonly changeset: { [key: string]: JsonValue };
  readonly metadata?: { [key: string]: JsonValue } | undefined;
}): WalletChange {
  const amounts = Object.entries(request.changeset).map(([currency, amount]): [string, number] => {
    if (typeof amount !== 'number' || !Number.isSafeInteger(amount)) {
      throw new ArgumentError(`changeset: the amount of "${currency}" must be a whole number`);
    }
    return [currency, amount];
  });
  return { userId: request.userId, changeset: Object.fromEntries(amounts), metadata: request.metadata ?? {} };
}

function moduleLedgerEntry(row: LedgerRow) {
  return {
    id: row.id,
    userId: row.user_id,
    createTime: epochSeconds(row.create_time),
    updateTime: epochSeconds(row.update_time),
    changeset: JSON.parse(row.changeset) as unknown,
    metadata: JSON.parse(row.metadata) as unknown,
  };
}
