// What has become of a notice: every state it can be in, exactly one at a time, and the words for it.

/** In the order in which a notice goes through them. */
export const NOTICE_STANDINGS = [
  'planned',
  'queued',
  'sending',
  'retry',
  'uncertain',
  'accepted',
  'bounced',
  'failed',
  'superseded',
  'cancelled',
] as const;
export type NoticeStanding = (typeof NOTICE_STANDINGS)[number];

interface Words {
  word: string;
  /** As a sentence counts them: `3 aceptados por el servidor`. */
  many: string;
  /** As addresses name it. */
  key: string;
  /** Nothing more is done about it; a bounce may still follow what a server accepted. */
  final: boolean;
}

export const STANDING_WORDS: Record<NoticeStanding, Words> = {
  planned: { word: 'Planeado', many: 'planeados', key: 'planeado', final: false },
  queued: { word: 'En cola', many: 'en cola', key: 'en-cola', final: false },
  sending: { word: 'En envío', many: 'en envío', key: 'en-envio', final: false },
  retry: { word: 'Reintento', many: 'por reintentar', key: 'reintento', final: false },
  uncertain: { word: 'Incierto', many: 'inciertos', key: 'incierto', final: false },
  accepted: {
    word: 'Aceptado por el servidor',
    many: 'aceptados por el servidor',
    key: 'aceptado',
    final: true,
  },
  bounced: { word: 'Rebotado', many: 'rebotados', key: 'rebotado', final: true },
  failed: { word: 'Fallido', many: 'fallidos', key: 'fallido', final: true },
  superseded: { word: 'Sustituido', many: 'sustituidos', key: 'sustituido', final: true },
  cancelled: { word: 'Cancelado', many: 'cancelados', key: 'cancelado', final: true },
};

/** The state an address names; undefined when it names none. */
export function parseStanding(key: string): NoticeStanding | undefined {
  return NOTICE_STANDINGS.find((standing) => STANDING_WORDS[standing].key === key);
}

/**
 * `12 avisos: 8 aceptados por el servidor, 3 sustituidos y 1 cancelado`, in the order of the states; only those there
 * are.
 */
export function standingCountWords(counts: ReadonlyMap<NoticeStanding, number>): string {
  const parts = NOTICE_STANDINGS.flatMap((standing) => {
    const count = counts.get(standing) ?? 0;
    const { word, many } = STANDING_WORDS[standing];
    return count === 0
      ? []
      : [`${count} ${count === 1 ? word.charAt(0).toLowerCase() + word.slice(1) : many}`];
  });
  const sum = [...counts.values()].reduce((total, count) => total + count, 0);
  const listed = parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} y ${parts.at(-1)}`;
  return sum === 0 ? 'Ningún aviso' : `${sum} ${sum === 1 ? 'aviso' : 'avisos'}: ${listed}`;
}
