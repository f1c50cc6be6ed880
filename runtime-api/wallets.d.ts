/** Wallets: whole amounts by currency, with an optional ledger of changes. */
declare namespace nkruntime {
  interface Nakama {
    /**
     * Adds to (or, with negative numbers, takes from) a user's wallet.
     * @param changeset Whole numbers by currency.
     * @param metadata Kept with the ledger's item; `{}` by default.
     * @param updateLedger Writes the change to the ledger; false by default.
     * @throws GoError when an amount would fall below zero; nothing changes then.
     */
    walletUpdate(
      userId: string,
      changeset: { [key: string]: number },
      metadata?: { [key: string]: any },
      updateLedger?: boolean,
    ): WalletUpdateResult;

    /**
     * Changes several wallets, all or none, with results in the order of the request. Unknown users are left out.
     * @param updateLedger Writes the changes to the ledger; false by default.
     * @throws GoError when an amount would fall below zero; nothing changes then.
     */
    walletsUpdate(updates: WalletUpdate[], updateLedger?: boolean): WalletUpdateResult[];

    /**
     * A user's ledger, newest first. `null` for limit or cursor is refused.
     * @param limit 100 by default.
     * @throws GoError for a bad cursor, or one of another user.
     */
    walletLedgerList(userId: string, limit?: number, cursor?: string): WalletLedgerList;

    /**
     * Merges metadata into an item of the ledger.
     * @throws GoError for an unknown item.
     */
    walletLedgerUpdate(ledgerID: string, metadata: { [key: string]: any }): WalletLedgerResult;
  }

  /** Whole amounts by currency. A currency that fell to 0 stays as a key. */
  type Wallet = { [key: string]: number };

  /** A change of one wallet. */
  interface WalletUpdate {
    userId: string;
    /** What to add, whole numbers by currency. */
    changeset: { [key: string]: number };
    /** Kept with the ledger's item. */
    metadata?: { [key: string]: any };
  }

  /** A wallet after a change. */
  interface WalletUpdateResult {
    userId: string;
    /** The whole wallet now. */
    updated: { [key: string]: number };
    /** The whole wallet before. */
    previous: { [key: string]: number };
  }

  /** An item of the ledger. */
  interface WalletLedgerResult {
    id: string;
    userId: string;
    /** Seconds since 1970. */
    createTime: number;
    /** Seconds since 1970. */
    updateTime: number;
    changeset: { [key: string]: number };
    metadata: { [key: string]: any };
  }

  /** A page of a ledger. */
  interface WalletLedgerList {
    items: WalletLedgerResult[];
    /** For the next page; null on the last. */
    cursor?: string;
  }
}
