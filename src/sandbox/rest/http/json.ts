/** A JSON object on its way out. Members that are undefined are left out, as JSON.stringify does. */
export type JsonObject = { readonly [name: string]: unknown };
