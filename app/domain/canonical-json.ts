// One text for one value: what is hashed must not depend on the order in which an object was put together.

/**
 * The value as JSON with the names of every object in the order of their code units and no spaces (RFC 8785, for
 * values whose numbers are integers). Names without a value are left out. Throws for a number that is not an integer.
 */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, member]) => `${JSON.stringify(name)}:${canonicalJson(member)}`);
    return `{${members.join(',')}}`;
  }
  if (typeof value === 'number' && !Number.isInteger(value)) throw new Error(`Not an integer: ${value}`);
  return JSON.stringify(value);
}
