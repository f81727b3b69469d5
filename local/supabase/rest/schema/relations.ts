import { type QualifiedName } from '../sql/text.ts';

export interface Column {
  name: string;
  /** As declared, e.g. `numeric(8,2)` or a domain: what a json payload is read as. */
  type: string;
  /** What lies under a domain, without modifiers. */
  baseType: string;
  /** SQL of the default, for `Prefer: missing=default`. */
  default: string | null;
}

export interface Relation extends QualifiedName {
  oid: number;
  isView: boolean;
  insertable: boolean;
  updatable: boolean;
  deletable: boolean;
  /** By attribute number: constraints and views refer to columns that way. */
  columnsByNumber: Map<number, Column>;
  columns: Map<string, Column>;
  /** Names; of a view, those of its columns that show the table's key. */
  primaryKey: string[];
}

/** One row per table or view outside the system schemas, as json. `search_path` must be empty: names are qualified. */
export const RELATIONS_SQL = `
  select coalesce(json_agg(relation), '[]') from (
    select c.oid::int8 as oid, n.nspname as schema, c.relname as name, c.relkind in ('v', 'm') as "isView",
      c.relkind in ('r', 'p') or c.relkind in ('v', 'f') and pg_relation_is_updatable(c.oid, true) & 8 = 8 as insertable,
      c.relkind in ('r', 'p') or c.relkind in ('v', 'f') and pg_relation_is_updatable(c.oid, true) & 4 = 4 as updatable,
      c.relkind in ('r', 'p') or c.relkind in ('v', 'f') and pg_relation_is_updatable(c.oid, true) & 16 = 16 as deletable,
      (
        select coalesce(json_agg(json_build_object(
          'number', a.attnum,
          'name', a.attname,
          'type', format_type(a.atttypid, a.atttypmod),
          'baseType', format_type(pg_basetype(a.atttypid), null),
          'default', case
            when t.typtype = 'd' and d.adbin is null then pg_get_expr(t.typdefaultbin, 0)
            when a.attidentity = 'd' then format('nextval(%L)', (
              select s.objid::regclass from pg_depend s
              where s.refclassid = 'pg_class'::regclass and s.refobjid = c.oid and s.refobjsubid = a.attnum
                and s.deptype = 'i' and s.classid = 'pg_class'::regclass))
            when a.attgenerated <> '' then null
            else pg_get_expr(d.adbin, d.adrelid)
          end) order by a.attnum), '[]')
        from pg_attribute a
        join pg_type t on t.oid = a.atttypid
        left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
        where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
      ) as columns
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind in ('r', 'v', 'm', 'f', 'p') and not c.relispartition
      and n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast') and n.nspname not like 'pg_temp_%'
  ) relation`;

type RelationRow = Omit<Relation, 'columnsByNumber' | 'columns' | 'primaryKey'> & {
  columns: (Column & { number: number })[];
};

export function readRelations(rows: RelationRow[]): Map<number, Relation> {
  return new Map(
    rows.map(({ columns, ...rest }) => [
      rest.oid,
      {
        ...rest,
        columnsByNumber: new Map(columns.map((column) => [column.number, column])),
        columns: new Map(columns.map((column) => [column.name, column])),
        primaryKey: [],
      },
    ]),
  );
}

/** A primary key, unique or foreign key constraint; columns by attribute number, in the key's order. */
export interface Constraint {
  name: string;
  type: 'p' | 'u' | 'f';
  relation: number;
  columns: number[];
  target: number;
  targetColumns: number[];
}

export const CONSTRAINTS_SQL = `
  select coalesce(json_agg(c), '[]') from (
    select conname as name, contype as type, conrelid::int8 as relation, conkey as columns,
      confrelid::int8 as target, coalesce(confkey, '{}') as "targetColumns"
    from pg_constraint
    where contype in ('p', 'u', 'f') and conparentid = 0 and connamespace <> 'pg_catalog'::regnamespace
    order by conrelid, conname
  ) c`;
