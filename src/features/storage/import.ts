import { type StorageObject, StorageObjectSchema } from '../../protocol/gen/nakama/api/api_pb.js';
import { type ExportedData, exportedList } from '../user-data.ts';
import { checkName, checkPermissions, checkValue, versionOf } from './storage-object.ts';

const VERSION_MAX_CHARACTERS = 32;

/** The objects of an export, checked; one without a version gets that of its text. @throws StatusError INVALID_ARGUMENT */
export function importedObjects(exported: ExportedData): StorageObject[] {
  const objects = exportedList(exported, 'objects', StorageObjectSchema);
  for (const object of objects) {
    checkName('collection', object.collection);
    checkName('key', object.key);
    checkPermissions(object.permissionRead, object.permissionWrite);
    checkValue(object.value);
    if (object.version === '' || object.version.length > VERSION_MAX_CHARACTERS)
      object.version = versionOf(object.value);
  }
  return objects;
}
