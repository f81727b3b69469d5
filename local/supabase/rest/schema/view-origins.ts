/** Where a view's column comes from: a column of another relation, by oid and attribute number. */
export interface Origin {
  relation: number;
  column: number;
}

export interface ViewRow {
  oid: number;
  /** The rewritten query as Postgres keeps it (`pg_rewrite.ev_action`, a node tree as text). */
  definition: string;
}

export const VIEWS_SQL = `
  select coalesce(json_agg(v), '[]') from (
    select c.oid::int8 as oid, r.ev_action::text as definition
    from pg_rewrite r join pg_class c on c.oid = r.ev_class join pg_namespace n on n.oid = c.relnamespace
    where c.relkind in ('v', 'm') and r.rulename = '_RETURN' and n.nspname not in ('pg_catalog', 'information_schema')
  ) v`;

/** `({QUERY … :targetList ({TARGETENTRY`: how many stand open around a column of the outermost query. */
const TARGET_DEPTH = 4;

/**
 * The output columns of a view, by their number, that are plain columns of something else.
 * In the node tree a field is `:name value`, nodes stand in braces, lists in brackets, and any character
 * that could be mistaken for those is escaped with a backslash.
 */
export function readOrigins(definition: string): Map<number, Origin> {
  const origins = new Map<number, Origin>();
  let depth = 0;
  let entry: Record<string, number> = {};
  const tokens = definition.matchAll(/\\.|[{}()]|:(resno|resorigtbl|resorigcol) (\d+)/gs);
  for (const [token, field, value] of tokens) {
    if (token === '{' || token === '(') {
      depth += 1;
      if (depth === TARGET_DEPTH) entry = {};
    } else if (token === '}' || token === ')') {
      const { resno, resorigtbl, resorigcol } = entry;
      if (depth === TARGET_DEPTH && resno && resorigtbl && resorigcol) {
        origins.set(resno, { relation: resorigtbl, column: resorigcol });
      }
      depth -= 1;
    } else if (field && depth === TARGET_DEPTH) {
      entry[field] = Number(value);
    }
  }
  return origins;
}

/** Follows a view over a view down to the table. */
function followToTable(origin: Origin, byView: Map<number, Map<number, Origin>>): Origin {
  const next = byView.get(origin.relation)?.get(origin.column);
  return next ? followToTable(next, byView) : origin;
}

/** For each view: its columns, by number, and the table columns they show. */
export function resolveOrigins(views: ViewRow[]): Map<number, Map<number, Origin>> {
  const byView = new Map(views.map((view) => [view.oid, readOrigins(view.definition)]));
  for (const origins of byView.values()) {
    for (const [number, origin] of origins) origins.set(number, followToTable(origin, byView));
  }
  return byView;
}
