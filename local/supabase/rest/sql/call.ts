import { type DbFunction, type Parameter } from '../schema/functions.ts';
import { type Payload, writePayloadRows } from './payload.ts';
import { type SqlValues, arrayLiteral, quoteName, quoteQualified } from './text.ts';

/** How the arguments came: in the body, as the whole body, or one by one in an address or form. */
export type CallArguments =
  | { kind: 'payload'; payload: Payload }
  | { kind: 'whole'; body: string; parameter: Parameter }
  | { kind: 'named'; values: Map<string, string[]>; parameters: Parameter[] };

export interface Call {
  function: DbFunction;
  args: CallArguments;
  /** Columns of a composite result to take along; `['*']` for all. */
  columns: string[];
}

/** `VARIADIC "name" := value` */
const writeNamed = ({ name, variadic }: Pick<Parameter, 'name' | 'variadic'>, value: string): string =>
  `${variadic ? 'variadic ' : ''}${quoteName(name)} := ${value}`;

function writeNamedValues(values: Map<string, string[]>, parameters: Parameter[], sql: SqlValues): string {
  return parameters
    .map((parameter) => {
      const given = values.get(parameter.name) ?? [];
      // Repeated, the last one counts, unless the parameter takes them all.
      const text = parameter.variadic ? arrayLiteral(given) : (given.at(-1) ?? null);
      return writeNamed(parameter, `${sql.add(text)}::${parameter.type}`);
    })
    .join(', ');
}

/** What to select from before the function, and its arguments. */
function writeArguments(call: Call, sql: SqlValues): { from: string; args: string } {
  const { args } = call;
  switch (args.kind) {
    case 'whole':
      return { from: '', args: `${sql.add(args.body)}::${args.parameter.type}` };
    case 'named':
      return { from: '', args: writeNamedValues(args.values, args.parameters, sql) };
    case 'payload': {
      const { columns } = args.payload;
      if (columns.length === 0) return { from: '', args: '' };
      const variadic = new Set(
        call.function.parameters.filter((parameter) => parameter.variadic).map(({ name }) => name),
      );
      const from = `${writePayloadRows(args.payload, true, sql)}, lateral `;
      const written = columns.map(({ name }) =>
        writeNamed({ name, variadic: variadic.has(name) }, `pgrst_body.${quoteName(name)}`),
      );
      return { from, args: written.join(', ') };
    }
  }
}

/** The function's rows; a scalar result is one column, `pgrst_scalar`. */
export function writeCall(call: Call, sql: SqlValues): string {
  const { from, args } = writeArguments(call, sql);
  const called = `${quoteQualified(call.function)}(${args})`;
  if (call.function.returns.kind !== 'composite') {
    return `select pgrst_call.pgrst_scalar from ${from}(select ${called} pgrst_scalar) pgrst_call`;
  }
  const columns = call.columns.map((name) =>
    name === '*' ? 'pgrst_call.*' : `pgrst_call.${quoteName(name)}`,
  );
  return `select ${columns.join(', ') || 'pgrst_call.*'} from ${from}${called} pgrst_call`;
}
