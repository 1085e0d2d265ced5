// Which rows a page of a long list holds.

/** Some rows of a list: how many come before them, and how many they are at most. */
export interface Stretch {
  offset: number;
  size: number;
}

export interface ListPage extends Stretch {
  /** From 1. */
  number: number;
  pages: number;
  /** Rows of the whole list. */
  count: number;
  /** The page that was asked for exists; otherwise this is the nearest one that does. */
  found: boolean;
}

/** The page an address asks for with `asked`, as it was typed; an empty one is the first. */
export function listPage(asked: string, count: number, size: number): ListPage {
  const pages = Math.max(1, Math.ceil(count / size));
  const wanted = pageAsked(asked);
  const number = Math.min(wanted ?? 1, pages);
  return { number, pages, offset: (number - 1) * size, size, count, found: wanted === number };
}

/** The number of a page as it was typed, 1 when nothing was; undefined when no list can have it. */
export function pageAsked(asked: string): number | undefined {
  if (asked === '') return 1;
  return /^[1-9]\d{0,8}$/.test(asked) ? Number(asked) : undefined;
}
