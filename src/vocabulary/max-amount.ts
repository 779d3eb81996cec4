/** The largest value of a 64-bit integer column in the ledger: 8 EiB, or 9.2 trillion units of a currency in micros. */
export const MAX_AMOUNT = 2n ** 63n - 1n;
