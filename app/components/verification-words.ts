// How far an obligation's term has been compared with the signed text, in words.

export const VERIFICATION_WORDS = {
  law: 'El plazo consta en la ley citada.',
  calendar: 'La fecha viene de un calendario publicado.',
  signed: 'El plazo consta en el texto firmado.',
  unverified: 'Por cotejar con el anexo firmado: el plazo es un supuesto del catálogo.',
} as const;
