// What somebody must know before trusting a date: that it may still move, or that its clause was not compared.
import { GROUND_WORDS } from '../domain/manual-ground.ts';
import type { DeadlineView } from './deadline-view.ts';

type Marked = Pick<DeadlineView, 'provisional' | 'to_verify' | 'obligor' | 'manual'>;

/**
 * The marks of a deadline's date, and whose duty it is when it is not the IEM's alone; `brief` for lists, where
 * the whole words are left to the reader's pointer and to assistive technology.
 */
export function DateMarks({ of, brief = false }: { of: Marked; brief?: boolean }) {
  return (
    <>
      {of.provisional.length > 0 && <span className="mark">Fecha provisional</span>}
      {of.manual && <span className="mark">{GROUND_WORDS[of.manual].mark}</span>}
      {of.to_verify && (
        <span className="mark" title={brief ? 'Por cotejar con el anexo firmado' : undefined}>
          Por cotejar {brief ? <span className="unseen">con el anexo firmado</span> : 'con el anexo firmado'}
        </span>
      )}
      {of.obligor === 'INE' && <span className="mark mark-owner">A cargo del INE</span>}
      {of.obligor === 'both' && <span className="mark mark-owner">A cargo del INE y del IEM</span>}
    </>
  );
}
