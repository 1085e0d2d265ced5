// The types of deadline rule as the Dirección chooses between them, each with a sentence of the kind it is for.
import type { DeadlineRule } from '../domain/deadline-rule.ts';

export const RULE_TYPE_WORDS: Record<DeadlineRule['type'], { name: string; example: string }> = {
  offset: { name: 'Antes o después de un hito', example: 'Quince días antes de la Jornada electoral' },
  on: { name: 'Una fecha fija', example: 'A más tardar el 14 de marzo de 2024' },
  between: {
    name: 'Un periodo, de un día a otro',
    example: 'Del 9 de abril y hasta la víspera de la Jornada electoral',
  },
  duration: {
    name: 'Un periodo de tantos días desde un hito',
    example: 'Durante los cuarenta y cinco días que dura la campaña',
  },
  recurring: { name: 'Se repite', example: 'El último día hábil de cada mes, de noviembre a mayo' },
  each: { name: 'Cada vez que ocurre algo', example: 'Dentro de las 24 horas que siguen a cada sesión' },
  chain: {
    name: 'Un plazo tras otro',
    example: 'Se publicita por 72 horas y se remite dentro de las 24 siguientes',
  },
  week_of_month: { name: 'Una semana del mes', example: 'En la primera semana de septiembre de 2023' },
  standing: { name: 'Deber permanente, sin fecha', example: 'En todo momento, mientras dure el proceso' },
};
