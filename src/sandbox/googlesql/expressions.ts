/** A function call, as the parser would produce it. */
export function call(name: string, args: readonly unknown[]): unknown {
  return {
    function: {
      name,
      args,
      distinct: false,
      trailing_comments: [],
      use_bracket_syntax: false,
      no_parens: false,
      quoted: false,
    },
  };
}

/** A string literal. */
export function text(value: string): unknown {
  return { literal: { literal_type: 'string', value } };
}

/** A number literal. */
export function number(value: number): unknown {
  return { literal: { literal_type: 'number', value: String(value) } };
}
