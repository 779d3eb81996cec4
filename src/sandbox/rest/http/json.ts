/** A JSON object to be sent. Undefined members are left out, as JSON.stringify does. */
export type JsonObject = { readonly [name: string]: unknown };
