import { RestError } from '../errors.ts';
import { type Statement, quoteText } from '../sql/text.ts';
import {
  COMPUTED_RELATIONSHIPS_SQL,
  type DbFunction,
  functionsSql,
  readComputedRelationships,
  readFunctions,
} from './functions.ts';
import { CONSTRAINTS_SQL, RELATIONS_SQL, type Relation, readRelations } from './relations.ts';
import {
  type Relationship,
  assignPrimaryKeys,
  findFaces,
  relateByForeignKeys,
  relateByJunctions,
} from './relationships.ts';
import {
  type Configuration,
  ROLE_SETTINGS_SQL,
  type Setting,
  readConfiguration,
  readRoleSettings,
} from './settings.ts';
import { findSimilar } from './similar-names.ts';
import { VIEWS_SQL, resolveOrigins } from './view-origins.ts';

/** What is known of the database while a request is planned; replaced as a whole after DDL. */
export interface Catalog {
  /** Keys are `schema.name`, of exposed schemas only. */
  relations: Map<string, Relation>;
  functions: Map<string, DbFunction[]>;
  /** By source. */
  relationships: Map<Relation, Relationship[]>;
  roleSettings: Map<string, Setting[]>;
  configuration: Configuration;
}

/** Throws PGRST205 with the likeliest table meant. */
export function findRelation(catalog: Catalog, schema: string, name: string): Relation {
  const relation = catalog.relations.get(keyOf(schema, name));
  if (relation) return relation;
  const names = [...catalog.relations.values()].filter((one) => one.schema === schema).map((one) => one.name);
  const similar = findSimilar(name, names);
  throw new RestError(404, 'PGRST205', `Could not find the table '${schema}.${name}' in the schema cache`, {
    hint: similar === null ? null : `Perhaps you meant the table '${schema}.${similar}'`,
  });
}

export interface CatalogOptions extends Pick<Configuration, 'maxRows' | 'extraSearchPath'> {
  /** Exposed schemas. */
  schemas: string[];
}

export const keyOf = (schema: string, name: string): string => `${schema}.${name}`;

function groupBy<K, V>(values: V[], key: (value: V) => K): Map<K, V[]> {
  const groups = new Map<K, V[]>();
  for (const value of values) {
    const group = groups.get(key(value));
    if (group) group.push(value);
    else groups.set(key(value), [value]);
  }
  return groups;
}

/** A computed relationship named like a table takes the place of those found by keys. */
function overrideByComputed(relationships: Relationship[]): Relationship[] {
  const computed = relationships.filter((one) => one.kind === 'computed');
  return relationships.filter(
    (one) =>
      one.kind === 'computed' ||
      !computed.some(
        (other) =>
          other.source === one.source &&
          other.function.schema === one.target.schema &&
          other.function.name === one.target.name,
      ),
  );
}

/** `query` runs all statements in one transaction with an empty `search_path`, and returns each one's only value. */
export async function loadCatalog(
  query: (statements: Statement[]) => Promise<string[]>,
  options: CatalogOptions,
): Promise<Catalog> {
  const { schemas } = options;
  const exposed = `array[${schemas.map(quoteText).join(', ')}]`;
  const sources = [
    RELATIONS_SQL,
    CONSTRAINTS_SQL,
    VIEWS_SQL,
    functionsSql(exposed),
    COMPUTED_RELATIONSHIPS_SQL,
    ROLE_SETTINGS_SQL,
  ];
  const answers = await query(sources.map((text) => ({ text, values: [] })));
  const [relationRows, constraints, views, functionRows, computedRows, settingRows] = answers.map((answer) =>
    JSON.parse(answer),
  );

  const relations = readRelations(relationRows);
  const faces = findFaces(relations, resolveOrigins(views));
  assignPrimaryKeys(constraints, faces);
  const byKeys = relateByForeignKeys(constraints, faces);
  const relationships = overrideByComputed([
    ...byKeys,
    ...relateByJunctions(byKeys),
    ...readComputedRelationships(computedRows, relations),
  ]).filter(
    (one) =>
      schemas.includes(one.target.schema) &&
      (one.kind !== 'many-to-many' || schemas.includes(one.junction.schema)),
  );

  return {
    relations: new Map(
      [...relations.values()]
        .filter(({ schema }) => schemas.includes(schema))
        .map((relation) => [keyOf(relation.schema, relation.name), relation]),
    ),
    functions: groupBy(readFunctions(functionRows), ({ schema, name }) => keyOf(schema, name)),
    relationships: groupBy(relationships, ({ source }) => source),
    roleSettings: readRoleSettings(settingRows),
    configuration: readConfiguration(settingRows, options),
  };
}
