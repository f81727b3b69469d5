import { type QualifiedName } from '../sql/text.ts';
import { type Constraint, type Relation } from './relations.ts';
import { type Origin } from './view-origins.ts';

/** Pairs of column names: here, there. */
export type ColumnPairs = [here: string, there: string][];

interface Ends {
  source: Relation;
  target: Relation;
}

export interface KeyRelationship extends Ends {
  kind: 'many-to-one' | 'one-to-many' | 'one-to-one';
  constraint: string;
  columns: ColumnPairs;
}

export interface JunctionRelationship extends Ends {
  kind: 'many-to-many';
  junction: Relation;
  /** The two foreign keys, and their columns as [here or there, in the junction]. */
  constraints: [string, string];
  sourceColumns: ColumnPairs;
  targetColumns: ColumnPairs;
}

/** A function from a row to rows, called like an embed by its name. */
export interface ComputedRelationship extends Ends {
  kind: 'computed';
  function: QualifiedName;
  toOne: boolean;
}

export type Relationship = KeyRelationship | JunctionRelationship | ComputedRelationship;

export function isToOne(relationship: Relationship): boolean {
  if (relationship.kind === 'computed') return relationship.toOne;
  return relationship.kind === 'many-to-one' || relationship.kind === 'one-to-one';
}

/** A table as one can see it: itself, or a view that shows some of its columns (under several names even). */
interface Face {
  relation: Relation;
  namesOf(column: number): string[];
}

/** Every table's faces, by the table's oid. */
export function findFaces(
  relations: Map<number, Relation>,
  originsByView: Map<number, Map<number, Origin>>,
): Map<number, Face[]> {
  const faces = new Map<number, Face[]>();
  for (const relation of relations.values()) {
    if (relation.isView) continue;
    faces.set(relation.oid, [
      { relation, namesOf: (column) => [relation.columnsByNumber.get(column)?.name ?? ''] },
    ]);
  }
  for (const [oid, origins] of originsByView) {
    const view = relations.get(oid);
    if (!view) continue;
    for (const table of new Set([...origins.values()].map((origin) => origin.relation))) {
      faces.get(table)?.push({
        relation: view,
        namesOf: (column) =>
          [...origins]
            .filter(([, origin]) => origin.relation === table && origin.column === column)
            .map(([number]) => view.columnsByNumber.get(number)?.name ?? ''),
      });
    }
  }
  return faces;
}

/** All ways to name a key's columns on a face; none when one of them is not shown. */
function namings(face: Face, columns: number[]): string[][] {
  return columns.reduce<string[][]>(
    (soFar, column) => soFar.flatMap((names) => face.namesOf(column).map((name) => [...names, name])),
    [[]],
  );
}

const sameColumns = (some: number[], others: number[]): boolean =>
  some.length === others.length && some.every((column) => others.includes(column));

const swap = (pairs: ColumnPairs): ColumnPairs => pairs.map(([here, there]) => [there, here]);

/** Gives tables their primary keys, and views those they show. */
export function assignPrimaryKeys(constraints: Constraint[], faces: Map<number, Face[]>): void {
  for (const key of constraints) {
    if (key.type !== 'p') continue;
    for (const face of faces.get(key.relation) ?? []) {
      const names = namings(face, key.columns)[0];
      if (names) face.relation.primaryKey = [...face.relation.primaryKey, ...names].sort();
    }
  }
}

/** Both directions of every foreign key, between all faces of its two tables. */
export function relateByForeignKeys(
  constraints: Constraint[],
  faces: Map<number, Face[]>,
): KeyRelationship[] {
  const found: KeyRelationship[] = [];
  for (const key of constraints) {
    if (key.type !== 'f') continue;
    const unique = constraints.some(
      (other) =>
        other.type !== 'f' && other.relation === key.relation && sameColumns(other.columns, key.columns),
    );
    for (const source of faces.get(key.relation) ?? []) {
      for (const target of faces.get(key.target) ?? []) {
        for (const here of namings(source, key.columns)) {
          for (const there of namings(target, key.targetColumns)) {
            const columns = here.map((name, index): [string, string] => [name, there[index] ?? '']);
            found.push({
              kind: unique ? 'one-to-one' : 'many-to-one',
              constraint: key.name,
              source: source.relation,
              target: target.relation,
              columns,
            });
            found.push({
              kind: unique ? 'one-to-one' : 'one-to-many',
              constraint: key.name,
              source: target.relation,
              target: source.relation,
              columns: swap(columns),
            });
          }
        }
      }
    }
  }
  return found;
}

/** Two tables meet in a third whose foreign keys to both are part of its primary key. */
export function relateByJunctions(relationships: KeyRelationship[]): JunctionRelationship[] {
  const toOne = relationships.filter((one) => one.kind === 'many-to-one');
  const found: JunctionRelationship[] = [];
  for (const first of toOne) {
    const junction = first.source;
    for (const second of toOne) {
      if (second.source !== junction || second.constraint === first.constraint) continue;
      const keyColumns = [...first.columns, ...second.columns].map(([here]) => here);
      if (!keyColumns.every((column) => junction.primaryKey.includes(column))) continue;
      found.push({
        kind: 'many-to-many',
        source: first.target,
        target: second.target,
        junction,
        constraints: [first.constraint, second.constraint],
        sourceColumns: swap(first.columns),
        targetColumns: swap(second.columns),
      });
    }
  }
  return found;
}
