/** The header by which `nk.httpRequest` tells how many calls of modules led to a request, the one that sends it included. */
export const CALL_DEPTH_HEADER = 'nk-call-depth';
