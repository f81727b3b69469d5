export interface Setting {
  name: string;
  value: string;
}

/** `name=value`, as `pg_db_role_setting` and `pg_proc.proconfig` keep settings. */
export function readSetting(text: string): Setting {
  const equals = text.indexOf('=');
  return { name: text.slice(0, equals), value: text.slice(equals + 1) };
}

/**
 * Settings of a function that only count when set before the statement that calls it
 * (PostgREST: db-hoisted-tx-settings; its third, plan_filter.statement_cost_limit, needs an extension).
 */
export const HOISTED_SETTINGS = ['statement_timeout', 'default_transaction_isolation'];

/** What `alter role … set …` says about the roles a request can act as, and about ourselves. */
export const ROLE_SETTINGS_SQL = `
  select coalesce(json_agg(x), '[]') from (
    select r.rolname as role, r.rolname = session_user as self, s.setting
    from pg_db_role_setting d
    join pg_roles r on r.oid = d.setrole
    cross join unnest(d.setconfig) s(setting)
    left join pg_settings known on known.name = split_part(s.setting, '=', 1)
    where d.setdatabase in (0, (select oid from pg_database where datname = current_database()))
      and pg_has_role(session_user, r.oid, 'member')
      and (known.context is null or known.context = 'user')
    -- Settings for this database win over those for all.
    order by r.rolname, d.setdatabase
  ) x`;

interface RoleSettingRow {
  role: string;
  self: boolean;
  setting: string;
}

/** PostgREST's own configuration, as the hosted service keeps it: `alter role authenticator set pgrst.…`. */
export interface Configuration {
  /** `pgrst.db_max_rows`: never answer more rows than this. */
  maxRows: number | null;
  /** `pgrst.db_extra_search_path`: searched after the request's own schema. */
  extraSearchPath: string[];
  /** `pgrst.db_aggregates_enabled`: off unless switched on, as on the hosted service. */
  aggregates: boolean;
  /** `pgrst.db_tx_end = 'commit-allow-override'`: honour `Prefer: tx=rollback`. */
  allowRollback: boolean;
  /** `pgrst.db_plan_enabled`: answer `Accept: application/vnd.pgrst.plan`. */
  plans: boolean;
}

export function readConfiguration(
  rows: RoleSettingRow[],
  defaults: Pick<Configuration, 'maxRows' | 'extraSearchPath'>,
): Configuration {
  const own = new Map(
    rows
      .filter(({ self }) => self)
      .map(({ setting }) => readSetting(setting))
      .map(({ name, value }) => [name, value]),
  );
  const isOn = (name: string): boolean => ['true', 'on', '1'].includes(own.get(name) ?? '');
  const maxRows = Number(own.get('pgrst.db_max_rows'));
  const searchPath = own.get('pgrst.db_extra_search_path')?.split(',');
  return {
    maxRows: maxRows > 0 ? maxRows : defaults.maxRows,
    extraSearchPath: searchPath?.map((schema) => schema.trim()) ?? defaults.extraSearchPath,
    aggregates: isOn('pgrst.db_aggregates_enabled'),
    allowRollback: (own.get('pgrst.db_tx_end') ?? '').endsWith('-allow-override'),
    plans: isOn('pgrst.db_plan_enabled'),
  };
}

/** By role: what to set when a request acts as it. */
export function readRoleSettings(rows: RoleSettingRow[]): Map<string, Setting[]> {
  const roles = new Map<string, Setting[]>();
  for (const { role, self, setting } of rows) {
    if (!self) roles.set(role, [...(roles.get(role) ?? []), readSetting(setting)]);
  }
  return roles;
}
