// Keys for a list that is worked through one by one: they move along its rows and open one; they never decide.
import { useEffect, useRef, useState } from 'react';

/** Where somebody notes that they want no keys. */
const NOTE = 'convenio-sin-teclas';

/** Single keys can be turned off (WCAG 2.2, 2.1.4). The rows are the links marked `data-row` of the same page. */
export function ListKeys() {
  const help = useRef<HTMLDetailsElement>(null);
  const [on, setOn] = useState(true);
  useEffect(() => setOn(localStorage.getItem(NOTE) === null), []);
  useEffect(() => {
    if (!on) return;
    const listen = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      const rows = [...document.querySelectorAll<HTMLElement>('[data-row]')];
      const here = rows.findIndex((row) => row === document.activeElement);
      const step = stepOf(event.key, here >= 0);
      if (event.key === '?' && help.current) {
        help.current.open = true;
        help.current.querySelector('summary')?.focus();
      } else if (step === 0) return;
      else rows[Math.min(rows.length - 1, Math.max(0, here + step))]?.focus();
      event.preventDefault();
    };
    document.addEventListener('keydown', listen);
    return () => document.removeEventListener('keydown', listen);
  }, [on]);
  const change = (wanted: boolean) => {
    setOn(wanted);
    if (wanted) localStorage.removeItem(NOTE);
    else localStorage.setItem(NOTE, '1');
  };
  return (
    <details className="list-keys no-print" ref={help}>
      <summary>Teclas de esta lista</summary>
      <dl className="facts">
        <div>
          <dt>
            <kbd>j</kbd> o <kbd>↓</kbd>
          </dt>
          <dd>Siguiente reporte; la flecha, cuando ya estás en la lista</dd>
        </div>
        <div>
          <dt>
            <kbd>k</kbd> o <kbd>↑</kbd>
          </dt>
          <dd>Reporte anterior</dd>
        </div>
        <div>
          <dt>
            <kbd>Enter</kbd>
          </dt>
          <dd>Abrir el reporte</dd>
        </div>
        <div>
          <dt>
            <kbd>?</kbd>
          </dt>
          <dd>Ver estas teclas</dd>
        </div>
      </dl>
      <p className="quiet">
        Ninguna tecla acepta ni devuelve un reporte: eso se decide siempre con su botón.
      </p>
      <label className="fill-check">
        <input type="checkbox" checked={on} onChange={(event) => change(event.target.checked)} />
        Usar estas teclas
      </label>
    </details>
  );
}

const isTyping = (target: EventTarget | null) =>
  target instanceof HTMLElement && target.matches('input, textarea, select, [contenteditable]');

/** Arrows scroll the page until somebody is in the list. */
function stepOf(key: string, inList: boolean): number {
  if (key === 'j' || (inList && key === 'ArrowDown')) return 1;
  return key === 'k' || (inList && key === 'ArrowUp') ? -1 : 0;
}
