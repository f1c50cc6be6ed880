/** Storage: JSON objects by collection, key and owner, and indexes to find them by content. */
declare namespace nkruntime {
  interface Nakama {
    /**
     * Reads objects, whatever their permissions; those that do not exist are left out, in no promised order.
     *
     *     const [save] = nk.storageRead([{ collection: 'saves', key: 'slot1', userId: ctx.userId }]);
     */
    storageRead(keys: StorageReadRequest[]): StorageObject[];

    /**
     * Writes objects, all or none, past their write permissions, and returns their new versions in the order of the
     * request.
     * @throws GoError when a `version` does not fit; nothing is written then.
     */
    storageWrite(keys: StorageWriteRequest[]): StorageWriteAck[];

    /**
     * Deletes objects, all or none. One that does not exist is no error, unless a version is asked for.
     * @throws GoError when a `version` does not fit; nothing is deleted then.
     */
    storageDelete(keys: StorageDeleteRequest[]): void;

    /**
     * Lists a collection, ordered by read permission and key.
     * @param userId Whose objects; everybody's when undefined or null.
     * @param limit 100 by default; 0 gives none.
     * @param callerId List as this user would see it: own objects with read permission 1 or 2, others' with 2.
     * @throws GoError for a bad cursor.
     */
    storageList(
      userId: string | null | void,
      collection: string,
      limit?: number,
      cursor?: string | null,
      callerId?: string | null | void,
    ): StorageObjectList;

    /**
     * Changes accounts, storage and wallets in one transaction: all of it or nothing. Null for a part that is not
     * needed.
     * @param updateLedger Writes wallet changes to the ledger; false by default.
     * @throws GoError when any part is refused.
     */
    multiUpdate(
      accountUpdates: UserUpdateAccount[] | null,
      storageObjectsUpdates: StorageWriteRequest[] | null,
      storageObjectsDeletes: StorageDeleteRequest[] | null,
      walletUpdates: WalletUpdate[] | null,
      updateLedger?: boolean,
    ): { storageWriteAcks: StorageWriteAck[]; walletUpdateAcks: WalletUpdateResult[] };

    /**
     * Finds objects through an index made with {@link Initializer.registerStorageIndex}.
     * @param query Terms over indexed fields: `+value.level:>=10 -value.clan:red`; also `user_id`, `key`,
     *   `collection`, `read`, `write`. `''` or `*` for all. Text is found as a whole and case counts; `T` and `F` are
     *   the booleans; `\\ ` is a space within text; `A*`, `th?ef` and `/m.*|thief/` (RE2, matched as a whole) find
     *   patterns. Of terms without `+` and `-` one must hold, unless there is one with `+`.
     * @param limit 1 to 10000; 100 by default.
     * @param order Sortable fields, `-` in front for descending: `['-value.level']`.
     * @param callerId Only what this user may read; applied after the page is cut, so pages may be short.
     * @param cursor From the same query, limit and order.
     * @throws GoError for an unknown index, or a query or cursor that cannot be read.
     */
    storageIndexList(
      indexName: string,
      query: string,
      limit?: number,
      order?: string[] | null,
      callerId?: string | null | void,
      cursor?: string | null,
    ): StorageIndexResult;
  }

  interface Initializer {
    /**
     * Makes an index over objects, loaded at the start and kept up to date with every write.
     * @param key Only objects with this key; every key when undefined, null or `''`.
     * @param fields Fields at the top of the value to index; an object with none of them is left out.
     * @param sortableFields Those of them that results can be ordered by.
     * @param maxEntries Above it (by more than a tenth) the oldest are dropped.
     * @param indexOnly Answers from the index, without the database: values then have only the indexed fields.
     */
    registerStorageIndex(
      name: string,
      collection: string,
      key: string | null | void,
      fields: string[],
      sortableFields: string[],
      maxEntries: number,
      indexOnly: boolean,
    ): void;

    /** Decides which objects an index takes in. */
    registerStorageIndexFilter(indexName: string, fn: StorageIndexFilterFunction): void;

    /** Runs before a client lists storage objects, whether or not that will be allowed (`ListStorageObjects`). */
    registerBeforeListStorageObjects(fn: BeforeHookFunction<ListStorageObjectsRequest>): void;

    /** Runs after a client lists storage objects, once it has succeeded (`ListStorageObjects`). */
    registerAfterListStorageObjects(fn: AfterHookFunction<StorageObjectList, ListStorageObjectsRequest>): void;

    /** Runs before a client reads storage objects, whether or not that will be allowed (`ReadStorageObjects`). */
    registerBeforeReadStorageObjects(fn: BeforeHookFunction<ReadStorageObjectsRequest>): void;

    /** Runs after a client reads storage objects, once it has succeeded (`ReadStorageObjects`). */
    registerAfterReadStorageObjects(fn: AfterHookFunction<StorageObjects, ReadStorageObjectsRequest>): void;

