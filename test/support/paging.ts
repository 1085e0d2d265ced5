// Leafing through a list over HTTP as its links lead, without scripts.
import type { Client } from './client.ts';

/** The address behind `Siguientes` on a page; undefined on the last one. */
export function nextPage(html: string): string | undefined {
  const link = /<a [^>]*rel="next"[^>]*>/.exec(html)?.[0];
  return link && /href="([^"]*)"/.exec(link)?.[1]?.replaceAll('&amp;', '&');
}

/** The pages of a list from `path` on, in their order. */
export async function pagesFrom(client: Client, path: string): Promise<string[]> {
  const pages: string[] = [];
  for (let next: string | undefined = path; next !== undefined;) {
    const html: string = await client.page(next);
    pages.push(html);
    next = nextPage(html);
  }
  return pages;
}
