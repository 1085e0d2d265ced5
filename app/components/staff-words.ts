// The words for posts and roles, the same on every screen.
import type { PostKind, Role } from '../../db/schema.ts';

export const POST_WORDS: Record<PostKind, string> = {
  head: 'Titular',
  liaison: 'Enlace',
  deputy: 'Suplente',
};

export const ROLE_WORDS: Record<Role, string> = {
  direction: 'Dirección de Vinculación',
  commission: 'Comisión de Vinculación y SPE',
  administrator: 'Administración',
};
