import { expect, test } from 'vitest';
import { ofArea } from '../../app/domain/area-name.ts';

test.each([
  ['Dirección Ejecutiva de Administración', 'de la Dirección Ejecutiva de Administración'],
  ['Presidencia', 'de la Presidencia'],
  ['Consejo General', 'del Consejo General'],
  ['Área de Comunicación Social', 'del Área de Comunicación Social'],
  ['Consejos distritales de Michoacán', 'de los Consejos distritales de Michoacán'],
  ['Juntas distritales ejecutivas', 'de las Juntas distritales ejecutivas'],
  ['10 Junta Distrital Ejecutiva', 'de la 10 Junta Distrital Ejecutiva'],
])('%s takes its article: %s', (name, words) => {
  expect(ofArea(name)).toBe(words);
});
