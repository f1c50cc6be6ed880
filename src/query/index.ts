export { addField, type FieldValue, type QueryDocument } from './document.ts';
export { parseQuery, type Query, type Requirement } from './query.ts';
export { QueryError } from './query-error.ts';
