import { type ModuleFunction, moduleFunction } from '../../runtime/module-function.ts';
import { integer, list, optional, text, uuid } from '../../runtime/parameters.ts';
import { modulePage } from '../storage/index.ts';
import type { StorageIndexes } from './service.ts';

const orNull = { orNull: true };
const LIMIT_DEFAULT = 100;
const LIMIT_MAX = 10_000;

export function storageIndexFunctions(indexes: StorageIndexes): ModuleFunction[] {
  return [
    moduleFunction(
      'storageIndexList',
      [
        ['indexName', text()],
        ['query', text()],
        ['limit', optional(integer({ min: 1, max: LIMIT_MAX }), orNull)],
        ['order', optional(list(text()), orNull)],
        ['callerId', optional(uuid(), orNull)],
        ['cursor', optional(text(), orNull)],
      ],
      async (_call, index, query, limit = LIMIT_DEFAULT, order, callerId, cursor = '') => {
        const page = await indexes.list({ index, query, limit, order: order ?? [] }, callerId, cursor);
        return modulePage(page);
      },
    ),
  ];
}
