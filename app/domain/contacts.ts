// Who stands behind an area on a given day: posts resolve to people, and a gap climbs until it meets somebody.
import { AUDIENCES, rungAddressee, type Audience, type Rung } from './ladder.ts';

export interface AreaNode {
  id: number;
  name: string;
  parent_id: number | null;
}

/** Somebody in office on the day asked about. */
export interface Seat {
  area_id: number;
  kind: 'head' | 'deputy' | 'liaison';
  title: string;
  person_id: number;
}

export interface Contact {
  area_id: number;
  audience: Audience;
  person_id: number;
  /** In which capacity the person is told, e.g. "Enlace de Organización Electoral". */
  capacity: string;
}

export interface ResolvedContacts {
  contacts: Contact[];
  /** Their notices have no mailbox with a human behind it and must be shown. */
  uncovered: AreaNode[];
  above: Above;
}

/** Who is told of what climbs to the Dirección: its own people, a post above it that stands in, or nobody. */
export type Above = { kind: 'direction' } | { kind: 'stand_in'; capacity: string } | { kind: 'nobody' };

/** Resolves every audience of every area; see `contactResolver`. */
export function resolveContacts(
  areas: readonly AreaNode[],
  seats: readonly Seat[],
  directionAreaId: number,
): ResolvedContacts {
  return contactResolver(areas, seats)(
    directionAreaId,
    areas.map(({ id }) => id),
  );
}

/**
 * Reads the areas and the seats once and resolves every audience of the areas asked about by their ids, for any
 * Dirección; an id that is no area's is left out.
 * `responsible` is the liaison, or the head where there is none; `deputy` is the deputy if the area has one; `head` the
 * head, or the deputy acting. When an area has nobody at all the notice climbs to the areas above and at last to the
 * Dirección. An area for which even that finds nobody is returned in `uncovered`. `direction` and
 * `technical_secretary` are the Dirección's people, or where it is vacant those of the areas above it: posts answer for
 * posts, and no role or administrator stands in for one. `above` says which of them it is, or that it is nobody.
 */
export function contactResolver(
  areas: readonly AreaNode[],
  seats: readonly Seat[],
): (directionAreaId: number, asked: Iterable<number>) => ResolvedContacts {
  const areaById = new Map(areas.map((area) => [area.id, area]));
  const seatByPost = new Map(seats.map((seat) => [`${seat.area_id}/${seat.kind}`, seat]));
  const firstOf = (areaId: number, ...kinds: Seat['kind'][]): Seat | undefined => {
    for (const kind of kinds) {
      const seat = seatByPost.get(`${areaId}/${kind}`);
      if (seat) return seat;
    }
    return undefined;
  };
  /** Somebody of the area, or of the nearest one above it that has anybody. */
  const from = (areaId: number): Seat | undefined => {
    const seen = new Set<number>();
    for (let at = areaById.get(areaId); at && !seen.has(at.id); at = areaById.get(at.parent_id ?? -1)) {
      seen.add(at.id);
      const seat = firstOf(at.id, 'head', 'deputy', 'liaison');
      if (seat) return seat;
    }
    return undefined;
  };
  const seatFor = (area: AreaNode, audience: Audience, directionAreaId: number): Seat | undefined => {
    const climb = () => from(area.id) ?? from(directionAreaId);
    switch (audience) {
      case 'responsible':
        return firstOf(area.id, 'liaison', 'head', 'deputy') ?? climb();
      case 'deputy':
        return firstOf(area.id, 'deputy');
      case 'head':
        return firstOf(area.id, 'head', 'deputy') ?? climb();
      case 'direction':
        return firstOf(directionAreaId, 'liaison', 'deputy', 'head') ?? from(directionAreaId);
      case 'technical_secretary':
        return from(directionAreaId);
    }
  };
  const aboveOf = (directionAreaId: number): Above => {
    const seat = from(directionAreaId);
    if (!seat) return { kind: 'nobody' };
    return seat.area_id === directionAreaId
      ? { kind: 'direction' }
      : { kind: 'stand_in', capacity: seat.title };
  };

  return (directionAreaId, asked) => {
    const contacts: Contact[] = [];
    const uncovered: AreaNode[] = [];
    for (const id of asked) {
      const area = areaById.get(id);
      if (!area) continue;
      for (const audience of AUDIENCES) {
        const seat = seatFor(area, audience, directionAreaId);
        if (seat)
          contacts.push({ area_id: area.id, audience, person_id: seat.person_id, capacity: seat.title });
        else if (audience === 'responsible') uncovered.push(area);
      }
    }
    return { contacts, uncovered, above: aboveOf(directionAreaId) };
  };
}

/** Whom a rung really tells besides the ones before it, in words that follow "se avisará a"; undefined for nobody. */
export function reachedAddressee({ audience }: Pick<Rung, 'audience'>, above: Above): string | undefined {
  const inArea = audience.filter((name) => name !== 'direction' && name !== 'technical_secretary');
  if (above.kind === 'direction' || inArea.length === audience.length) return rungAddressee({ audience });
  if (above.kind === 'stand_in') return `quien ocupa el cargo «${above.capacity}»`;
  return inArea.length === 0 ? undefined : rungAddressee({ audience: inArea });
}
