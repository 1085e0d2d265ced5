// Which process a page is about: the one its address names, or the one that is followed by default.
import type { Db } from '../../db/client.ts';
import { findNewestOpenProcess, listPublishedProcesses } from '../../db/processes.ts';

export interface ProcessChoice {
  /** Key of the process the page is about; undefined while there is only one, or when the address names none there is. */
  process: string | undefined;
  /** To choose from; empty while there is only one. */
  options: { key: string; name: string }[];
  error: string | null;
}

/**
 * Reads `proceso` of an address. With one published process it plays no part; with several, lists, counts and files
 * are of one: the one named, or else the newest that has something open.
 */
export async function chooseProcess(db: Db, params: URLSearchParams): Promise<ProcessChoice> {
  const published = (await listPublishedProcesses(db)).map(({ key, name }) => ({ key, name }));
  const named = params.getAll('proceso').filter((key) => key !== '');
  const options = published.length > 1 ? published : [];
  if (named.length > 1) return { process: undefined, options, error: 'Campo repetido: proceso' };
  const asked =
    named[0] ?? (options.length > 0 ? await findNewestOpenProcess(db) : undefined)?.key ?? published[0]?.key;
  const chosen = published.find(({ key }) => key === asked);
  return {
    process: published.length > 1 ? chosen?.key : undefined,
    options,
    error: asked !== undefined && !chosen ? 'No existe ese proceso' : null,
  };
}

/** The part of a filter that narrows to a chosen process. */
export const ofProcess = (process: string | undefined) => (process === undefined ? {} : { process });
