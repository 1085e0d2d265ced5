// The file of a date: how it was computed, step by step, each step with the document behind it.

export interface DateFileStep {
  text: string;
  source?: string;
}

/** ¿Por qué esta fecha? `result` closes the list in words; `computed` says which version this is. */
export function DateFile(props: {
  steps: DateFileStep[];
  result: string;
  computed: string;
  provisional: string[];
}) {
  return (
    <div className="date-file">
      <ol>
        {props.steps.map(({ text, source }, index) => (
          <li key={index}>
            {text}
            {source && <cite>{source}</cite>}
          </li>
        ))}
      </ol>
      <p className="date-result">{props.result}</p>
      {props.provisional.length > 0 && (
        <div className="notice">
          <p>
            <strong>Fecha provisional.</strong> Puede cambiar, porque:
          </p>
          <ul>
            {props.provisional.map((reason) => (
              <li key={reason}>{reason}</li>
            ))}
          </ul>
        </div>
      )}
      <p className="quiet">{props.computed}</p>
    </div>
  );
}