    /** Runs before a client writes storage objects, whether or not that will be allowed (`WriteStorageObjects`). */
    registerBeforeWriteStorageObjects(fn: BeforeHookFunction<WriteStorageObjectsRequest>): void;

    /** Runs after a client writes storage objects, once it has succeeded (`WriteStorageObjects`). */
    registerAfterWriteStorageObjects(fn: AfterHookFunction<StorageObjectAcks, WriteStorageObjectsRequest>): void;

    /** Runs before a client deletes storage objects, whether or not that will be allowed (`DeleteStorageObjects`). */
    registerBeforeDeleteStorageObjects(fn: BeforeHookFunction<DeleteStorageObjectsRequest>): void;

    /** Runs after a client deletes storage objects, once it has succeeded (`DeleteStorageObjects`). */
    registerAfterDeleteStorageObjects(fn: AfterHookFunction<void, DeleteStorageObjectsRequest>): void;
  }

  /** A stored object. */
  interface StorageObject {
    key: string;
    collection: string;
    /** The nil UUID for an object of the server. */
    userId: string;
    /** Changes whenever the value does. */
    version: string;
    /** 0 no client, 1 the owner, 2 everybody. */
    permissionRead: ReadPermissionValues;
    /** 0 no client, 1 the owner. */
    permissionWrite: WritePermissionValues;
    /** Seconds since 1970. */
    createTime: number;
    /** Seconds since 1970. */
    updateTime: number;
    /** A plain object; a value is never a list, text or null at its top. */
    value: { [key: string]: any };
  }

  /** An object to read. */
  interface StorageReadRequest {
    key: string;
    collection: string;
    /** The owner; the server when absent. */
    userId?: string | null;
  }

  /** An object to write; it replaces the whole value. */
  interface StorageWriteRequest {
    key: string;
    collection: string;
    /** The owner; the server when absent. */
    userId?: string | undefined;
    value: { [key: string]: any };
    /**
     * `*`: only if there is no such object. Any other: only if it has this version. Absent: always. `''` is refused.
     */
    version?: string;
    /** 0 no client, 1 the owner, 2 everybody; 1 by default. */
    permissionRead?: ReadPermissionValues;
    /** 0 no client, 1 the owner; 1 by default. */
    permissionWrite?: WritePermissionValues;
  }

  /** An object that was written. */
  interface StorageWriteAck {
    key: string;
    collection: string;
    userId: string;
    /** Its new version. */
    version: string;
  }

  /** An object to delete. */
  interface StorageDeleteRequest {
    key: string;
    collection: string;
    /** The owner; the server when absent. */
    userId?: string | null;
    /** Only if it has this version. */
    version?: string;
  }

  /** A page of objects. */
  interface StorageObjectList {
    objects?: StorageObject[];
    /** For the next page; null on the last. */
    cursor?: string;
  }

  /** Objects that a client read; `value` is the text of JSON there. */
  interface StorageObjects {
    objects?: StorageObject[];
  }

  /** Objects that a client wrote. */
  interface StorageObjectAcks {
    acks: StorageWriteAck[];
  }

  /** A page of what an index found. */
  interface StorageIndexResult {
    objects: StorageObject[];
    /** For the next page; null on the last. */
    cursor: string | null;
  }

  /** Who may read an object: 0 no client, 1 its owner, 2 everybody. */
  type ReadPermissionValues = 0 | 1 | 2;

  /** Who may write an object: 0 no client, 1 its owner. */
  type WritePermissionValues = 0 | 1;

  /** Whether an object that is being written is to be in the index; false takes it out. It cannot be `async`. */
  interface StorageIndexFilterFunction {
    (ctx: Context, logger: Logger, nk: Nakama, write: StorageWriteRequest & { userId: string | undefined }): boolean;
  }

  /** Which objects to list. */
  interface ListStorageObjectsRequest {
    collection: string;
    /** Whose; `''` for everybody's public ones. */
    userId: string;
    /** 1 to 100; null for 1. */
    limit: number;
    cursor: string;
  }

  /** An object to read. */
  interface ReadStorageObjectId {
    collection?: string;
    key?: string;
    /** The owner; `''` for the server. */
    userId?: string;
  }

  /** Objects to read. */
  interface ReadStorageObjectsRequest {
    objectIds?: ReadStorageObjectId[];
  }

  /** An object to write. */
  interface WriteStorageObject {
    collection?: string;
    key?: string;
    /** The text of a JSON object. */
    value?: string;
    /** `''` for always; see {@link StorageWriteRequest.version}. */
    version?: string;
    /** Null for 1. */
    permissionRead?: number;
    /** Null for 1. */
    permissionWrite?: number;
  }

  /** Objects to write; those that a hook leaves out are not written. */
  interface WriteStorageObjectsRequest {
    objects?: WriteStorageObject[];
  }

  /** An object to delete. */
  interface DeleteStorageObjectId {
    collection?: string;
    key?: string;
    version?: string;
  }

  /** Objects to delete. */
  interface DeleteStorageObjectsRequest {
    objectIds?: DeleteStorageObjectId[];
  }
}
