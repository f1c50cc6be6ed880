const forms = /^\d{4}-\d\d-\d\d(?:[Tt ]\d\d:\d\d:\d\d(?:\.\d+)?(?:[Zz]|[+-]\d\d:\d\d)?)?$/;

/** The moment that text names, in milliseconds since 1970, with or without a time and a zone (then UTC). */
export function instantOf(text: string): number | undefined {
  if (!forms.test(text)) return undefined;
  const iso = text.replace(' ', 'T').toUpperCase();
  const hasZone = iso.length <= 10 || /(?:Z|[+-]\d\d:\d\d)$/.test(iso.slice(10));
  const ms = Date.parse(hasZone ? iso : `${iso}Z`);
  return Number.isNaN(ms) ? undefined : ms;
}
