// By which means a deliverable was handed over, and its words.

export const MEDIUM_WORDS = {
  letter: 'Oficio',
  sivople: 'SIVOPLE',
  email: 'Correo institucional',
  in_person: 'Entrega física',
  agreement: 'Acuerdo',
} as const;

export type Medium = keyof typeof MEDIUM_WORDS;
