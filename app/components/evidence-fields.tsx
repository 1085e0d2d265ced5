// The part of a form that brings files: those already attached, the input for more and, on a phone, the camera.
import { useState, type ChangeEvent } from 'react';
import {
  ADMITTED_EXTENSIONS,
  EVIDENCE_BYTES,
  EVIDENCE_FILES,
  sizeWords,
  type EvidenceFile,
} from '../domain/evidence.ts';
import { FieldError } from './form.tsx';

/** Named `files`; the boxes to take files out are named `remove`. */
export function EvidenceFields({ files, error }: { files: EvidenceFile[]; error: string | undefined }) {
  const [tooLarge, setTooLarge] = useState<string>();
  /** Says so before the file has travelled for nothing; without scripts the server does. */
  const check = ({ currentTarget: input }: ChangeEvent<HTMLInputElement>) => {
    const large = Array.from(input.files ?? []).find(({ size }) => size > EVIDENCE_BYTES);
    setTooLarge(
      large && `«${large.name}» pesa ${sizeWords(large.size)}; el máximo por archivo es 25 MB. Elige otro.`,
    );
    if (large) input.value = '';
  };
  const message = tooLarge ?? error;
  const describedBy = message ? 'files-hint files-error' : 'files-hint';
  return (
    <fieldset className="field evidence-fields" data-invalid={message ? true : undefined}>
      <legend>Archivos</legend>
      <p className="hint" id="files-hint">
        PDF, DOCX, XLSX, JPG o PNG; hasta 25 MB cada uno y {EVIDENCE_FILES} por reporte.
      </p>
      <FieldError name="files" error={message} />
      {files.length > 0 && (
        <ul className="evidence">
          {files.map(({ name, bytes, sha256 }) => (
            <li key={sha256}>
              <span className="evidence-name">
                <bdi>{name}</bdi> <span className="quiet">{sizeWords(bytes)}</span>
              </span>
              <label className="remove">
                <input type="checkbox" name="remove" value={sha256} /> Quitar{' '}
                <span className="unseen">{name}</span>
              </label>
            </li>
          ))}
        </ul>
      )}
      <label htmlFor="files">{files.length > 0 ? 'Agregar archivos' : 'Elegir archivos'}</label>
      <input
        id="files"
        type="file"
        name="files"
        multiple
        accept={ADMITTED_EXTENSIONS}
        aria-describedby={describedBy}
        aria-invalid={message ? true : undefined}
        onChange={check}
      />
      <div className="camera">
        <label htmlFor="camera">Tomar foto del acuse</label>
        <input
          id="camera"
          type="file"
          name="files"
          accept="image/jpeg,image/png"
          capture="environment"
          aria-describedby={describedBy}
          onChange={check}
        />
      </div>
    </fieldset>
  );
}
