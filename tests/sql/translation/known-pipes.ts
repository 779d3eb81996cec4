import {
  blocked,
  type Columns,
  named,
  type Origin,
  piped,
  type Relation,
  type Truth,
  unfilterable,
  type Value,
} from './known-relation.ts';

const TABLES = ['t', 'u', 'v'];
const COLUMNS = ['a', 'b', 'day'];

/** Makes queries in pipe syntax whose meaning is known, by choices that a property test makes. */
export class KnownPipes implements Truth {
  readonly reads = new Map<string, Set<string>>();
  readonly used = new Set<Origin>();
  readonly #choices: readonly number[];
  #chosen = 0;
  #names = 0;

  constructor(choices: readonly number[]) {
    this.#choices = choices;
  }

  /** A query, with what it gives to whoever sent it among the columns that are used. */
  query(): string {
    const { sql, columns } = this.#pipes(3);
    for (const value of columns.values()) this.#use(value);
    return sql;
  }

  /** A query of which only its rows are counted. */
  counted(): string {
    return this.#pipes(3).sql;
  }

  /** One of so many; the first once all choices are made. */
  choose(count: number): number {
    const choice = this.#choices[this.#chosen] ?? 0;
    this.#chosen += 1;
    return choice % count;
  }

  #pipes(depth: number): Relation {
    let relation = this.#source(depth);
    for (let left = this.choose(6); left > 0; left -= 1) relation = this.#operator(relation, depth);
    return relation;
  }

  #source(depth: number): Relation {
    const kind = depth === 0 ? 0 : this.choose(4);
    if (kind === 0) return this.#table();
    const inner = this.#pipes(depth - 1);
    const name = this.#newName('q');
    if (kind === 1) return named({ ...inner, sql: `FROM (${inner.sql}) AS ${name}` }, name);
    if (kind === 2) return named({ ...inner, sql: `WITH ${name} AS (${inner.sql}) FROM ${name}` }, name);
    return { ...inner, sql: `(${inner.sql})`, row: null };
  }

  #table(): Relation {
    const table = TABLES[this.choose(TABLES.length)] ?? 't';
    const read = `${table}#${this.reads.size}` as const;
    this.reads.set(read, new Set());
    const columns = COLUMNS.map((name): [string, Value] => [
      name,
      [{ origin: `${read}.${name}`, isFilterable: true }],
    ]);
    const name = this.choose(2) === 0 ? table : this.#newName('r');
    const alias = name === table ? '' : ` AS ${name}`;
    return named({ sql: `FROM e.${table}${alias}`, columns: new Map(columns), row: null }, name);
  }

  #operator(relation: Relation, depth: number): Relation {
    const operators = [
      this.#where,
      this.#select,
      this.#extend,
      this.#set,
      this.#drop,
      this.#rename,
      this.#aggregate,
      this.#limit,
      this.#window,
      this.#as,
      this.#order,
      ...(depth === 0 ? [] : [this.#union, this.#join, this.#whereIn]),
    ];
    const operator = operators[this.choose(operators.length)] ?? this.#where;
    return operator.call(this, relation, depth);
  }

  #where(relation: Relation): Relation {
    const [column, value] = this.#column(relation);
    this.#filter(value);
    return piped(relation, `WHERE ${column} > @d`);
  }

  #whereIn(relation: Relation, depth: number): Relation {
    const [column, value] = this.#column(relation);
    this.#filter(value);
    const inner = this.#pipes(depth - 1);
    const [name, selected] = this.#plainColumn(inner);
    this.#use(selected);
    return piped(relation, `WHERE ${column} IN (${inner.sql} |> SELECT ${name})`);
  }

  /** Under names that the columns of tables have too. */
  #select(relation: Relation): Relation {
    const first = this.choose(COLUMNS.length);
    return this.#selectAs(relation, [...COLUMNS.slice(first), ...COLUMNS.slice(0, first)]);
  }

  #selectAs(relation: Relation, names: readonly string[]): Relation {
    const picked = Array.from({ length: 1 + this.choose(3) }, () => this.#column(relation));
    const aliases = picked.map((_, index) => names[index] ?? this.#newName('s'));
    const list = picked.map(([column], index) => `${column} AS ${aliases[index]}`);
    const columns = new Map(picked.map(([, value], index) => [aliases[index] ?? '', value]));
    return { ...piped(relation, `SELECT ${list.join(', ')}`), columns, row: null };
  }

  #extend(relation: Relation): Relation {
    const [column, value] = this.#column(relation);
    const name = this.#freeName(relation);
    const columns = new Map(relation.columns).set(name, value);
    return { ...piped(relation, `EXTEND ${column} AS ${name}`), columns };
  }

  #set(relation: Relation): Relation {
    const [target] = this.#plainColumn(relation);
    const [column, value] = this.#column(relation);
    const columns = new Map(relation.columns).set(target, value);
    return { ...piped(relation, `SET ${target} = ${column}`), columns };
  }

  #drop(relation: Relation): Relation {
    if (relation.columns.size === 1) return relation;
    const [name] = this.#plainColumn(relation);
    const columns = new Map(relation.columns);
    columns.delete(name);
    return { ...piped(relation, `DROP ${name}`), columns };
  }

  #rename(relation: Relation): Relation {
    const [old, value] = this.#plainColumn(relation);
    const name = this.#freeName(relation);
    const columns = new Map(relation.columns).set(name, value);
    columns.delete(old);
    return { ...piped(relation, `RENAME ${old} AS ${name}`), columns };
  }

  #aggregate(relation: Relation): Relation {
    const [key, keyValue] = this.#column(relation);
    const [column, value] = this.#column(relation);
    const [keyName, name] = [this.#newName('k'), this.#newName('m')];
    this.#use(keyValue);
    const columns = new Map([
      [keyName, keyValue],
      [name, blocked(value)],
    ]);
    const sql = `AGGREGATE MAX(${column}) AS ${name} GROUP BY ${key} AS ${keyName}`;
    return { ...piped(relation, sql), columns, row: null };
  }

  #limit(relation: Relation): Relation {
    return unfilterable(piped(relation, 'LIMIT 10'));
  }

  #order(relation: Relation): Relation {
    return piped(relation, `ORDER BY ${this.#plainColumn(relation)[0]}`);
  }

  #window(relation: Relation): Relation {
    const name = this.#newName('w');
    const extended = unfilterable(piped(relation, `EXTEND COUNT(*) OVER () AS ${name}`));
    return {
      ...extended,
      columns: new Map(extended.columns).set(name, []),
    };
  }

  #as(relation: Relation): Relation {
    const name = this.#newName('r');
    return named(piped(relation, `AS ${name}`), name);
  }

  #union(relation: Relation, depth: number): Relation {
    const upper = this.#select(relation);
    const lower = this.#pipes(depth - 1);
    const picked = [...upper.columns].map(() => this.#plainColumn(lower));
    const columns = new Map(
      [...upper.columns].map(([name, value], index): [string, Value] => {
        return [name, [...value, ...(picked[index]?.[1] ?? [])]];
      }),
    );
    const list = picked.map(([name]) => `${name} AS ${this.#newName('l')}`).join(', ');
    return { ...piped(upper, `UNION ALL (${lower.sql} |> SELECT ${list})`), columns };
  }

  /** With rows whose columns have names of their own, so that each name belongs to one table. */
  #join(relation: Relation, depth: number): Relation {
    const kind = ['CROSS', 'LEFT'][this.choose(2)] ?? 'CROSS';
    const added = this.#selectAs(this.#pipes(depth - 1), []);
    const right = kind === 'LEFT' ? unfilterable(added) : added;
    const condition = kind === 'LEFT' ? ' ON TRUE' : '';
    const sql = `${kind} JOIN (${added.sql}) AS ${this.#newName('j')}${condition}`;
    return { ...piped(relation, sql), columns: new Map([...relation.columns, ...right.columns]) };
  }

  /** By its name, or by that of its row. */
  #column(relation: Relation): readonly [string, Value] {
    const { row } = relation;
    if (row === null || this.choose(3) > 0) return this.#plainColumn(relation);
    const [name, value] = this.#of(row.columns);
    return [`${row.name}.${name}`, value];
  }

  #plainColumn({ columns }: Relation): readonly [string, Value] {
    return this.#of(columns);
  }

  #of(columns: Columns): readonly [string, Value] {
    return [...columns][this.choose(columns.size)] ?? ['', []];
  }

  #filter(value: Value): void {
    this.#use(value);
    for (const { origin, isFilterable } of value) {
      const [read = '', column = ''] = origin.split('.');
      if (isFilterable) this.reads.get(read)?.add(column);
    }
  }

  #use(value: Value): void {
    for (const { origin } of value) this.used.add(origin);
  }

  /** Of a column that the rows no longer have, or a new one. */
  #freeName({ columns }: Relation): string {
    const free = COLUMNS.filter((name) => !columns.has(name));
    return free[this.choose(free.length + 1)] ?? this.#newName('x');
  }

  #newName(prefix: string): string {
    this.#names += 1;
    return `${prefix}${this.#names}`;
  }
}
