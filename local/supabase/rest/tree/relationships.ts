import { RestError } from '../errors.ts';
import { type Catalog } from '../schema/catalog.ts';
import { type Relation } from '../schema/relations.ts';
import { type KeyRelationship, type Relationship } from '../schema/relationships.ts';
import { findSimilar } from '../schema/similar-names.ts';

const onlyColumns = (relationship: KeyRelationship): [string | null, string | null] =>
  relationship.columns.length === 1 ? (relationship.columns[0] ?? [null, null]) : [null, null];

/** A self-reference works both ways through one key: the table's name means "many", the column's name "one". */
function matchesSelf(relationship: KeyRelationship, target: string, hint: string | null): boolean {
  const [here, there] = onlyColumns(relationship);
  const toMany = relationship.kind === 'one-to-many' && target === relationship.target.name;
  if (hint !== null) return toMany && (hint === there || hint === relationship.constraint);
  return toMany || (relationship.kind === 'many-to-one' && target === here);
}

function matchesKey(relationship: KeyRelationship, target: string, hint: string | null): boolean {
  if (relationship.source === relationship.target) return matchesSelf(relationship, target, hint);
  const [here, there] = onlyColumns(relationship);
  if (hint !== null) {
    return target === relationship.target.name && [relationship.constraint, here, there].includes(hint);
  }
  if (target === relationship.target.name) return true;
  return !relationship.target.isView && [relationship.constraint, here].includes(target);
}

/** What a target and hint may be: references/api/resource_embedding.html#foreign-key-joins-on-multiple-foreign-key-relationships */
function matches(relationship: Relationship, target: string, hint: string | null): boolean {
  switch (relationship.kind) {
    case 'computed':
      return target === relationship.function.name;
    case 'many-to-many':
      return target === relationship.target.name && (hint === null || hint === relationship.junction.name);
    default:
      return matchesKey(relationship, target, hint);
  }
}

const listColumns = (names: string[]): string => `(${names.join(', ')})`;

function describe(relationship: Relationship): Record<string, string> {
  const { source, target } = relationship;
  const embedding = `${source.name} with ${target.name}`;
  if (relationship.kind === 'computed') return { embedding };
  if (relationship.kind === 'many-to-many') {
    const [first, second] = relationship.constraints;
    const here = listColumns(relationship.sourceColumns.map(([, column]) => column));
    const there = listColumns(relationship.targetColumns.map(([, column]) => column));
    return {
      embedding,
      cardinality: relationship.kind,
      relationship: `${relationship.junction.name} using ${first}${here} and ${second}${there}`,
    };
  }
  const here = listColumns(relationship.columns.map(([column]) => column));
  const there = listColumns(relationship.columns.map(([, column]) => column));
  return {
    embedding,
    cardinality: relationship.kind,
    relationship: `${relationship.constraint} using ${source.name}${here} and ${target.name}${there}`,
  };
}

function hintOf(relationship: Relationship): string {
  const hint =
    relationship.kind === 'many-to-many'
      ? relationship.junction.name
      : relationship.kind === 'computed'
        ? relationship.function.name
        : relationship.constraint;
  return `'${relationship.target.name}!${hint}'`;
}

function ambiguous(source: Relation, target: string, found: Relationship[]): RestError {
  return new RestError(
    300,
    'PGRST201',
    `Could not embed because more than one relationship was found for '${source.name}' and '${target}'`,
    {
      details: found.map(describe),
      hint: `Try changing '${target}' to one of the following: ${found.map(hintOf).join(', ')}. Find the desired relationship in the 'details' key.`,
    },
  );
}

interface Search {
  catalog: Catalog;
  schema: string;
  source: Relation | null;
  /** For the complaint, when the source is no known relation. */
  sourceName: string;
  target: string;
  hint: string | null;
}

function notFound({ source, sourceName, target, hint, schema, catalog }: Search): RestError {
  const targets = (source && catalog.relationships.get(source))?.map((one) => one.target.name) ?? [];
  const similar = targets.includes(target) ? null : findSimilar(target, targets);
  return new RestError(
    400,
    'PGRST200',
    `Could not find a relationship between '${sourceName}' and '${target}' in the schema cache`,
    {
      details: `Searched for a foreign key relationship between '${sourceName}' and '${target}'${hint === null ? '' : ` using the hint '${hint}'`} in the schema '${schema}', but no matches were found.`,
      hint: similar === null ? null : `Perhaps you meant '${similar}' instead of '${target}'.`,
    },
  );
}

export function findRelationship(search: Search): Relationship {
  const { catalog, schema, source, target, hint } = search;
  const known = (source && catalog.relationships.get(source)) ?? [];
  const found = known.filter((one) => one.target.schema === schema && matches(one, target, hint));
  if (source && found.length > 1) throw ambiguous(source, target, found);
  if (!found[0]) throw notFound(search);
  return found[0];
}
