// Words somebody typed, shown as they are: literal, set apart from the page's own text.
import { visibleText } from '../domain/free-text.ts';

/** A quotation that keeps its line breaks and cannot turn the text around it. */
export function UserText({ children, by }: { children: string; by?: string }) {
  return (
    <figure className="words">
      <blockquote dir="auto">{visibleText(children)}</blockquote>
      {by && <figcaption>{by}</figcaption>}
    </figure>
  );
}
