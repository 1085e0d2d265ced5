// What the screens say when a deadline can be neither closed nor moved; worded on the server.
import type { Obstacle } from '../../db/waivers.ts';
import { instantWords } from './moment-words.ts';
import type { RefusalWords } from './refusal.tsx';

export function obstacleWords(obstacle: Obstacle): RefusalWords {
  switch (obstacle.kind) {
    case 'waived':
      return {
        text: `Este vencimiento ya está cerrado: lo registró ${obstacle.by}, ${instantWords(obstacle.at)}.`,
      };
    case 'concluded':
      return { text: 'Este vencimiento ya está concluido: su reporte fue aceptado.' };
    case 'in_review':
      return {
        text: `Hay un reporte en revisión (${obstacle.folio}). Primero decide sobre él.`,
        link: { to: `/revision/${obstacle.submission_id}`, label: `Revisar ${obstacle.folio}` },
      };
  }
}
