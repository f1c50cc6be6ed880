import { type Db, inTransaction } from '../../database/database.ts';
import { moduleFunction } from '../../runtime/module-function.ts';
import { boolean, list, object, optional, record, text, uuid } from '../../runtime/parameters.ts';
import type { AccountsService } from '../accounts/index.ts';
import type { Feature } from '../feature.ts';
import { deleteOf, deleteRequests, moduleAck, type StorageService, writeOf, writeRequests } from '../storage/index.ts';
import { type WalletsService, walletChange, walletUpdates } from '../wallets/index.ts';

export interface MultiUpdateDependencies {
  readonly db: Db;
  readonly accounts: AccountsService;
  readonly storage: StorageService;
  readonly wallets: WalletsService;
}

const orNull = { orNull: true };
const field = () => optional(text(), orNull);

/** `nk.multiUpdate`: accounts, storage and wallets in one transaction, all of it or nothing. */
export function createMultiUpdateFeature({ db, accounts, storage, wallets }: MultiUpdateDependencies): Feature {
  const accountUpdates = list(
    record({
      userId: uuid(),
      username: field(),
      displayName: field(),
      avatarUrl: field(),
      langTag: field(),
      location: field(),
      timezone: field(),
      metadata: optional(object(), orNull),
    }),
  );

  const multiUpdate = moduleFunction(
    'multiUpdate',
    [
      ['accountUpdates', optional(accountUpdates, orNull)],
      ['storageWrites', optional(writeRequests(), orNull)],
      ['storageDeletes', optional(deleteRequests(), orNull)],
      ['walletUpdates', optional(walletUpdates(), orNull)],
      ['updateLedger', optional(boolean(), orNull)],
    ],
    async (_call, accountChanges, writes, deletes, walletRequests, updateLedger) => {
      const walletChanges = (walletRequests ?? []).map(walletChange);
      const profiles = (accountChanges ?? []).map(({ username, metadata, ...profile }) => ({
        ...profile,
        username: username || undefined,
        metadata: metadata && JSON.stringify(metadata),
      }));
      return inTransaction(db, async (transaction) => {
        await accounts.updateMany(profiles, transaction);
        const acks = await storage.write((writes ?? []).map(writeOf), 'server', transaction);
        await storage.delete((deletes ?? []).map(deleteOf), 'server', transaction);
        const results = await wallets.update(walletChanges, updateLedger ?? false, transaction);
        return { storageWriteAcks: acks.map(moduleAck), walletUpdateAcks: results };
      });
    },
  );

  return { name: 'multi-update', functions: [multiUpdate] };
}
