import type { Db } from '../../database/database.ts';
import type { Feature } from '../feature.ts';
import { importLedger } from './import.ts';
import { walletFunctions } from './module-api.ts';
import { listLedger } from './queries.ts';
import { WalletsService } from './service.ts';

export { walletChange, walletUpdates } from './module-api.ts';
export { WalletsService } from './service.ts';

/** Wallets and their ledger; modules change them, players see them on their account. */
export function createWalletsFeature({ db }: { readonly db: Db }): {
  readonly feature: Feature;
  readonly wallets: WalletsService;
} {
  const wallets = new WalletsService(db);
  return {
    wallets,
    feature: {
      name: 'wallets',
      functions: walletFunctions(wallets),
      userData: {
        importOf: importLedger,
        async exportOf(source, userId) {
          const rows = await listLedger(source, userId, undefined, undefined);
          if (rows.length === 0) return {};
          return {
            wallet_ledgers: rows.map((row) => ({
              id: row.id,
              user_id: row.user_id,
              changeset: row.changeset,
              metadata: row.metadata,
              create_time: wholeSecondsText(row.create_time),
              update_time: wholeSecondsText(row.update_time),
            })),
          };
        },
      },
    },
  };
}

function wholeSecondsText(time: Date): string {
  return `${time.toISOString().slice(0, 19)}Z`;
}
