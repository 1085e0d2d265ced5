import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { reachedAddressee, resolveContacts, type AreaNode, type Seat } from '../../app/domain/contacts.ts';

const AREAS: AreaNode[] = [
  { id: 1, name: 'Secretaría Ejecutiva', parent_id: null },
  { id: 2, name: 'Dirección de Vinculación', parent_id: 1 },
  { id: 3, name: 'Organización Electoral', parent_id: 1 },
];
const DIRECTION = 2;
const seat = (area_id: number, kind: Seat['kind'], person_id: number): Seat => ({
  area_id,
  kind,
  person_id,
  title: `${kind} ${area_id}`,
});
const told = (seats: Seat[], areaId: number) =>
  Object.fromEntries(
    resolveContacts(AREAS, seats, DIRECTION)
      .contacts.filter(({ area_id }) => area_id === areaId)
      .map(({ audience, person_id }) => [audience, person_id]),
  );

describe('who stands behind an area', () => {
  test('its liaison answers, its deputy and its head are who they are, the Dirección comes after', () => {
    const seats = [
      seat(3, 'liaison', 31),
      seat(3, 'deputy', 32),
      seat(3, 'head', 33),
      seat(2, 'liaison', 21),
      seat(2, 'head', 23),
    ];
    expect(told(seats, 3)).toEqual({
      responsible: 31,
      deputy: 32,
      head: 33,
      direction: 21,
      technical_secretary: 23,
    });
  });

  test('without a liaison the head answers', () => {
    expect(told([seat(3, 'head', 33), seat(2, 'head', 23)], 3)).toMatchObject({ responsible: 33, head: 33 });
  });

  test('an area without anybody is answered by the area above', () => {
    expect(told([seat(1, 'head', 13), seat(2, 'head', 23)], 3)).toMatchObject({ responsible: 13, head: 13 });
  });

  test('when nobody is above either, the head of the Dirección answers', () => {
    expect(told([seat(2, 'head', 23)], 3)).toMatchObject({ responsible: 23, technical_secretary: 23 });
  });

  test('what climbs to a vacant Dirección goes on to the area above it, and says who stands in', () => {
    const seats = [seat(1, 'head', 13), seat(3, 'liaison', 31)];
    expect(told(seats, 3)).toMatchObject({ responsible: 31, direction: 13, technical_secretary: 13 });
    const { above } = resolveContacts(AREAS, seats, DIRECTION);
    expect(above).toEqual({ kind: 'stand_in', capacity: 'head 1' });
    expect(reachedAddressee({ audience: ['head', 'direction'] }, above)).toBe(
      'quien ocupa el cargo «head 1»',
    );
  });

  test('with nobody above either it reaches nobody, is told apart and is named in no mail', () => {
    const seats = [seat(3, 'liaison', 31)];
    expect(told(seats, 3)).toEqual({ responsible: 31, head: 31 });
    const { above } = resolveContacts(AREAS, seats, DIRECTION);
    expect(above).toEqual({ kind: 'nobody' });
    expect(reachedAddressee({ audience: ['head', 'direction'] }, above)).toBe('la persona titular del área');
    expect(reachedAddressee({ audience: ['direction', 'technical_secretary'] }, above)).toBeUndefined();
  });

  test('with anybody in the Dirección, whatever the post, it is the Dirección that is told', () => {
    const { above } = resolveContacts(AREAS, [seat(1, 'head', 13), seat(2, 'deputy', 22)], DIRECTION);
    expect(above).toEqual({ kind: 'direction' });
    expect(reachedAddressee({ audience: ['direction'] }, above)).toBe('la Dirección de Vinculación');
  });

  test('an area nobody can be found for is named', () => {
    expect(resolveContacts(AREAS, [], DIRECTION).uncovered.map(({ id }) => id)).toEqual([1, 2, 3]);
  });

  test('every area has somebody to tell or is named as uncovered, whatever the appointments', () => {
    const seats = fc.uniqueArray(
      fc.record({
        area_id: fc.integer({ min: 1, max: 3 }),
        kind: fc.constantFrom('head', 'deputy', 'liaison' as const),
        person_id: fc.integer({ min: 1, max: 9 }),
        title: fc.constant('cargo'),
      }),
      { selector: ({ area_id, kind }) => `${area_id}/${kind}` },
    );
    fc.assert(
      fc.property(seats, (someSeats) => {
        const { contacts, uncovered } = resolveContacts(AREAS, someSeats, DIRECTION);
        for (const area of AREAS) {
          const answered = contacts.some(
            ({ area_id, audience }) => area_id === area.id && audience === 'responsible',
          );
          expect(answered).toBe(!uncovered.includes(area));
        }
      }),
    );
  });

  test('areas that stand above each other in a circle do not trap the climb', () => {
    const circle: AreaNode[] = [
      { id: 1, name: 'A', parent_id: 3 },
      { id: 2, name: 'Dirección', parent_id: null },
      { id: 3, name: 'C', parent_id: 1 },
    ];
    const { contacts } = resolveContacts(circle, [seat(2, 'head', 23)], DIRECTION);
    expect(
      contacts.filter(({ audience }) => audience === 'responsible').map(({ person_id }) => person_id),
    ).toEqual([23, 23, 23]);
  });
});
