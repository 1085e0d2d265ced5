// What is said of a form, and of a page, while the database is out of reach or takes nothing in.

const LATER = 'Inténtalo en unos minutos; si sigue igual, avisa a la administración del sistema.';

export const NOTHING_SAVED = `Lo que acabas de enviar no se guardó; lo de antes está a salvo. ${LATER}`;
export const NOTHING_SHOWN = `Lo guardado está a salvo. ${LATER}`;
