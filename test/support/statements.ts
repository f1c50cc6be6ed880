import { RawNode, type RootOperationNode } from 'kysely';
import type { Db } from '../../src/database/database.ts';

/** A view of a database that notes what is sent through it. */
export interface CountedDatabase {
  readonly db: Db;
  /** The first words of the statements sent since the last call, in transactions too: `['select', 'insert', …]`. */
  taken(): string[];
}

/** Notes the statements that are sent to a database, so that a test can say how many an operation takes. */
export function countStatements(db: Db): CountedDatabase {
  const noted: string[] = [];
  const counted = db.withPlugin({
    transformQuery({ node }) {
      noted.push(firstWord(node));
      return node;
    },
    transformResult: async ({ result }) => result,
  });
  return { db: counted, taken: () => noted.splice(0) };
}

function firstWord(node: RootOperationNode): string {
  const word = RawNode.is(node) ? /\w+/.exec(node.sqlFragments.join(' '))![0] : node.kind.replace('QueryNode', '');
  return word.toLowerCase();
}
