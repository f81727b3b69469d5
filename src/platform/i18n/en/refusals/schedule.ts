import { type Clash, textOf, whatIsOn } from '../../clash.ts';
import { plural } from '../../plural.ts';

const people = (count: number): string => plural('en', count, { one: '1 person', other: `${count} people` });
const further = (days = 0): string =>
  days > 1 ? ` ${days} days in all clash. You can leave those days out.` : '';

export const schedule = {
  // What is taught
  class_not_found: 'We could not find this class.',
  slug_taken: 'Another class has this address already.',
  picture_unreadable: 'Please choose a picture: a PNG, JPEG or WebP file.',
  picture_too_big: 'This picture is larger than 2 MB. Please choose a smaller one.',
  picture_alt_needed: 'Please say in a few words what the picture shows.',
  style_not_found: 'Please choose one of the styles.',
  style_in_use: 'There are classes of this style. Give them another one first.',

  // Where
  location_not_found: 'We could not find this location.',
  room_not_found: 'Please choose one of the rooms.',
  instructor_not_found: 'Please choose one of the teachers.',
  spot_map_invalid: 'This map cannot be drawn: every spot needs a place and a name of its own.',
  spots_fewer_than_places: ({ spots, places }: { spots?: number; places?: number }) =>
    `The map has ${spots ?? 0} spots for ${people(places ?? 0)}. Add spots, or lower the room’s capacity.`,
  spots_in_use: ({ people: count }: { people?: number }) =>
    `${people(count ?? 0)} chose a spot that would be gone. Tick the box to let them choose again.`,
  spot_not_found: 'There is no such spot in this room.',
  spot_taken: 'Somebody took this spot a moment ago. Please pick another one.',

  // When
  room_taken: (clash: Clash & { days?: number }) =>
    `${textOf(clash.room, 'The room')} has another class then: ${whatIsOn(clash, 'en', 'a class')}.${further(clash.days)}`,
  instructor_taken: (clash: Clash & { days?: number }) =>
    `${textOf(clash.instructor, 'The teacher')} teaches then: ${whatIsOn(clash, 'en', 'a class')}.${further(clash.days)}`,
  capacity_below_bookings: (facts: Clash & { taken?: number }) =>
    `${people(facts.taken ?? 0)} booked ${whatIsOn(facts, 'en', 'a class')}: there cannot be fewer places than that.`,
  capacity_above_room: ({ room, places }: { room?: unknown; places?: number }) =>
    `${textOf(room, 'The room')} holds at most ${people(places ?? 0)}.`,
  effect_changed:
    'Something changed since you looked: somebody booked, cancelled or moved a class. Here is what it would do now.',
  nothing_to_change: 'Nothing would change. Choose a new time, room, teacher, price or number of places.',
  session_has_bookings: ({ taken }: { taken?: number }) =>
    `${people(taken ?? 0)} booked that day. Cancel the class instead, so that everyone is told and paid back.`,
  series_not_found: 'We could not find this series.',
  series_begins_past: 'A series begins today at the earliest.',
  series_ends_past: 'A series ends today at the earliest.',
  series_ends_early: 'The last day comes before the first.',
  series_empty: 'There is no such weekday between these two days.',
  weekday_needed: 'Please choose at least one day of the week.',
  not_a_day_of_it: 'The series is not on that day anyway.',
};
