// Who stands behind an area on a given day: posts resolve to people, and a gap climbs until it meets somebody.
import { AUDIENCES, type Audience } from './ladder.ts';

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

/**
 * Resolves every audience of every area. `responsible` is the liaison, or the head where there is none; `deputy`
 * is the deputy if the area has one; `head` the head, or the deputy acting. When an area has nobody at all the
 * notice climbs to the areas above and at last to the head of the Dirección. An area for which even that finds
 * nobody is returned in `uncovered`: its notices have no mailbox with a human behind it and must be shown.
 */
export function resolveContacts(
  areas: readonly AreaNode[],
  seats: readonly Seat[],
  directionAreaId: number,
): { contacts: Contact[]; uncovered: AreaNode[] } {
  const areaById = new Map(areas.map((area) => [area.id, area]));
  const seatByPost = new Map(seats.map((seat) => [`${seat.area_id}/${seat.kind}`, seat]));
  const firstOf = (areaId: number, ...kinds: Seat['kind'][]): Seat | undefined => {
    for (const kind of kinds) {
      const seat = seatByPost.get(`${areaId}/${kind}`);
      if (seat) return seat;
    }
    return undefined;
  };
  const technicalSecretary = firstOf(directionAreaId, 'head', 'deputy', 'liaison');
  const climb = (area: AreaNode): Seat | undefined => {
    const seen = new Set<number>();
    for (let at: AreaNode | undefined = area; at && !seen.has(at.id); at = areaById.get(at.parent_id ?? -1)) {
      seen.add(at.id);
      const seat = firstOf(at.id, 'head', 'deputy', 'liaison');
      if (seat) return seat;
    }
    return technicalSecretary;
  };
  const seatFor = (area: AreaNode, audience: Audience): Seat | undefined => {
    switch (audience) {
      case 'responsible':
        return firstOf(area.id, 'liaison', 'head', 'deputy') ?? climb(area);
      case 'deputy':
        return firstOf(area.id, 'deputy');
      case 'head':
        return firstOf(area.id, 'head', 'deputy') ?? climb(area);
      case 'direction':
        return firstOf(directionAreaId, 'liaison', 'deputy', 'head');
      case 'technical_secretary':
        return technicalSecretary;
    }
  };

  const contacts: Contact[] = [];
  const uncovered: AreaNode[] = [];
  for (const area of areas) {
    for (const audience of AUDIENCES) {
      const seat = seatFor(area, audience);
      if (seat)
        contacts.push({ area_id: area.id, audience, person_id: seat.person_id, capacity: seat.title });
      else if (audience === 'responsible') uncovered.push(area);
    }
  }
  return { contacts, uncovered };
}
