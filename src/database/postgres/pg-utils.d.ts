/** A module of `pg` that its types leave out. */
declare module 'pg/lib/utils.js' {
  const utils: {
    /** A parameter as it goes to the database: by its JavaScript type, arrays as PostgreSQL writes them. */
    prepareValue(value: unknown): string | Buffer | null;
  };
  // biome-ignore lint/style/noDefaultExport: what a CommonJS module exports
  export default utils;
}
