/** What the warehouse answered instead of a price. */
export interface WarehouseAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/**
 * The query could not be priced, so it must not run. Either the warehouse answered with an error of its own (`answer`:
 * invalid SQL, no access, invalid token), or it could not be reached or understood (`answer` is null).
 */
export class Unpriced extends Error {
  readonly answer: WarehouseAnswer | null;
  /** Who asked, where that is known; it is for the records alone, and confirms nobody. */
  readonly principal: string | null;

  constructor(
    message: string,
    answer: WarehouseAnswer | null,
    options: ErrorOptions & { readonly principal?: string | null } = {},
  ) {
    super(message, options);
    this.name = 'Unpriced';
    this.answer = answer;
    this.principal = options.principal ?? null;
  }
}

/** The warehouse's own reason for an error, such as `invalidQuery`; null where it gives none. */
export function reasonOf({ body }: WarehouseAnswer): string | null {
  return /"reason"\s*:\s*"(\w{1,64})"/.exec(body)?.[1] ?? null;
}
