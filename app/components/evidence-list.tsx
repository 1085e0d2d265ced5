// The files of a report: what they are called, how much they weigh, their fingerprints, and the way to get them.
import { sizeWords, type EvidenceFile } from '../domain/evidence.ts';

export interface ListedFile extends EvidenceFile {
  /** What it is downloaded by. */
  id: number;
}

/**
 * Downloading is a form: every download is noted, so looking at a page or following its links must not be one.
 * With `download` false only what they are is told.
 */
export function EvidenceList({ files, download }: { files: ListedFile[]; download: boolean }) {
  if (files.length === 0) return null;
  return (
    <ul className="evidence">
      {files.map(({ id, name, bytes, sha256 }) => (
        <li key={id}>
          <span className="evidence-name">
            <bdi>{name}</bdi> <span className="quiet">{sizeWords(bytes)}</span>
          </span>
          {download && (
            <form method="post" action={`/evidencias/${id}`}>
              <button type="submit" className="button button-quiet">
                Descargar <span className="unseen">{name}</span>
              </button>
            </form>
          )}
          <code className="hash" title="Huella SHA-256">
            {sha256}
          </code>
        </li>
      ))}
    </ul>
  );
}
