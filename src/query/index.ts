export { addField, type FieldValue, type FieldValues, firstOf, type QueryDocument } from './document.ts';
export { DocumentIndex } from './document-index.ts';
export { FirstFew } from './first-few.ts';
export { parseQuery, type Query, type Requirement } from './query.ts';
export { QueryError } from './query-error.ts';
