// Why something that was asked for was not done, with the page where it can be settled.
import { Link } from '@remix-run/react';

export interface RefusalWords {
  text: string;
  link?: { to: string; label: string } | undefined;
}

export function Refusal(props: { title: string; refusal: RefusalWords | string | null | undefined }) {
  if (!props.refusal) return null;
  const { title } = props;
  const refusal: RefusalWords = typeof props.refusal === 'string' ? { text: props.refusal } : props.refusal;
  return (
    <div className="error-summary" role="alert">
      <h2>{title}</h2>
      <p>{refusal.text}</p>
      {refusal.link && (
        <p>
          <Link to={refusal.link.to}>{refusal.link.label}</Link>
        </p>
      )}
    </div>
  );
}
