import { dirname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { encodedMap, FlattenMap } from '@jridgewell/trace-mapping';
import type { BuiltModule } from './module-build.ts';
import { isGenerated } from './source-positions.ts';

/**
 * A module's script as debuggers want it: named by a URL in the modules folder, and with its source map, in which the
 * sources are named by the URLs of the author's files.
 * @param path where the script would be if it were a file
 */
export function debuggedScript(built: BuiltModule, path: string): { fileName: string; code: string } {
  const map = encodedMap(FlattenMap(built.sourceMapText));
  const folder = dirname(path);
  const sources = map.sources.map((source) => {
    return source === null || isGenerated(source) ? source : fileUrl(resolve(folder, source));
  });
  const json = JSON.stringify({ ...map, file: fileUrl(path), sources });
  const mapUrl = `data:application/json;charset=utf-8;base64,${Buffer.from(json).toString('base64')}`;
  return { fileName: fileUrl(path), code: `${built.code}\n//# sourceMappingURL=${mapUrl}` };
}

/** Without the characters that end a place in a stack. */
function fileUrl(path: string): string {
  return pathToFileURL(path).href.replaceAll('(', '%28').replaceAll(')', '%29');
}
