// The head of a page: its one h1, what it is asked about, and what can be done with the page as a whole.
import type { ReactNode } from 'react';

export function PageHeader(props: {
  title: string;
  kicker?: ReactNode;
  aside?: ReactNode;
  children?: ReactNode;
}) {
  return (
    <header className="page-header">
      <div>
        {props.kicker && <p className="kicker">{props.kicker}</p>}
        <h1>{props.title}</h1>
        {props.children}
      </div>
      {props.aside && <div className="page-aside">{props.aside}</div>}
    </header>
  );
}

/** Says that a list is empty, and what that means. */
export function EmptyState({ children }: { children: ReactNode }) {
  return <p className="empty">{children}</p>;
}
