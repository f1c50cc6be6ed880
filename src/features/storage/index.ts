import type { Db } from '../../database/database.ts';
import { StorageObjectSchema } from '../../protocol/gen/nakama/api/api_pb.js';
import { toWireJson } from '../../protocol/json-codec.ts';
import type { Feature } from '../feature.ts';
import { importedObjects } from './import.ts';
import { storageFunctions } from './module-api.ts';
import { objectMessage, storageOperations } from './operations.ts';
import { findObjectsOfUser } from './queries.ts';
import { StorageService } from './service.ts';

export { deleteOf, deleteRequests, moduleAck, modulePage, writeOf, writeRequests } from './module-api.ts';
export type { ObjectRow } from './queries.ts';
export { type StorageListener, StorageService } from './service.ts';
export type { ObjectId } from './storage-object.ts';

/** Storage: JSON objects in collections, owned by players or the server. */
export function createStorageFeature({ db }: { readonly db: Db }): {
  readonly feature: Feature;
  readonly storage: StorageService;
} {
  const storage = new StorageService(db);
  return {
    storage,
    feature: {
      name: 'storage',
      operations: storageOperations(storage),
      functions: storageFunctions(storage),
      userData: {
        async deleteOf(transaction, userId) {
          storage.ownerIsDeleted(transaction, userId);
        },
        importOf: (transaction, userId, exported) => storage.replaceAll(userId, importedObjects(exported), transaction),
        async exportOf(source, userId) {
          const rows = await findObjectsOfUser(source, userId);
          if (rows.length === 0) return {};
          return {
            objects: rows.map((row) => JSON.parse(toWireJson(StorageObjectSchema, objectMessage(row))) as unknown),
          };
        },
      },
    },
  };
}
