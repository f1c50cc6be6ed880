import { NIL_ID } from '../../protocol/ids.ts';
import { epochSeconds } from '../../protocol/times.ts';
import { type ModuleFunction, moduleFunction, WrittenJson } from '../../runtime/module-function.ts';
import { integer, type JsonValue, list, object, optional, record, text, uuid } from '../../runtime/parameters.ts';
import type { ObjectRow } from './queries.ts';
import type { StoragePage, StorageService } from './service.ts';

const orNull = { orNull: true };
const owner = () => optional(uuid(), orNull);
const name = () => text({ minLength: 1 });
const LIST_LIMIT_DEFAULT = 100;

/** What `nk.storageWrite` takes, here and in `nk.multiUpdate`. */
export const writeRequests = () =>
  list(
    record({
      collection: name(),
      key: name(),
      userId: owner(),
      value: object(),
      version: optional(text({ minLength: 1 }), orNull),
      permissionRead: optional(integer({ min: 0, max: 2 }), orNull),
      permissionWrite: optional(integer({ min: 0, max: 1 }), orNull),
    }),
  );

/** What `nk.storageDelete` takes, here and in `nk.multiUpdate`. */
export const deleteRequests = () =>
  list(record({ collection: name(), key: name(), userId: owner(), version: optional(text({ minLength: 1 }), orNull) }));

export function storageFunctions(storage: StorageService): ModuleFunction[] {
  return [
    moduleFunction('storageWrite', [['objects', writeRequests()]], async (_call, objects) =>
      (await storage.write(objects.map(writeOf), 'server')).map(moduleAck),
    ),

    moduleFunction(
      'storageRead',
      [['keys', list(record({ collection: name(), key: name(), userId: owner() }))]],
      async (_call, keys) => new WrittenJson(objectTexts(await storage.read(keys.map(ownedBy), 'server'))),
    ),

    moduleFunction(
      'storageList',
      [
        ['userId', owner()],
        ['collection', text()],
        ['limit', optional(integer({ min: 0, max: 10_000 }), orNull)],
        ['cursor', optional(text(), orNull)],
        ['callerId', owner()],
      ],
      async (_call, userId, collection, limit, cursor, callerId) => {
        const caller = callerId === undefined ? 'server' : { userId: callerId };
        const page = await storage.list(collection, userId, caller, limit ?? LIST_LIMIT_DEFAULT, cursor ?? '');
        return modulePage(page);
      },
    ),

    moduleFunction('storageDelete', [['keys', deleteRequests()]], (_call, keys) =>
      storage.delete(keys.map(deleteOf), 'server'),
    ),
  ];
}

type Owned = { readonly userId?: string | undefined };

/** A write as a module asks for it. Its version is that of the value's text with keys sorted. */
export function writeOf<T extends Owned & WriteRequest>(request: T) {
  return {
    collection: request.collection,
    key: request.key,
    userId: request.userId ?? NIL_ID,
    value: sortedJson(request.value),
    version: request.version ?? '',
    permissionRead: request.permissionRead ?? 1,
    permissionWrite: request.permissionWrite ?? 1,
  };
}

interface WriteRequest {
  readonly collection: string;
  readonly key: string;
  readonly value: { [key: string]: JsonValue };
  readonly version?: string | undefined;
  readonly permissionRead?: number | undefined;
  readonly permissionWrite?: number | undefined;
}

/** A delete as a module asks for it. */
export function deleteOf<T extends Owned & { collection: string; key: string; version?: string | undefined }>(
  request: T,
) {
  return { ...ownedBy(request), version: request.version ?? '' };
}

/** What a module is told of a write. */
export function moduleAck({
  collection,
  key,
  userId,
  version,
}: {
  collection: string;
  key: string;
  userId: string;
  version: string;
}) {
  return { collection, key, userId, version };
}

/** A page of objects as modules see it. */
export function modulePage({ objects, cursor }: StoragePage): WrittenJson {
  return new WrittenJson(`{"objects":${objectTexts(objects)},"cursor":${JSON.stringify(cursor)}}`);
}

/** JSON of objects as modules see them. Their values may be large, and go on as the database wrote them. */
function objectTexts(rows: readonly ObjectRow[]): string {
  return `[${rows.map(objectText).join(',')}]`;
}

function objectText(row: ObjectRow): string {
  const facts = JSON.stringify({
    key: row.key,
    collection: row.collection,
    userId: row.user_id,
    version: row.version,
    permissionRead: row.read,
    permissionWrite: row.write,
    createTime: epochSeconds(row.create_time),
    updateTime: epochSeconds(row.update_time),
  });
  return `${facts.slice(0, -1)},"value":${row.value}}`;
}

function ownedBy<T extends Owned & { collection: string; key: string }>({ collection, key, userId }: T) {
  return { collection, key, userId: userId ?? NIL_ID };
}

/** JSON whose keys are in order, so that equal values have equal texts. */
function sortedJson(value: JsonValue): string {
  if (Array.isArray(value)) return `[${value.map(sortedJson).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const entries = Object.keys(value).sort();
  return `{${entries.map((key) => `${JSON.stringify(key)}:${sortedJson(value[key]!)}`).join(',')}}`;
}
