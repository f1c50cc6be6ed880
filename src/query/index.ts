export { addField, type FieldValue, type FieldValues, firstOf, type QueryDocument } from './document.ts';
export { parseQuery, type Query, type Requirement } from './query.ts';
export { QueryError } from './query-error.ts';
