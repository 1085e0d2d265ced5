// The annex that the Commission's report gets on paper: why each of its dates is what it is.
import { DateFile } from './date-file.tsx';
import type { DateFileStep } from './date-file-view.ts';

export interface AnnexBlock {
  number: number;
  ref: string;
  title: string;
  rule: string | null;
  steps: DateFileStep[];
  result: string;
  computed: string;
  provisional: string[];
}

/** Shown only on paper: on the screen each row leads to its date. */
export function DateAnnex({ blocks }: { blocks: AnnexBlock[] }) {
  if (blocks.length === 0) return null;
  return (
    <section className="only-print annex" aria-labelledby="anexo">
      <h2 id="anexo">Anexo: por qué estas fechas</h2>
      {blocks.map(({ number, ref, title, ...file }) => (
        <article key={number}>
          <h3>
            {number}. {title} <span className="quiet">{ref}</span>
          </h3>
          <DateFile {...file} />
        </article>
      ))}
    </section>
  );
}
