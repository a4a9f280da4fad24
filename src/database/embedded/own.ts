/** What a table holds under a name that comes from outside, which may be `constructor`. */
export const own = <Entry>(
  table: Readonly<Record<string, Entry>>,
  name: string,
): Entry | undefined => (Object.hasOwn(table, name) ? table[name] : undefined)
