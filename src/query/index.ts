export { addField, type FieldValue, type FieldValues, firstOf, type QueryDocument } from './document.ts';
export { DocumentIndex } from './document-index.ts';
export { FirstFew } from './first-few.ts';
export { nothing, parseQuery, type Query, type RangeRequirement, type Requirement } from './query.ts';
export { PatternError, QueryError } from './query-error.ts';
