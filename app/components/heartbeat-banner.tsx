// What the Dirección sees on every page while notices do not go out as they should.
export interface Heartbeat {
  /** The sending is late or stopped; otherwise only single mails failed. */
  stopped: boolean;
  sentences: string[];
}

export function HeartbeatBanner({ heartbeat }: { heartbeat: Heartbeat }) {
  const { stopped, sentences } = heartbeat;
  return (
    <aside className="heartbeat-banner" data-stopped={stopped} aria-label="Estado del envío de avisos">
      <p>
        <strong>
          <span aria-hidden="true">{stopped ? '✖' : '▲'}</span>{' '}
          {stopped ? 'Los avisos no están saliendo bien.' : 'Algunos correos no llegaron.'}
        </strong>{' '}
        {sentences.join(' ')}
      </p>
    </aside>
  );
}
