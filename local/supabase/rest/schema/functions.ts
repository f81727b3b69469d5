import { type QualifiedName } from '../sql/text.ts';
import { type ComputedRelationship } from './relationships.ts';
import { type Relation } from './relations.ts';
import { HOISTED_SETTINGS, type Setting, readSetting } from './settings.ts';

export interface Parameter {
  /** Empty for an unnamed parameter. */
  name: string;
  type: string;
  required: boolean;
  variadic: boolean;
}

export interface DbFunction extends QualifiedName {
  parameters: Parameter[];
  returns: QualifiedName & { kind: 'void' | 'scalar' | 'composite'; isSet: boolean };
  volatile: boolean;
  /** Settings of the function that must be in force before it is called to have an effect. */
  settings: Setting[];
}

/** One row per function of the exposed schemas. `search_path` must be empty: types are qualified. */
export const functionsSql = (schemas: string): string => `
  select coalesce(json_agg(f), '[]') from (
    select n.nspname as schema, p.proname as name, p.provolatile = 'v' as volatile, p.pronargdefaults as defaults,
      p.proretset as "returnsSet", tn.nspname as "returnsSchema", coalesce(c.relname, t.typname) as "returnsName",
      t.typtype = 'c' or coalesce(p.proargmodes::text[] && '{t,b,o}', false) as "returnsComposite",
      rt.typname as "declaredReturn", coalesce(p.proconfig, '{}') as config,
      (
        select coalesce(json_agg(json_build_object(
          'name', coalesce(p.proargnames[a.position], ''),
          'mode', coalesce(p.proargmodes[a.position]::text, 'i'),
          -- Types whose length modifier a function's parameter does not keep: accept any length.
          'type', case format_type(a.type, null)
            when 'bit' then 'bit varying' when 'bit[]' then 'bit varying[]'
            when 'character' then 'character varying' when 'character[]' then 'character varying[]'
            else format_type(a.type, null) end
        ) order by a.position), '[]')
        from unnest(coalesce(p.proallargtypes, p.proargtypes::oid[])) with ordinality a(type, position)
      ) as args
    from pg_proc p
    join pg_namespace n on n.oid = p.pronamespace
    join pg_type rt on rt.oid = p.prorettype
    join pg_type t on t.oid = pg_basetype(p.prorettype)
    join pg_namespace tn on tn.oid = t.typnamespace
    left join pg_class c on c.oid = t.typrelid
    where p.prokind = 'f' and n.nspname = any (${schemas}) and t.typname not in ('trigger', 'event_trigger')
    order by n.nspname, p.proname, p.pronargs, p.oid
  ) f`;

interface FunctionRow extends QualifiedName {
  volatile: boolean;
  defaults: number;
  returnsSet: boolean;
  returnsSchema: string;
  returnsName: string;
  returnsComposite: boolean;
  declaredReturn: string;
  config: string[];
  args: { name: string; mode: string; type: string }[];
}

const SINGLE_UNNAMED_TYPES = ['json', 'jsonb', 'text', 'xml', 'bytea'];

function readParameters(row: FunctionRow): Parameter[] {
  const inputs = row.args.filter(({ mode }) => mode === 'i' || mode === 'b' || mode === 'v');
  return inputs.map(({ name, type, mode }, index) => ({
    name,
    type,
    required: index < inputs.length - row.defaults,
    variadic: mode === 'v',
  }));
}

/** Arguments are passed by name, so a function with an unnamed one has no way to be called, save for a lone one. */
function isCallable(parameters: Parameter[]): boolean {
  const unnamed = parameters.filter(({ name }) => name === '');
  if (unnamed.length === 0) return true;
  return parameters.length === 1 && SINGLE_UNNAMED_TYPES.includes(unnamed[0]?.type ?? '');
}

export function readFunctions(rows: FunctionRow[]): DbFunction[] {
  return rows
    .map((row): DbFunction => ({
      schema: row.schema,
      name: row.name,
      parameters: readParameters(row),
      returns: {
        kind: row.returnsComposite ? 'composite' : row.returnsName === 'void' ? 'void' : 'scalar',
        isSet: row.returnsSet,
        schema: row.returnsSchema,
        // A domain named like a media type keeps its own name: it asks for a custom media type.
        name: row.declaredReturn.includes('/') ? row.declaredReturn : row.returnsName,
      },
      volatile: row.volatile,
      settings: row.config.map(readSetting).filter(({ name }) => HOISTED_SETTINGS.includes(name)),
    }))
    .filter(({ parameters }) => isCallable(parameters));
}

/** Functions with one parameter, a table's row, that return rows of a table: relationships by computation. */
export const COMPUTED_RELATIONSHIPS_SQL = `
  select coalesce(json_agg(f), '[]') from (
    select n.nspname as schema, p.proname as name, source.oid::int8 as source, target.oid::int8 as target,
      not p.proretset or p.prorows = 1 as "toOne"
    from pg_proc p
    join pg_namespace n on n.oid = p.pronamespace
    join pg_class source on source.reltype = p.proargtypes[0]
    join pg_class target on target.reltype = p.prorettype
    where p.pronargs = 1 and p.prokind = 'f' and source.reltype <> 0 and target.reltype <> 0
  ) f`;

interface ComputedRow extends QualifiedName {
  source: number;
  target: number;
  toOne: boolean;
}

export function readComputedRelationships(
  rows: ComputedRow[],
  relations: Map<number, Relation>,
): ComputedRelationship[] {
  return rows.flatMap(({ schema, name, toOne, ...oids }) => {
    const source = relations.get(oids.source);
    const target = relations.get(oids.target);
    return source && target ? [{ kind: 'computed', function: { schema, name }, source, target, toOne }] : [];
  });
}
