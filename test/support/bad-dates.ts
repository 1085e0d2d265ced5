// Dates that no form takes, and what each is told.
const FORMAT = 'Escribe la fecha como AAAA-MM-DD';
const YEARS = 'Usa un año entre 2000 y 2100';

/** What was typed, and the beginning of the answer at its field. */
export const BAD_DATES: [string, string][] = [
  ['2024-02-30', 'Esa fecha no existe (febrero de 2024 tiene 29 días)'],
  ['2023-02-29', 'Esa fecha no existe (febrero de 2023 tiene 28 días)'],
  ['2024-13-01', 'Mes fuera de rango'],
  ['2024-00-10', 'Mes fuera de rango'],
  ['2024-01-32', 'Día fuera de rango'],
  ['0000-01-01', YEARS],
  ['-000001-01-01', YEARS],
  ['1899-12-31', YEARS],
  ['9999-12-31', YEARS],
  ['10000-01-01', YEARS],
  ['+275760-09-13', YEARS],
  ['infinity', FORMAT],
  ['today', FORMAT],
  ['epoch', FORMAT],
  ['now', FORMAT],
  ['2024-W10', FORMAT],
  ['2024-060', FORMAT],
  ['20240105', FORMAT],
  ['05/01/2024', FORMAT],
  ['٢٠٢٤-٠١-٠٥', FORMAT],
  ['２０２４-０１-０５', FORMAT],
  ['2024-05-10T25:00', FORMAT],
  ['45321', FORMAT],
  ['1/0/1900', FORMAT],
  ["2024-05-10'--", FORMAT],
];
